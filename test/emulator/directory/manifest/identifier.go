package manifest

import (
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

const identifierPath = "identifierUris"

// identifiers holds the identifier URIs against the audience's column, and the new ones against the tenant's default
// policy, which applications with version 2 tokens are exempt from.
func (r rules) identifiers(change Change) error {
	uris, old := odata.Texts(change.After, identifierPath), odata.Texts(change.Before, identifierPath)
	if len(uris) > r.column.identifierURIs {
		return invalid(identifierPath)
	}
	appID := odata.Text(change.After, "appId")
	version2 := odata.At(change.After, "api", "requestedAccessTokenVersion") == 2
	for i, uri := range uris {
		if slices.Contains(uris[:i], uri) {
			return invalid(identifierPath)
		}
		if err := r.identifier(uri, appID); err != nil {
			return err
		}
		if !version2 && !slices.Contains(old, uri) && !r.compliant(uri, appID) {
			return odata.BadRequest("Failed to add identifier URI %s. All newly added URIs must contain a tenant verified domain, "+
				"tenant ID, or app ID, as per the default tenant policy of your organization. See "+
				"https://aka.ms/identifier-uri-addition-error for more information on this error.", uri).
				With("InvalidValue", identifierPath)
		}
	}
	return nil
}

func (r rules) identifier(uri, appID string) error {
	u, err := url.Parse(uri)
	switch {
	case length(uri) > r.column.identifierURI:
		return tooLong(identifierPath)
	case err != nil, uri == "", strings.HasSuffix(uri, "/"), strings.ContainsAny(uri, " \t\r\n"):
		return invalid(identifierPath)
	case r.column.personal && strings.ContainsAny(uri, "*#?"):
		return invalid(identifierPath)
	}
	switch u.Scheme {
	case "api":
		if _, bad := uuid.Parse(u.Host); bad == nil && !strings.EqualFold(u.Host, appID) && !strings.EqualFold(u.Host, r.tenant.ID) {
			return invalid(identifierPath)
		}
	case "http", "https":
		if !r.verified(u.Hostname()) {
			return odata.BadRequest("Values of identifierUris property must use a verified domain of the organization or its subdomain: '%s'", uri).
				With("HostNameNotOnVerifiedDomain", identifierPath)
		}
		return nil
	case "ms-appx":
	case "urn":
		if r.column.personal {
			return invalid(identifierPath)
		}
		return nil
	default:
		return invalid(identifierPath)
	}
	if u.Host == "" {
		return invalid(identifierPath)
	}
	return nil
}

// verified says whether a host is a verified domain or below one.
func (r rules) verified(host string) bool {
	return slices.ContainsFunc(r.tenant.VerifiedDomains, func(domain string) bool {
		return strings.EqualFold(host, domain) || below(host, domain)
	})
}

func below(host, domain string) bool {
	return strings.HasSuffix(strings.ToLower(host), "."+strings.ToLower(domain))
}

// compliant says whether a URI has one of the patterns that the default policy takes.
func (r rules) compliant(uri, appID string) bool {
	u, err := url.Parse(uri)
	if err != nil {
		return false
	}
	path := strings.Trim(u.Path, "/")
	switch u.Scheme {
	case "api":
		return strings.EqualFold(u.Host, appID) && path == "" ||
			strings.EqualFold(u.Host, r.tenant.ID) && path != "" ||
			strings.EqualFold(path, appID) && appID != "" ||
			path != "" && slices.ContainsFunc(r.tenant.VerifiedDomains, func(domain string) bool { return below(u.Host, domain) })
	case "https":
		return slices.ContainsFunc(r.tenant.VerifiedDomains, func(domain string) bool {
			return strings.EqualFold(u.Host, domain) && path != "" || below(u.Host, domain)
		})
	default:
		return false
	}
}
