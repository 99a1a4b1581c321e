package env

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
	"github.com/entra-registrar/entra-registrar/test/emulator/record"
)

// Requests are what the manager has asked of Graph since they were reset last.
type Requests struct{ env *Env }

// Traffic is a list of requests, with the status that each was answered with.
type Traffic struct{ Reads, Writes []string }

func (t Traffic) String() string {
	return fmt.Sprintf("%d reads:\n  %s\n%d writes:\n  %s", len(t.Reads), strings.Join(t.Reads, "\n  "), len(t.Writes), strings.Join(t.Writes, "\n  "))
}

// Reset starts anew, once everything is quiet.
func (r *Requests) Reset() {
	r.env.T.Helper()
	r.env.Quiet()
	r.env.Tenant.ResetExchanges()
}

// Traffic waits until everything is quiet. Sign-ins, discovery and the tenant's own reads are left out.
func (r *Requests) Traffic() Traffic {
	r.env.T.Helper()
	r.env.Quiet()
	var seen Traffic
	for _, exchange := range r.ToDirectory() {
		line := fmt.Sprintf("%s %s %d", exchange.Method, exchange.Path, exchange.Status)
		if exchange.Method == http.MethodGet {
			seen.Reads = append(seen.Reads, line)
		} else {
			seen.Writes = append(seen.Writes, line)
		}
	}
	return seen
}

// ToDirectory are the exchanges with Graph so far, without the tenant's own reads.
func (r *Requests) ToDirectory() []record.Exchange {
	return slices.DeleteFunc(slices.Clone(r.env.Tenant.Exchanges()), func(exchange record.Exchange) bool {
		return !strings.HasPrefix(exchange.Path, "/v1.0/") || exchange.Path == "/v1.0/organization"
	})
}

// CheckCost fails where the traffic is more than allowed.
func (r *Requests) CheckCost(what string, reads, writes int) {
	r.env.T.Helper()
	seen := r.Traffic()
	r.env.T.Logf("%s cost %s", what, seen)
	if len(seen.Reads) > reads || len(seen.Writes) > writes {
		r.env.T.Errorf("%s may cost %d reads and %d writes:\n%s", what, reads, writes, seen)
	}
}

// CheckNoWrites fails where anything was written in Entra.
func (r *Requests) CheckNoWrites() {
	r.env.T.Helper()
	if seen := r.Traffic(); len(seen.Writes) > 0 {
		r.env.T.Errorf("nothing is to be written: %s", seen)
	}
}

// WrittenProperties are those of all writes: the method, and the properties in the body.
func (r *Requests) WrittenProperties() []string {
	var lines []string
	for _, exchange := range r.ToDirectory() {
		if !exchange.IsWrite() {
			continue
		}
		var body odata.Document
		if len(exchange.Request) > 0 && json.Unmarshal(exchange.Request, &body) != nil {
			r.env.T.Errorf("%s %s: the body is no JSON", exchange.Method, exchange.Path)
		}
		lines = append(lines, fmt.Sprintf("%s %s", exchange.Method, properties(body)))
	}
	return lines
}

// properties of a body, those of a group such as api or web by their own name.
func properties(body odata.Document) []string {
	names := []string{}
	for name, value := range body {
		group, is := value.(odata.Document)
		switch {
		case name == "@odata.type":
		case is && slices.Contains([]string{"api", "web", "spa", "publicClient"}, name):
			for _, member := range properties(group) {
				names = append(names, name+"."+member)
			}
		default:
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
