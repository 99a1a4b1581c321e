// Package properties says, in one row a property, where Microsoft Graph has what the operator reads and writes: its name in $select, how
// it is read from the SDK's model, and how a patch is written to one. To create is to write a patch against nothing. IDs are read
// in small letters.
package properties

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"k8s.io/utils/ptr"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// property is what one member of Graph's model M is in an object O and in a patch P of it.
type property[M, O, P any] struct {
	// name in $select. Rows may share one: Graph selects whole members.
	name string
	// read sets what the object has of it.
	read func(model M, object *O)
	// write sets what the patch changes of it; nil where the operator does not write it.
	write func(model M, patch P) error
}

// names are those of all rows, for $select, in their order.
func names[M, O, P any](rows []property[M, O, P]) []string {
	var names []string
	for _, row := range rows {
		if !slices.Contains(names, row.name) {
			names = append(names, row.name)
		}
	}
	return names
}

func read[M, O, P any](rows []property[M, O, P], model M) O {
	var object O
	for _, row := range rows {
		row.read(model, &object)
	}
	return object
}

func write[M, O, P any](rows []property[M, O, P], model M, patch P) error {
	for _, row := range rows {
		if row.write == nil {
			continue
		}
		if err := row.write(model, patch); err != nil {
			return fmt.Errorf("%s: %w", row.name, err)
		}
	}
	return nil
}

// extended are the models of the SDK: they hold what it does not know.
type extended interface{ GetAdditionalData() map[string]any }

// additional gives a property that the SDK does not know.
func additional[T any](model extended, name string) *T {
	found, _ := model.GetAdditionalData()[name].(*T)
	return found
}

// setOrNull sends null for the zero value. The SDK leaves out what is nil.
func setOrNull[T comparable](model extended, name string, value *T, set func(*T)) {
	var zero T
	switch {
	case value == nil:
	case *value == zero:
		model.GetAdditionalData()[name] = nil
	default:
		set(value)
	}
}

// setList sends also an empty list, and never one of the caller's.
func setList(values *[]string, set func([]string)) {
	if values != nil {
		set(list(*values))
	}
}

// setEach sends a list of models.
func setEach[T, M any](values *[]T, model func(T) (M, error), set func([]M)) error {
	if values == nil {
		return nil
	}
	made, err := each(*values, model)
	if err == nil {
		set(made)
	}
	return err
}

// nested gives a member of a model, made where there is none. Graph keeps what a member that is sent does not have.
func nested[T comparable, C any](has T, set func(T), fresh func() C) T {
	var none T
	if has == none {
		has = any(fresh()).(T)
		set(has)
	}
	return has
}

func each[T, M any](values []T, model func(T) (M, error)) ([]M, error) {
	made := make([]M, 0, len(values))
	for _, value := range values {
		m, err := model(value)
		if err != nil {
			return nil, err
		}
		made = append(made, m)
	}
	return made, nil
}

// All reads a list of models; nil where it is empty, so that values can be compared.
func All[M, T any](models []M, read func(M) T) []T {
	var values []T
	for _, model := range models {
		values = append(values, read(model))
	}
	return values
}

// list is never nil, and no caller's.
func list(values []string) []string { return append([]string{}, values...) }

// texts are nil where there are none, so that values can be compared.
func texts(values []string) []string { return append([]string(nil), values...) }

func deref[T any](pointer *T) T { return ptr.Deref(pointer, *new(T)) }

func orNil(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// ID reads an ID that Graph gives as text.
func ID(text *string) string { return strings.ToLower(deref(text)) }

func guidText(id *uuid.UUID) string {
	if id == nil {
		return ""
	}
	return id.String()
}

func guid(text string) (uuid.UUID, error) {
	id, err := uuid.Parse(text)
	if err != nil {
		return id, entra.Refused{Reason: entra.RefusedInvalid, Message: fmt.Sprintf("%q is no GUID", text)}
	}
	return id, nil
}
