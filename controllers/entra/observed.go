package entra

import "errors"

// Observed is a value together with how much is known of it. Entra shows a write late and forgets it again for moments, so that "not
// seen" is not "not there": the zero value is unknown, and nothing may be concluded from it.
type Observed[T any] struct {
	presence presence
	// Value means something only where it is present.
	Value T
}

type presence int

const (
	unknown presence = iota
	absent
	present
)

// Present is a value that is there.
func Present[T any](value T) Observed[T] { return Observed[T]{presence: present, Value: value} }

// Absent is a value that is certainly not there.
func Absent[T any]() Observed[T] { return Observed[T]{presence: absent} }

// Observe reads the answer of a Reader: ErrNotFound is absent, ErrLagging is unknown, both without an error. Any other error is returned.
func Observe[T any](value T, err error) (Observed[T], error) {
	switch {
	case err == nil:
		return Present(value), nil
	case errors.Is(err, ErrNotFound):
		return Absent[T](), nil
	case errors.Is(err, ErrLagging):
		return Observed[T]{}, nil
	default:
		return Observed[T]{}, err
	}
}

// IsPresent reports whether the value is there.
func (o Observed[T]) IsPresent() bool { return o.presence == present }

// IsAbsent reports whether the value is certainly not there.
func (o Observed[T]) IsAbsent() bool { return o.presence == absent }

// IsUnknown reports whether nothing may be concluded.
func (o Observed[T]) IsUnknown() bool { return o.presence == unknown }
