package e2e

import (
	"net/http"
	"time"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/faults"
)

// outage is how long trouble lasts.
const outage = 10 * time.Minute

// trouble is something that is wrong with Entra for a while.
type trouble struct {
	begins, ends func(*stage)
	// stops : nothing at all can be done meanwhile.
	stops bool
}

// answers is trouble where Graph answers every request so.
func answers(fault faults.Fault) trouble {
	return trouble{
		begins: func(s *stage) {
			s.entra.SetFaultFunc(func(*http.Request, int) faults.Fault { return fault })
		},
		ends:  func(s *stage) { s.entra.SetFaultFunc(nil) },
		stops: true,
	}
}

var troubles = map[string]trouble{
	"nobody answers": {
		begins: func(s *stage) { s.entra.SetDown(true) },
		ends:   func(s *stage) { s.entra.SetDown(false) },
		stops:  true,
	},
	"connections break": answers(faults.ConnectionReset()),
	"500":               answers(faults.ServerError(http.StatusInternalServerError)),
	"502 of a gateway":  answers(faults.ServerError(http.StatusBadGateway)),
	"429":               answers(faults.Throttled(0)),
	"lag of half a minute": {
		begins: func(s *stage) { s.entra.SetLag(directory.Lag{Min: 30 * time.Second, Max: 30 * time.Second}) },
		ends:   func(s *stage) { s.entra.SetLag(directory.Lag{}) },
	},
}

// isCool fails where any object was looked at too often within a minute of the clock.
func (s *stage) isCool() {
	s.t.Helper()
	if at, most := s.clock.hottest(); most > 10 {
		s.t.Errorf("a hot loop: %s %s was looked at %d times in a minute", at.queue, at.object, most)
	}
}

// someTroubles are one of each sort.
var someTroubles = []string{"nobody answers", "500", "429", "lag of half a minute"}
