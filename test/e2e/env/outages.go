package env

import (
	"net/http"
	"time"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/faults"
)

// OutageDuration is how long tests let an outage last.
const OutageDuration = 10 * time.Minute

// Outage is something that is wrong with Entra for a while.
type Outage struct {
	Begin, End func(*Env)
	// Total is true where nothing at all can be done meanwhile.
	Total bool
}

// answering is an outage in which Graph answers every request so.
func answering(fault faults.Fault) Outage {
	return Outage{
		Begin: func(e *Env) { e.Tenant.SetFaultFunc(func(*http.Request, int) faults.Fault { return fault }) },
		End:   func(e *Env) { e.Tenant.SetFaultFunc(nil) },
		Total: true,
	}
}

// Outages by name.
var Outages = map[string]Outage{
	"nobody answers": {
		Begin: func(e *Env) { e.Tenant.SetDown(true) },
		End:   func(e *Env) { e.Tenant.SetDown(false) },
		Total: true,
	},
	"connections break": answering(faults.ConnectionReset()),
	"500":               answering(faults.ServerError(http.StatusInternalServerError)),
	"502 of a gateway":  answering(faults.ServerError(http.StatusBadGateway)),
	"429":               answering(faults.Throttled(0)),
	"lag of half a minute": {
		Begin: func(e *Env) { e.Tenant.SetLag(directory.Lag{Min: 30 * time.Second, Max: 30 * time.Second}) },
		End:   func(e *Env) { e.Tenant.SetLag(directory.Lag{}) },
	},
}

// SomeOutages are one of each sort.
var SomeOutages = []string{"nobody answers", "500", "429", "lag of half a minute"}
