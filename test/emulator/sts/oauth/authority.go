package oauth

import (
	"net/http"
	"strings"
)

// Authority is the host that the caller used, with the tenant that it named.
type Authority struct {
	Base     string // https://host:port
	Named    string // the tenant as the caller wrote it
	TenantID string // empty for common and organizations
}

// Handler serves a path below an authority.
type Handler func(http.ResponseWriter, *http.Request, Authority)

// Host is host:port.
func (a Authority) Host() string { return strings.TrimPrefix(a.Base, "https://") }

// Path joins the authority's tenant, as an ID where there is one, and rest.
func (a Authority) Path(rest string) string {
	tenant := a.TenantID
	if tenant == "" {
		tenant = a.Named
	}
	return a.Base + "/" + tenant + rest
}

// IssuerV2 is the issuer of v2 tokens; for common it is a template, literally, as in Entra.
func (a Authority) IssuerV2() string { return a.Base + "/" + a.tenantOrTemplate() + "/v2.0" }

// IssuerV1 is the issuer of v1 tokens, in the shape of https://sts.windows.net/{tenant}/.
func (a Authority) IssuerV1() string { return a.Base + "/" + a.tenantOrTemplate() + "/" }

func (a Authority) tenantOrTemplate() string {
	if a.TenantID == "" {
		return "{tenantid}"
	}
	return a.TenantID
}

// IsTokenEndpoint reports whether an assertion's audience is this authority's token endpoint: with the tenant's ID, or with the tenant
// as the caller's URL names it.
func (a Authority) IsTokenEndpoint(audience string) bool {
	return audience == a.Path("/oauth2/v2.0/token") || audience == a.Base+"/"+a.Named+"/oauth2/v2.0/token"
}
