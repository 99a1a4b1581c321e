package entra

// TenantKey names an open connection.
type TenantKey struct {
	// UID of the EntraTenant.
	UID string
	// Privileged is true where the connection signs in as the tenant's privilegedAuth.
	Privileged bool
}

// Connection is everything that is needed to talk to a tenant, as plain values.
type Connection struct {
	TenantID string
	// Authority and Graph are base URLs, https://host[:port].
	Authority string
	Graph     string
	// CABundle is PEM; empty for the system's certificate authorities.
	CABundle string
	// Custom is true where the endpoints are none of Microsoft's: their hosts must be listed (--custom-endpoint-hosts).
	Custom bool
	// Size is Small, Medium or Large: Graph's quota.
	Size string
	Auth Auth
}

// Auth is how the operator signs in.
type Auth struct {
	// Type is WorkloadIdentity, ManagedIdentity, ClientCertificate or ClientSecret.
	Type     string
	ClientID string
	Secret   Sensitive
	// Certificate and Key are PEM.
	Certificate Sensitive
	Key         Sensitive
}

// Identity is who the operator is in a tenant, by its own token.
type Identity struct {
	AppID string
	// ObjectID of our service principal: the token's oid.
	ObjectID string
	TenantID string
	// Roles are Microsoft Graph's application permissions that we hold.
	Roles []string
}

// Organization is the tenant itself.
type Organization struct {
	ID          string
	DisplayName string
	// Domains that are verified, the initial one among them.
	Domains []string
}

// Endpoints are the token service's addresses, from its discovery document.
type Endpoints struct {
	Issuer              string
	Authorization       string
	Token               string
	DeviceAuthorization string
	EndSession          string
	JWKS                string
	Discovery           string
}
