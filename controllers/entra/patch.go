package entra

import "reflect"

// apply sets the fields of object that patch gives. A patch has pointers, under the names of the fields that they change.
func apply(patch, object any) {
	target := reflect.ValueOf(object).Elem()
	for field, pointer := range reflect.ValueOf(patch).Fields() {
		if !pointer.IsNil() {
			target.FieldByName(field.Name).Set(pointer.Elem())
		}
	}
}

// fill makes patch give what object has, but for what is empty.
func fill(patch, object any) {
	source := reflect.ValueOf(object)
	for field, pointer := range reflect.ValueOf(patch).Elem().Fields() {
		value := source.FieldByName(field.Name)
		if value.IsZero() || value.Kind() == reflect.Slice && value.Len() == 0 {
			continue
		}
		pointer.Set(reflect.New(value.Type()))
		pointer.Elem().Set(value)
	}
}
