package appregistration

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// directory is a tenant in memory that never lags. It keeps a log of requests.
type directory struct {
	entra.Reader // what no test needs: a nil call says so
	entra.Writer
	apps       map[string]entra.Application
	principals map[string]entra.ServicePrincipal // by appId
	deleted    map[string]bool                   // object IDs and appIds of deleted ones
	owners     map[string][]string
	trust      map[string][]entra.FederatedCredential
	roles      []entra.Assignment // of the API
	given      []entra.Assignment // to the client
	grants     []entra.Grant
	errs       map[string]error // by method
	log        []string
	minted     int
	noCreator  bool
}

func newDirectory() *directory {
	return &directory{
		apps: map[string]entra.Application{}, principals: map[string]entra.ServicePrincipal{}, deleted: map[string]bool{},
		owners: map[string][]string{}, trust: map[string][]entra.FederatedCredential{}, errs: map[string]error{},
	}
}

func (d *directory) Open(entra.TenantKey, string, entra.Connection) (entra.Reader, error) {
	return d, nil
}
func (d *directory) Directory(entra.TenantKey) (entra.Directory, error) { return d, nil }
func (d *directory) Close(entra.TenantKey)                              {}

// call logs a request and gives the answer that a test prepared.
func (d *directory) call(method string) error {
	d.log = append(d.log, method)
	return d.errs[method]
}

func (d *directory) mint(kind string) string {
	d.minted++
	return fmt.Sprintf("%s-%d", kind, d.minted)
}

func (d *directory) Self(context.Context) (entra.Identity, error) {
	return entra.Identity{AppID: operatorApp, ObjectID: operatorID, TenantID: tenantID}, nil
}

func (d *directory) Endpoints(context.Context) (entra.Endpoints, error) {
	return testBinding().Tenant.Endpoints, nil
}

func (d *directory) one(method string, deleted bool, match func(entra.Application) bool) (entra.Application, error) {
	if err := d.call(method); err != nil {
		return entra.Application{}, err
	}
	for id, app := range d.apps {
		if d.deleted[id] == deleted && match(app) {
			app.Deleted = deleted
			return app, nil
		}
	}
	return entra.Application{}, entra.ErrNotFound
}

func (d *directory) Application(_ context.Context, id string) (entra.Application, error) {
	return d.one("Application", false, func(a entra.Application) bool { return a.ObjectID == id })
}

func (d *directory) ApplicationByName(_ context.Context, name string) (entra.Application, error) {
	return d.one("ApplicationByName", false, func(a entra.Application) bool { return a.UniqueName == name })
}

func (d *directory) DeletedApplication(_ context.Context, id string) (entra.Application, error) {
	return d.one("DeletedApplication", true, func(a entra.Application) bool { return a.ObjectID == id })
}

func (d *directory) DeletedApplicationByName(_ context.Context, name string) (entra.Application, error) {
	return d.one("DeletedApplicationByName", true, func(a entra.Application) bool { return a.UniqueName == name })
}

func (d *directory) ApplicationOwners(_ context.Context, id string) ([]string, error) {
	return d.owners[id], d.call("ApplicationOwners")
}

func (d *directory) Trust(_ context.Context, id string) (entra.Trust, error) {
	return entra.Trust{ApplicationID: id, Credentials: d.trust[id]}, d.call("Trust")
}

func (d *directory) sp(method, appID string, deleted bool) (entra.ServicePrincipal, error) {
	if err := d.call(method); err != nil {
		return entra.ServicePrincipal{}, err
	}
	if sp, there := d.principals[appID]; there && d.deleted[sp.ObjectID] == deleted {
		return sp, nil
	}
	return entra.ServicePrincipal{}, entra.ErrNotFound
}

func (d *directory) ServicePrincipal(_ context.Context, appID string) (entra.ServicePrincipal, error) {
	return d.sp("ServicePrincipal", appID, false)
}

func (d *directory) DeletedServicePrincipal(_ context.Context, appID string) (entra.ServicePrincipal, error) {
	return d.sp("DeletedServicePrincipal", appID, true)
}

