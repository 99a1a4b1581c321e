package conformance

import (
	"fmt"

	"github.com/google/uuid"

	"github.com/entra-registrar/entra-registrar/test/emulator"
)

// startEmulator examines an emulator in this process: without lag, so that every first look has to succeed.
func startEmulator() (*site, func(), error) {
	foreign, err := newIssuer()
	if err != nil {
		return nil, nil, err
	}
	client := emulator.Client{ID: uuid.NewString(), Secret: random(16), Roles: []string{ownedBy, readAll, assignAll}}
	started, err := emulator.Start(emulator.Options{Client: client, IssuerCA: foreign.authority()})
	if err != nil {
		foreign.close()
		return nil, nil, fmt.Errorf("start the emulator: %w", err)
	}
	stop := func() {
		_ = started.Close() // the process ends
		foreign.close()
	}
	found := newSite(started.URL(), started.URL(), started.TenantID())
	found.issuer = foreign
	found.first = found.caller("the first caller", client.ID, client.Secret)
	if err := found.trust(started.CA()); err != nil {
		stop()
		return nil, nil, fmt.Errorf("trust the emulator: %w", err)
	}
	return found, stop, nil
}
