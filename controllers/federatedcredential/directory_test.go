package federatedcredential

import (
	"context"
	"fmt"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// unused are the calls that no test here makes.
type unused interface{ entra.Directory }

// directory is a tenant with one application, whose answers can be made to fail.
type directory struct {
	unused
	trust entra.Trust
	errs  map[string]error
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
	return entra.Endpoints{Issuer: tenantIssuer}, nil
}

func (d *directory) API(_ context.Context, id string) (entra.ServicePrincipal, error) {
	return entra.ServicePrincipal{ObjectID: id, Type: "ManagedIdentity"}, d.call("look for %s", id)
}

func (d *directory) Trust(_ context.Context, id string) (entra.Trust, error) {
	return d.trust, d.call("read %s", id)
}

func (d *directory) CreateFederatedCredential(_ context.Context, id string, c entra.FederatedCredential) (entra.FederatedCredential, error) {
	c.ID = "new"
	return c, d.call("create %s on %s", c.Name, id)
}

func (d *directory) UpdateFederatedCredential(_ context.Context, app, id string, _ entra.FederatedCredentialPatch) error {
	return d.call("update %s on %s", id, app)
}

func (d *directory) DeleteFederatedCredential(_ context.Context, app, id string) error {
	return d.call("delete %s on %s", id, app)
}

func typeName(value any) string { return fmt.Sprintf("%T", value) }
