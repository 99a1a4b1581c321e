// Package entratest is a small tenant in memory, for the tests of kinds.
package entratest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// unsupported are the calls that no test makes yet.
type unsupported interface{ entra.Directory }

// Directory is a tenant with service principals, users and groups, their roles and their grants. It notes each call, and can be made to
// fail. It is its own entra.Tenants. It serves one test at a time: fields are changed only while no call is under way.
type Directory struct {
	unsupported
	// TenantID and Operator are what Self tells.
	TenantID string
	Operator entra.ServicePrincipal
	// Principals are clients, APIs, users and groups alike, by object ID or application ID.
	Principals []entra.Client
	// Consents are the grants of all clients.
	Consents []entra.Grant
	// Errs are answered, by the call as Calls has it, instead of an effect.
	Errs map[string]error
	// After gives what is answered once a change has taken effect, as where its answer is lost; nil for success.
	After func() error
	// Calls in order.
	Calls []string
}

var _ entra.Tenants = (*Directory)(nil)

// call notes a call, and gives the error that it is answered with.
func (d *Directory) call(format string, args ...any) error {
	line := fmt.Sprintf(format, args...)
	d.Calls = append(d.Calls, line)
	return d.Errs[line]
}

func (d *Directory) changed() error {
	if d.After == nil {
		return nil
	}
	return d.After()
}

// Open gives the tenant itself.
func (d *Directory) Open(entra.TenantKey, string, entra.Connection) (entra.Reader, error) {
	return d, nil
}

// Directory gives the tenant itself.
func (d *Directory) Directory(entra.TenantKey) (entra.Directory, error) { return d, nil }

// Close does nothing.
func (d *Directory) Close(entra.TenantKey) {}

// Self is the operator.
func (d *Directory) Self(context.Context) (entra.Identity, error) {
	return entra.Identity{AppID: d.Operator.AppID, ObjectID: d.Operator.ObjectID, TenantID: d.TenantID}, nil
}

// Endpoints are none.
func (d *Directory) Endpoints(context.Context) (entra.Endpoints, error) {
	return entra.Endpoints{}, nil
}

// Principal finds one by object ID or by application ID; nil where there is none. A test may change it.
func (d *Directory) Principal(id string) *entra.Client {
	at := slices.IndexFunc(d.Principals, func(p entra.Client) bool { return p.ObjectID == id || p.AppID == id })
	if at < 0 {
		return nil
	}
	return &d.Principals[at]
}

func (d *Directory) find(id string, err error) (entra.Client, error) {
	found := d.Principal(id)
	if found == nil {
		return entra.Client{}, cmp.Or(err, entra.ErrNotFound)
	}
	client := *found
	client.Assignments = slices.Clone(found.Assignments)
	return client, err
}

// Client reads by object ID.
func (d *Directory) Client(_ context.Context, id string) (entra.Client, error) {
	return d.find(id, d.call("read client %s", id))
}

// ClientByAppID reads by application ID.
func (d *Directory) ClientByAppID(_ context.Context, appID string) (entra.Client, error) {
	return d.find(appID, d.call("read client of application %s", appID))
}

// API reads by object ID.
func (d *Directory) API(_ context.Context, id string) (entra.ServicePrincipal, error) {
	found, err := d.find(id, d.call("read API %s", id))
	return found.ServicePrincipal, err
}

// APIByAppID reads by application ID.
func (d *Directory) APIByAppID(_ context.Context, appID string, fresh time.Duration) (entra.ServicePrincipal, error) {
	found, err := d.find(appID, d.call("read API of application %s, %s old", appID, fresh))
	return found.ServicePrincipal, err
}

// Member reads a user or a group, whatever it really is.
func (d *Directory) Member(_ context.Context, kind entra.MemberKind, id, api string) (entra.Member, error) {
	found, err := d.find(id, d.call("read %s %s at %s", kind, id, api))
	return entra.Member{ID: id, Kind: kind, Assignments: found.Assignments}, err
}

// Assign gives a role.
func (d *Directory) Assign(_ context.Context, a entra.Assignment) (entra.Assignment, error) {
	if err := d.call("give %s of %s to %s", a.AppRoleID, a.ResourceID, a.PrincipalID); err != nil {
		return entra.Assignment{}, err
	}
	principal := d.Principal(a.PrincipalID)
	switch {
	case principal == nil:
		return entra.Assignment{}, entra.ErrNotFound
	case slices.ContainsFunc(principal.Assignments, a.SameAs):
		return entra.Assignment{}, entra.ErrExists
	}
	a.ID = "new"
	principal.Assignments = append(slices.Clone(principal.Assignments), a)
	return a, d.changed()
}

// Unassign takes a role away.
func (d *Directory) Unassign(_ context.Context, a entra.Assignment) error {
	if err := d.call("take %s of %s", a.ID, a.ResourceID); err != nil {
		return err
	}
	if principal := d.Principal(a.PrincipalID); principal != nil {
		principal.Assignments = slices.DeleteFunc(slices.Clone(principal.Assignments), a.SameAs)
	}
	return d.changed()
}
