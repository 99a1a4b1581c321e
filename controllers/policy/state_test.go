package policy_test

import (
	"testing"

	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

func TestState_SaysWhatAnEntryOfADifferenceIs(t *testing.T) {
	t.Parallel()
	for state, want := range map[policy.State]string{
		{}:                              "",
		{Present: true}:                 "", // somebody else's
		{Recorded: true}:                "", // gone, and no longer asked for
		{Wanted: true}:                  "added",
		{Wanted: true, Present: true}:   "added", // somebody else's, until the gate allows it
		{Wanted: true, Recorded: true}:  "added lost",
		{Recorded: true, Present: true}: "leftover",
		{Recorded: true, Present: true, Wanted: true}: "held",
	} {
		got := ""
		for _, is := range []struct {
			name string
			true bool
		}{{"held", state.Held()}, {"added", state.Added()}, {" lost", state.Lost()}, {"leftover", state.Leftover()}} {
			if is.true {
				got += is.name
			}
		}
		if got != want {
			t.Errorf("%+v: %q, want %q", state, got, want)
		}
	}
}
