package delegatedpermissiongrant

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// unasked are the calls that no test here makes.
type unasked interface{ entra.Directory }

// directory is a tenant whose answers can be made to fail.
type directory struct {
	unasked
	client  entra.Client
	api     entra.ServicePrincipal
	foreign entra.ServicePrincipal
	grants  []entra.Grant
	// errs are answered, by the call, instead of taking effect; what after gives, where it is set, once a change has.
	errs  map[string]error
	after func() error
	calls []string
}

func (d *directory) call(format string, args ...any) error {
	line := fmt.Sprintf(format, args...)
	d.calls = append(d.calls, line)
	return d.errs[line]
}

func (d *directory) Open(entra.TenantKey, string, entra.Connection) (entra.Reader, error) {
	return d, nil
}
func (d *directory) Directory(entra.TenantKey) (entra.Directory, error) { return d, nil }
func (d *directory) Close(entra.TenantKey)                              {}

func (d *directory) Self(context.Context) (entra.Identity, error) {
	return entra.Identity{AppID: "operator-app", ObjectID: "operator", TenantID: "tenant-id"}, nil
}

func (d *directory) Endpoints(context.Context) (entra.Endpoints, error) {
	return entra.Endpoints{}, nil
}

func (d *directory) Client(_ context.Context, id string) (entra.Client, error) {
	return d.client, d.call("read client %s", id)
}

func (d *directory) API(_ context.Context, id string) (entra.ServicePrincipal, error) {
	return d.api, d.call("read API %s", id)
}

func (d *directory) APIByAppID(_ context.Context, id string, fresh time.Duration) (entra.ServicePrincipal, error) {
	return d.foreign, d.call("read API by appId %s, %s old", id, fresh)
}

func (d *directory) Grants(_ context.Context, client string) ([]entra.Grant, error) {
	return slices.Clone(d.grants), d.call("read grants of %s", client)
}

func (d *directory) find(key entra.GrantKey) int {
	return slices.IndexFunc(d.grants, func(g entra.Grant) bool { return g.GrantKey == key })
}

func (d *directory) CreateGrant(_ context.Context, g entra.Grant) (entra.Grant, error) {
	if err := d.call("create grant %v", g.Scopes); err != nil {
		return entra.Grant{}, err
	}
	if d.find(g.GrantKey) >= 0 {
		return entra.Grant{}, entra.ErrExists
	}
	g.ID = "new"
	d.grants = append(d.grants, g)
	return g, d.changed()
}

func (d *directory) ChangeGrant(_ context.Context, g entra.Grant, change entra.GrantChange) (entra.Grant, error) {
	if err := d.call("change grant +%v -%v", change.Add, change.Remove); err != nil {
		return entra.Grant{}, err
	}
	at := d.find(g.GrantKey)
	if at < 0 {
		if len(change.Add) > 0 {
			return entra.Grant{}, entra.ErrNotFound
		}
		return entra.Grant{GrantKey: g.GrantKey}, nil
	}
	left := d.grants[at]
	left.Scopes = slices.DeleteFunc(slices.Clone(left.Scopes), func(scope string) bool { return slices.Contains(change.Remove, scope) })
	left.Scopes = listed(slices.Concat(left.Scopes, change.Add))
	if d.grants = slices.Delete(slices.Clone(d.grants), at, at+1); len(left.Scopes) > 0 {
		d.grants = append(d.grants, left)
	}
	return left, d.changed()
}

func (d *directory) changed() error {
	if d.after == nil {
		return nil
	}
	return d.after()
}
