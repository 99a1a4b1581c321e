package approleassignment

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// unasked are the calls that no test here makes.
type unasked interface{ entra.Directory }

// directory is a tenant with a principal and an API, whose answers can be made to fail.
type directory struct {
	unasked
	client entra.Client
	api    entra.ServicePrincipal
	errs   map[string]error
	loses  bool // the answer to the next write
	calls  []string
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

func (d *directory) ClientByAppID(_ context.Context, appID string) (entra.Client, error) {
	return d.client, d.call("read client of application %s", appID)
}

func (d *directory) Member(_ context.Context, kind entra.MemberKind, id, api string) (entra.Member, error) {
	return entra.Member{ID: id, Kind: kind, Assignments: d.client.Assignments}, d.call("read %s %s at %s", kind, id, api)
}

func (d *directory) APIByAppID(_ context.Context, appID string, _ time.Duration) (entra.ServicePrincipal, error) {
	return d.api, d.call("read API of application %s", appID)
}

func (d *directory) Assign(_ context.Context, a entra.Assignment) (entra.Assignment, error) {
	a.ID = "new"
	if err := d.call("give %s of %s to %s", a.AppRoleID, a.ResourceID, a.PrincipalID); err != nil {
		return a, err
	}
	if slices.ContainsFunc(d.client.Assignments, a.SameAs) {
		return a, entra.ErrExists
	}
	d.client.Assignments = append(slices.Clone(d.client.Assignments), a)
	return a, d.answer()
}

func (d *directory) Unassign(_ context.Context, a entra.Assignment) error {
	if err := d.call("take %s of %s", a.ID, a.ResourceID); err != nil {
		return err
	}
	d.client.Assignments = slices.DeleteFunc(slices.Clone(d.client.Assignments), a.SameAs)
	return d.answer()
}

// answer is lost where it was meant to be.
func (d *directory) answer() error {
	if !d.loses {
		return nil
	}
	d.loses = false
	return entra.ErrUnreachable
}