func (d *directory) APIByAppID(_ context.Context, appID string, _ time.Duration) (entra.ServicePrincipal, error) {
	return d.sp("APIByAppID", appID, false)
}

func (d *directory) ClientByAppID(_ context.Context, appID string) (entra.Client, error) {
	sp, err := d.sp("ClientByAppID", appID, false)
	return entra.Client{ServicePrincipal: sp, Assignments: d.given}, err
}

func (d *directory) Grants(context.Context, string) ([]entra.Grant, error) {
	return d.grants, d.call("Grants")
}

func (d *directory) Holders(context.Context, string) ([]entra.Assignment, error) {
	return d.roles, d.call("Holders")
}

func (d *directory) CreateApplication(_ context.Context, n entra.NewApplication) (entra.Application, error) {
	err := d.call("CreateApplication")
	if err != nil && !errors.Is(err, entra.ErrUnreachable) {
		return entra.Application{}, err
	}
	for _, app := range d.apps {
		if app.UniqueName == n.UniqueName {
			return entra.Application{}, entra.ErrExists
		}
	}
	app := entra.Application{
		ObjectID: d.mint("object"), AppID: d.mint("app"), UniqueName: n.UniqueName, CreatedByAppID: operatorApp,
		ApplicationSettings: n.ApplicationSettings,
	}
	if d.noCreator {
		app.CreatedByAppID = ""
	}
	d.apps[app.ObjectID], d.owners[app.ObjectID] = app, []string{n.OwnerID}
	return app, err
}

func (d *directory) UpdateApplication(_ context.Context, id string, patch entra.ApplicationPatch) error {
	if err := d.call("UpdateApplication"); err != nil {
		return err
	}
	app := d.apps[id]
	patch.Apply(&app.ApplicationSettings)
	app.Scopes, app.AppRoles = slices.Clone(app.Scopes), slices.Clone(app.AppRoles)
	for i := range app.Scopes {
		app.Scopes[i].Unconfirmed = false
	}
	for i := range app.AppRoles {
		app.AppRoles[i].Unconfirmed = false
	}
	d.apps[id] = app
	return nil
}

func (d *directory) DeleteApplication(_ context.Context, id string) error {
	d.deleted[id] = true
	d.deleted[d.principals[d.apps[id].AppID].ObjectID] = true
	return d.call("DeleteApplication")
}

func (d *directory) RestoreApplication(_ context.Context, id string) (entra.Application, error) {
	if err := d.call("RestoreApplication"); err != nil {
		return entra.Application{}, err
	}
	d.deleted[id] = false
	return d.apps[id], nil
}

func (d *directory) PurgeApplication(_ context.Context, id string) error {
	delete(d.principals, d.apps[id].AppID)
	delete(d.apps, id)
	return d.call("PurgeApplication")
}

func (d *directory) CreateServicePrincipal(_ context.Context, n entra.NewServicePrincipal) (entra.ServicePrincipal, error) {
	if err := d.call("CreateServicePrincipal"); err != nil {
		return entra.ServicePrincipal{}, err
	}
	if _, there := d.principals[n.AppID]; there {
		return entra.ServicePrincipal{}, entra.ErrExists
	}
	sp := entra.ServicePrincipal{ObjectID: d.mint("principal"), AppID: n.AppID, Tags: n.Tags, AssignmentRequired: n.AssignmentRequired}
	d.principals[n.AppID] = sp
	return sp, nil
}

func (d *directory) UpdateServicePrincipal(_ context.Context, id string, patch entra.ServicePrincipalPatch) error {
	for appID, sp := range d.principals {
		if sp.ObjectID == id {
			patch.Apply(&sp)
			d.principals[appID] = sp
		}
	}
	return d.call("UpdateServicePrincipal")
}

func (d *directory) RestoreServicePrincipal(_ context.Context, id, _ string) (entra.ServicePrincipal, error) {
	d.deleted[id] = false
	for _, sp := range d.principals {
		if sp.ObjectID == id {
			return sp, d.call("RestoreServicePrincipal")
		}
	}
	return entra.ServicePrincipal{}, entra.ErrNotFound
}

var (
	_ entra.Directory = (*directory)(nil)
	_ entra.Tenants   = (*directory)(nil)
)
