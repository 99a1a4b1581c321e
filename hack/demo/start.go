package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/entra-registrar/entra-registrar/hack/controlplane"
	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// The operator's identity in the tenant: what an administrator makes once, by hand.
const (
	operatorClientID = "5f0a6c2e-8d34-4c57-9c1e-2d6f00000001"
	operatorSecret   = "demo-only-secret" //nolint:gosec // of a tenant that lasts two minutes
)

// operatorRoles are what an administrator consents to: the README says what for.
var operatorRoles = []string{
	"Application.ReadWrite.OwnedBy", "Application.Read.All", "AppRoleAssignment.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All",
}

// demo holds what is running and what later steps remember of earlier ones.
type demo struct {
	programs string // the folder of the control plane's
	cluster  *controlplane.ControlPlane
	entra    *emulator.Emulator
	manager  *manager

	fail      context.CancelCauseFunc // ends the story
	readyAt   time.Time
	clientIDs map[string]string // of the samples' AppRegistrations, by name
	made      int               // so many applications have been made
	told      int               // so many of the emulator's exchanges have been looked at
}

func (d *demo) startControlPlane(ctx context.Context) (err error) {
	d.cluster, err = controlplane.Start(ctx, controlplane.Options{
		Dir: d.programs, CRDPaths: []string{"config/crd/bases"}, Log: indented{},
	})
	return err
}

// startEmulator runs the emulator within this process. It trusts the API server's CA, as Entra trusts that of a public issuer.
func (d *demo) startEmulator(context.Context) (err error) {
	d.entra, err = emulator.Start(emulator.Options{
		IssuerCA: d.cluster.CA(),
		Client:   emulator.Client{ID: operatorClientID, Secret: operatorSecret, Roles: operatorRoles},
		Population: directory.Population{Users: []directory.SeedPerson{
			{DisplayName: "Ada", UserPrincipalName: adasName, Password: adasPassword},
		}},
	})
	if err == nil {
		printLine("Graph and the token service of tenant %s: %s", d.entra.TenantID(), d.entra.URL())
	}
	return err
}

// file is a path in the control plane's folder, which goes when the demo ends in whatever way.
func (d *demo) file(name string) string {
	return filepath.Join(filepath.Dir(d.cluster.Kubeconfig()), name)
}

func (d *demo) write(name string, content []byte) (path string, err error) {
	path = d.file(name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		return "", fmt.Errorf("write %s: %w", name, err)
	}
	return path, nil
}

// close takes everything down that has been started.
func (d *demo) close() error {
	var faults []error
	if d.manager != nil {
		d.manager.stop()
	}
	if d.entra != nil {
		faults = append(faults, d.entra.Close())
	}
	if d.cluster != nil {
		faults = append(faults, d.cluster.Stop())
	}
	return errors.Join(faults...)
}
