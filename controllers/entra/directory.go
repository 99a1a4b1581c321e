// Package entra is the directory as plain comparable Go values: what Read may ask of it, what a Step may do to it, and the errors
// that matter to a decision. It imports the standard library only; package graph implements it over Microsoft Graph.
package entra

import (
	"context"
	"time"
)

// Reader is what Read may ask. Every method returns ErrNotFound for what is certainly gone and ErrLagging for what may only not
// be shown yet; Throttled, ErrUnreachable and Refused as they come. Implementations MUST lay our own recent writes over what
// Entra shows, so that a stale answer is not taken for somebody's edit.
type Reader interface {
	// Self is who we are. It costs no Graph request.
	Self(ctx context.Context) (Identity, error)
	// Endpoints of the token service. Cached; it costs no Graph request.
	Endpoints(ctx context.Context) (Endpoints, error)
	// Organization reads the tenant.
	Organization(ctx context.Context) (Organization, error)

	// Application by object ID.
	Application(ctx context.Context, objectID string) (Application, error)
	// ApplicationByName by unique name, the key that we chose before it was created.
	ApplicationByName(ctx context.Context, uniqueName string) (Application, error)
	// DeletedApplication by object ID, from deletedItems: one request.
	DeletedApplication(ctx context.Context, objectID string) (Application, error)
	// DeletedApplicationByName looks through all of deletedItems: unique names cannot be filtered for.
	DeletedApplicationByName(ctx context.Context, uniqueName string) (Application, error)
	// ApplicationOwners are object IDs.
	ApplicationOwners(ctx context.Context, objectID string) ([]string, error)
	// Trust reads an application's name, tags and federated credentials in one request.
	Trust(ctx context.Context, applicationObjectID string) (Trust, error)

	// ServicePrincipal by the application's appId.
	ServicePrincipal(ctx context.Context, appID string) (ServicePrincipal, error)
	// DeletedServicePrincipal by the application's appId, from deletedItems.
	DeletedServicePrincipal(ctx context.Context, appID string) (ServicePrincipal, error)
	// Client reads a service principal by object ID with the roles it has been given: one request for up to 20 roles.
	Client(ctx context.Context, objectID string) (Client, error)
	// API reads a service principal by object ID; shared between callers for some seconds.
	API(ctx context.Context, objectID string) (ServicePrincipal, error)
	// APIByAppID reads a service principal with all that it exposes by the application's appId. An answer is shared between callers
	// for up to an hour; one that is older than fresh asks for is read again, but for one API at most once a minute. Fresh is zero
	// where any answer will do.
	APIByAppID(ctx context.Context, appID string, fresh time.Duration) (ServicePrincipal, error)
	// ClientByAppID is Client by the application's appId.
	ClientByAppID(ctx context.Context, appID string) (Client, error)
	// Member reads a user or a group with the roles of one API that it has been given: one request. Its display name is empty
	// where it has been given none, or where we may not read it.
	Member(ctx context.Context, kind MemberKind, objectID, apiObjectID string) (Member, error)
	// Grants are the consents that a client has been given, for all users and for each one, all pages.
	Grants(ctx context.Context, clientObjectID string) ([]Grant, error)
	// Holders are those who have been given a role of this API, all pages.
	Holders(ctx context.Context, apiObjectID string) ([]Assignment, error)
}

// Writer is what a Step may do: one change a call. Every method is safe to repeat after its answer was lost: a create answers
// ErrExists, a delete of what is gone succeeds. Implementations MUST serialise writes on one application, and MUST NOT retry.
type Writer interface {
	// CreateApplication by POST, never an upsert. ErrExists where the unique name is taken, also by a deleted one.
	CreateApplication(ctx context.Context, app NewApplication) (Application, error)
	UpdateApplication(ctx context.Context, objectID string, patch ApplicationPatch) error
	// DeleteApplication deletes softly: Entra keeps it for 30 days and deletes its service principal with it.
	DeleteApplication(ctx context.Context, objectID string) error
	// RestoreApplication brings back a softly deleted one, without its service principal.
	RestoreApplication(ctx context.Context, objectID string) (Application, error)
	// PurgeApplication removes a softly deleted one for good.
	PurgeApplication(ctx context.Context, objectID string) error

	CreateServicePrincipal(ctx context.Context, sp NewServicePrincipal) (ServicePrincipal, error)
	UpdateServicePrincipal(ctx context.Context, objectID string, patch ServicePrincipalPatch) error
	// RestoreServicePrincipal after its application, which has the appID.
	RestoreServicePrincipal(ctx context.Context, objectID, appID string) (ServicePrincipal, error)

	CreateFederatedCredential(ctx context.Context, applicationObjectID string, c FederatedCredential) (FederatedCredential, error)
	// UpdateFederatedCredential addresses the credential by its ID.
	UpdateFederatedCredential(ctx context.Context, applicationObjectID, id string, patch FederatedCredentialPatch) error
	DeleteFederatedCredential(ctx context.Context, applicationObjectID, id string) error

	// Assign gives a role. ErrExists where it is given already.
	Assign(ctx context.Context, a Assignment) (Assignment, error)
	// Unassign takes it away by resource and ID.
	Unassign(ctx context.Context, a Assignment) error

	// CreateGrant consents where there is no grant for the key. ErrExists where there is one.
	CreateGrant(ctx context.Context, g Grant) (Grant, error)
	// ChangeGrant reads the grant afresh, alone among our writes to it, changes its scopes and leaves all others; one that is left
	// without any is deleted, and one that changes nothing is not written. It gives the grant as it is then, without scopes where it
	// is gone. ErrNotFound where there is nothing to add to.
	ChangeGrant(ctx context.Context, g Grant, change GrantChange) (Grant, error)
}

// Directory is a tenant as Steps see it.
type Directory interface {
	Reader
	Writer
}

// Tenants gives out connections.
type Tenants interface {
	// Open gives the connection for a key, and makes it anew when version changes. A connection that is replaced lets steps
	// that use it finish. It makes no request. Refused where the connection itself cannot be: an unlisted custom host, a
	// certificate that does not parse.
	Open(key TenantKey, version string, connection Connection) (Reader, error)
	// Directory gives the open connection to a Step. ErrUnreachable where it is not open.
	Directory(key TenantKey) (Directory, error)
	// Close forgets a connection.
	Close(key TenantKey)
}

// Receipt is what a write leaves behind for those who look into it later.
type Receipt struct {
	// RequestID is Graph's request-id of the last write that was made with the context; empty where none was.
	RequestID string
}

type receiptKey struct{}

// WithReceipt gives a context in which writes fill in the receipt. One receipt is for one goroutine.
func WithReceipt(ctx context.Context) (context.Context, *Receipt) {
	receipt := &Receipt{}
	return context.WithValue(ctx, receiptKey{}, receipt), receipt
}

// Acknowledge notes a write's request-id in the context's receipt, where it has one.
func Acknowledge(ctx context.Context, requestID string) {
	if receipt, has := ctx.Value(receiptKey{}).(*Receipt); has && requestID != "" {
		receipt.RequestID = requestID
	}
}
