package emulator

import (
	"fmt"
	"slices"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/faults"
	"github.com/entra-registrar/entra-registrar/test/emulator/record"
)

// URL is https://host:port: the authority, and Graph's endpoint without the version.
func (e *Emulator) URL() string { return e.url }

// CA is the PEM to trust: the self-made CA, or the top of the chain that was given.
func (e *Emulator) CA() []byte { return slices.Clone(e.ca) }

// TenantID is the tenant's ID.
func (e *Emulator) TenantID() string { return e.directory.TenantID() }

// Directory is the tenant's state, for what nobody can do through Graph.
func (e *Emulator) Directory() *directory.Directory { return e.directory }

// IdentityToken is an access token for a resource, such as api://AzureADTokenExchange, of the managed identity with a client ID or an
// object ID, as a workload in Azure gets it: issued at URL. Over HTTP it is found at /metadata/identity/oauth2/token, where Azure has
// its metadata service.
func (e *Emulator) IdentityToken(id, resource string) (string, error) {
	token, err := e.tokens.IdentityToken(id, resource)
	if err != nil {
		return "", fmt.Errorf("get a token of managed identity %s: %w", id, err)
	}
	return token, nil
}

// Exchanges are the requests so far, or since ResetExchanges, with their answers; dropped ones have status 0.
func (e *Emulator) Exchanges() []record.Exchange { return e.recorder.Exchanges() }

// ResetExchanges forgets the exchanges.
func (e *Emulator) ResetExchanges() { e.recorder.Reset() }

// SetFaults injects faults at random into Graph requests from now on, under the emulator's seed; the zero Random stops it.
func (e *Emulator) SetFaults(random faults.Random) {
	if random.Rate == 0 {
		e.faults.SetFaults(nil)
		return
	}
	e.faults.SetFaults(random.Func(e.seed))
}

// SetFaultFunc lets a test decide about the fault of the n-th Graph request from now on, counted from 1; nil stops it.
func (e *Emulator) SetFaultFunc(faults faults.Func) { e.faults.SetFaults(faults) }

// SetLag changes the directory's replication lag from now on.
func (e *Emulator) SetLag(lag directory.Lag) { e.directory.SetLag(lag) }

// SetQuota counts Graph requests from now on, starting at zero; the zero Quota is none.
func (e *Emulator) SetQuota(quota faults.Quota) { e.faults.SetQuota(quota) }

// SetDown starts or ends an outage: every connection is dropped as soon as a request comes, at Graph and at the token service.
func (e *Emulator) SetDown(down bool) { e.down.Store(down) }

// Close stops at once: open requests are cut off.
func (e *Emulator) Close() error {
	err := e.server.Close()
	<-e.done
	if err != nil {
		return fmt.Errorf("close the server: %w", err)
	}
	return nil
}
