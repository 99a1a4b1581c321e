package policy

// State is what is known of one entry of a difference between a spec and Entra.
type State struct {
	// Recorded is true where the object's status says that it was allowed, and made or taken over by it.
	Recorded bool
	// Present is true where Entra shows it.
	Present bool
	// Wanted is true where the spec asks for it.
	Wanted bool
}

// Held reports whether the object has it and keeps it: the gate never denies it, and reports where it would today.
func (s State) Held() bool { return s.Recorded && s.Present && s.Wanted }

// Added reports whether it is new for the object: the gate must allow it.
func (s State) Added() bool { return s.Wanted && !s.Held() }

// Lost reports whether somebody else took it away.
func (s State) Lost() bool { return s.Recorded && !s.Present && s.Wanted }

// Leftover reports whether the object has it and does not ask for it any more.
func (s State) Leftover() bool { return s.Recorded && s.Present && !s.Wanted }
