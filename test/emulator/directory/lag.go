package directory

import "time"

// Span is a range of delays.
type Span struct{ Min, Max time.Duration }

// at picks the delay at a fraction of the span.
func (s Span) at(fraction float64) time.Duration {
	if s.Max <= s.Min {
		return s.Min
	}
	return s.Min + time.Duration(fraction*float64(s.Max-s.Min))
}

// Lag says how far behind the primary a request's replica may be. Each request picks its own delay within the span, so
// two reads in a row may disagree. Min and Max hold for everything that has no span of its own.
type Lag struct {
	Min, Max time.Duration

	Read    *Span // objects read by key and listed
	Write   *Span // the look-up before PATCH, DELETE, addPassword, owners and federated credentials
	Owners  *Span // whether the caller owns what it writes to
	Backing *Span // the application looked up when a service principal is made
	Lists   *Span // federated credentials, owners and assignments, read as lists or by their keys
	Copy    *Span // application to service principal: names, roles, scopes, URIs; picked once for each write
	// Spacing is how long a write of credentials keeps others away from the same object: they fail with
	// Directory_ConcurrencyViolation, as 409 or 503. Zero: never.
	Spacing time.Duration

	Tokens *Span // secrets, keys, federated credentials and assignments at the token service
}

func (l Lag) span(own *Span) Span {
	if own != nil {
		return *own
	}
	return Span{Min: l.Min, Max: l.Max}
}

// longest is the greatest delay that a look-up may pick.
func (l Lag) longest() time.Duration {
	longest := l.Max
	for _, own := range []*Span{l.Read, l.Write, l.Owners, l.Backing, l.Lists, l.Copy, l.Tokens} {
		if own != nil {
			longest = max(longest, own.Max)
		}
	}
	return longest
}
