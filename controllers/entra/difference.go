package entra

import "reflect"

// Between is the patch that makes one of the settings into the other: it carries what differs, and nothing else. A list that is empty and
// one that is nil are the same.
func Between(have, want ApplicationSettings) ApplicationPatch {
	var patch ApplicationPatch
	before, after := reflect.ValueOf(have), reflect.ValueOf(want)
	for field, pointer := range reflect.ValueOf(&patch).Elem().Fields() {
		from, to := before.FieldByName(field.Name), after.FieldByName(field.Name)
		list := to.Kind() == reflect.Slice
		if list && from.Len() == 0 && to.Len() == 0 || reflect.DeepEqual(from.Interface(), to.Interface()) {
			continue
		}
		pointer.Set(reflect.New(to.Type()))
		if list && to.IsNil() {
			to = reflect.MakeSlice(to.Type(), 0, 0)
		}
		pointer.Elem().Set(to)
	}
	return patch
}

// Names are the properties that the patch changes, as people read them.
func (p ApplicationPatch) Names() []string {
	var names []string
	for field, pointer := range reflect.ValueOf(p).Fields() {
		if !pointer.IsNil() {
			names = append(names, field.Tag.Get("graph"))
		}
	}
	return names
}
