package manifest

import (
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

const identifierPath = "identifierUris"

// identifiers checks the identifier URIs against the audience's limits, and the new ones against the tenant's default policy, from which
// applications with version 2 tokens are exempt.
func (r rules) identifiers(change Change) error {
	uris, old := odata.Texts(change.After, identifierPath), odata.Texts(change.Before, identifierPath)
	if len(uris) > r.limits.identifierURIs {
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
		if !version2 && !slices.Contains(old, uri) && !r.compliesWithPolicy(uri, appID) {
			return odata.BadRequest("Failed to add identifier URI %s. All newly added URIs must contain a tenant verified domain, "+
				"tenant ID, or app ID, as per the default tenant policy of your organization. See "+
				"https://aka.ms/identifier-uri-addition-error for more information on this error.", uri).
				With("InvalidValue", identifierPath)
		}
	}
	return nil
}

// identifier checks one URI against the audience's limits and its scheme's rules.
func (r rules) identifier(uri, appID string) error {
	u, err := url.Parse(uri)
	switch {
	case length(uri) > r.limits.identifierURI:
		return tooLong(identifierPath)
	case err != nil, uri == "", strings.HasSuffix(uri, "/"), strings.ContainsAny(uri, " \t\r\n"):
		return invalid(identifierPath)
	case r.limits.personal && (u.Scheme == "urn" || strings.ContainsAny(uri, "*#?")):
		return invalid(identifierPath)
	}
	return r.scheme(u, appID)
}

func (r rules) scheme(u *url.URL, appID string) error {
	switch u.Scheme {
	case "http", "https":
		if !r.isVerified(u.Hostname()) {
			return odata.BadRequest("Values of identifierUris property must use a verified domain of the organization or its subdomain: '%s'", u).
				With("HostNameNotOnVerifiedDomain", identifierPath)
		}
		return nil
	case "urn":
		return nil
	case "api", "ms-appx":
		if u.Host != "" && (u.Scheme != "api" || r.isOwnGUID(u.Host, appID)) {
			return nil
		}
	}
	return invalid(identifierPath)
}

// isOwnGUID reports whether the host of an api:// URI is no GUID, or the application's or the tenant's.
func (r rules) isOwnGUID(host, appID string) bool {
	return uuid.Validate(host) != nil || strings.EqualFold(host, appID) || strings.EqualFold(host, r.tenant.ID)
}

// isVerified reports whether a host is a verified domain or a subdomain of one.
func (r rules) isVerified(host string) bool {
	return slices.ContainsFunc(r.tenant.VerifiedDomains, func(domain string) bool {
		return strings.EqualFold(host, domain) || isSubdomain(host, domain)
	})
}

func isSubdomain(host, domain string) bool {
	return strings.HasSuffix(strings.ToLower(host), "."+strings.ToLower(domain))
}

// compliesWithPolicy reports whether a URI has one of the patterns that the default policy accepts.
func (r rules) compliesWithPolicy(uri, appID string) bool {
	u, err := url.Parse(uri)
	if err != nil {
		return false
	}
	path := strings.Trim(u.Path, "/")
	onDomain := slices.ContainsFunc(r.tenant.VerifiedDomains, func(domain string) bool { return isSubdomain(u.Host, domain) })
	switch {
	case u.Scheme == "https":
		return onDomain || path != "" && r.isVerified(u.Host)
	case u.Scheme != "api":
		return false
	case path == "":
		return strings.EqualFold(u.Host, appID)
	default:
		return onDomain || strings.EqualFold(u.Host, r.tenant.ID) || strings.EqualFold(path, appID)
	}
}
