package conformance

import (
	"fmt"

	"github.com/google/uuid"

	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"

	"github.com/entra-registrar/entra-registrar/test/emulator/conformance/issuer"
)

// startEmulator starts an emulator in this process: without lag, so that every first request has to succeed.
func startEmulator() (*tenant, func(), error) {
	foreign, err := issuer.New()
	if err != nil {
		return nil, nil, err
	}
	client := emulator.Client{ID: uuid.NewString(), Secret: random(16), Roles: []string{ownedBy, readAll, assignAll}}
	known := knownPrincipals{userID: uuid.NewString(), user: "ada@contoso.onmicrosoft.com", password: random(16), groupID: uuid.NewString(), identityID: uuid.NewString()}
	started, err := emulator.Start(emulator.Options{Client: client, IssuerCA: foreign.CA(), Population: directory.Population{
		Users:             []directory.SeedPerson{{ID: known.userID, UserPrincipalName: known.user, DisplayName: "Ada", Password: known.password}},
		Groups:            []directory.SeedGroup{{ID: known.groupID, DisplayName: "Readers", Members: []string{known.user}}},
		ManagedIdentities: []directory.SeedIdentity{{ID: known.identityID, DisplayName: "orders-identity"}},
	}})
	if err != nil {
		foreign.Close()
		return nil, nil, fmt.Errorf("start the emulator: %w", err)
	}
	stop := func() {
		_ = started.Close() // the process ends
		foreign.Close()
	}
	found := newTenant(started.URL(), started.URL(), started.TenantID())
	found.issuer, found.principals = foreign, known
	found.first = found.caller("the first caller", client.ID, client.Secret)
	if err := found.trust(started.CA()); err != nil {
		stop()
		return nil, nil, fmt.Errorf("trust the emulator: %w", err)
	}
	return found, stop, nil
}
