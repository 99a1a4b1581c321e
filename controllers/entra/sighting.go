package entra

import "errors"

// Presence is what a look at the directory can tell. Entra shows a write late and forgets it again for moments, so that "not
// seen" is not "not there".
type Presence int

const (
	// Unknown : not looked at, or not shown yet; nothing may be concluded from it.
	Unknown Presence = iota
	// Absent : not there, for certain.
	Absent
	// Present : there.
	Present
)

// Sighting is a value together with how much is known of it. Value means something only where Presence is Present.
type Sighting[T any] struct {
	Presence Presence
	Value    T
}

// Seen is the sighting of a value that is there.
func Seen[T any](value T) Sighting[T] { return Sighting[T]{Presence: Present, Value: value} }

// Gone is the sighting of a value that is not there.
func Gone[T any]() Sighting[T] { return Sighting[T]{Presence: Absent} }

// Look turns the answer of a Reader into a sighting: ErrNotFound is Absent, ErrLagging is Unknown, both without an error.
// Any other error is returned.
func Look[T any](value T, err error) (Sighting[T], error) {
	switch {
	case err == nil:
		return Seen(value), nil
	case errors.Is(err, ErrNotFound):
		return Gone[T](), nil
	case errors.Is(err, ErrLagging):
		return Sighting[T]{}, nil
	default:
		return Sighting[T]{}, err
	}
}

// IsPresent tells whether the value is there.
func (s Sighting[T]) IsPresent() bool { return s.Presence == Present }

// IsAbsent tells whether the value is certainly not there.
func (s Sighting[T]) IsAbsent() bool { return s.Presence == Absent }
