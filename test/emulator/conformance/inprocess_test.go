package conformance

import (
	"fmt"

	"github.com/google/uuid"

	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// startEmulator examines an emulator in this process: without lag, so that every first look has to succeed.
func startEmulator() (*site, func(), error) {
	foreign, err := newIssuer()
	if err != nil {
		return nil, nil, err
	}
	client := emulator.Client{ID: uuid.NewString(), Secret: random(16), Roles: []string{ownedBy, readAll, assignAll}}
	somebody := people{userID: uuid.NewString(), user: "ada@contoso.onmicrosoft.com", password: random(16), groupID: uuid.NewString(), identityID: uuid.NewString()}
	started, err := emulator.Start(emulator.Options{Client: client, IssuerCA: foreign.authority(), Population: directory.Population{
		Users:             []directory.SeedPerson{{ID: somebody.userID, UserPrincipalName: somebody.user, DisplayName: "Ada", Password: somebody.password}},
		Groups:            []directory.SeedGroup{{ID: somebody.groupID, DisplayName: "Readers", Members: []string{somebody.user}}},
		ManagedIdentities: []directory.SeedIdentity{{ID: somebody.identityID, DisplayName: "orders-identity"}},
	}})
	if err != nil {
		foreign.close()
		return nil, nil, fmt.Errorf("start the emulator: %w", err)
	}
	stop := func() {
		_ = started.Close() // the process ends
		foreign.close()
	}
	found := newSite(started.URL(), started.URL(), started.TenantID())
	found.issuer, found.people = foreign, somebody
	found.first = found.caller("the first caller", client.ID, client.Secret)
	if err := found.trust(started.CA()); err != nil {
		stop()
		return nil, nil, fmt.Errorf("trust the emulator: %w", err)
	}
	return found, stop, nil
}
