package e2e

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/record"
)

// traffic is what the manager asked of Graph.
type traffic struct{ reads, writes []string }

func (t traffic) String() string {
	return fmt.Sprintf("%d reads:\n  %s\n%d writes:\n  %s", len(t.reads), strings.Join(t.reads, "\n  "), len(t.writes), strings.Join(t.writes, "\n  "))
}

// traffic since the last forget, without sign-ins, discovery and the tenant's own reads.
func (s *stage) traffic() traffic {
	s.clock.quiet(s.t)
	var seen traffic
	for _, exchange := range s.entra.Exchanges() {
		if !isDirectory(exchange) {
			continue
		}
		line := fmt.Sprintf("%s %s %d", exchange.Method, exchange.Path, exchange.Status)
		if exchange.Method == http.MethodGet {
			seen.reads = append(seen.reads, line)
		} else {
			seen.writes = append(seen.writes, line)
		}
	}
	return seen
}

func isDirectory(exchange record.Exchange) bool {
	return strings.HasPrefix(exchange.Path, "/v1.0/") && exchange.Path != "/v1.0/organization"
}

// forget starts the count anew, once everything is quiet.
func (s *stage) forget() {
	s.clock.quiet(s.t)
	s.entra.ResetExchanges()
}

// costs fails where the traffic since the last forget is more than allowed.
func (s *stage) costs(what string, reads, writes int) {
	s.t.Helper()
	seen := s.traffic()
	s.t.Logf("%s cost %s", what, seen)
	if len(seen.reads) > reads || len(seen.writes) > writes {
		s.t.Errorf("%s may cost %d reads and %d writes:\n%s", what, reads, writes, seen)
	}
}
