package scope

import (
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory/firstparty"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory/signin"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"
)

// Requested is what a request for a user's token asks for: scopes of one resource, and what OpenID Connect adds.
type Requested struct {
	ResourceName string // as the request has it
	Resource     signin.Resource
	Values       []string // scopes of the resource
	Default      bool     // /.default: everything that is granted
	OpenID       bool
	Refresh      bool // offline_access
	OIDC         []string
}

// Parse reads a scope parameter. A value without a resource is one of Microsoft Graph, which host is another name of.
func (r Resolver) Parse(host, scope string) (Requested, *oauth.Error) {
	var requested Requested
	if strings.TrimSpace(scope) == "" {
		return requested, oauth.ParameterMissing("scope")
	}
	for one := range strings.FieldsSeq(scope) {
		if slices.Contains(oidcScopes, one) {
			requested.OIDC = append(requested.OIDC, one)
		} else if !requested.add(one) {
			return requested, ofTwoResources(scope)
		}
	}
	if requested.Default && len(requested.Values) > 0 {
		return requested, invalid(scope, ".default scope can't be combined with resource-specific scopes.")
	}
	requested.OpenID, requested.Refresh = slices.Contains(requested.OIDC, "openid"), slices.Contains(requested.OIDC, "offline_access")
	if requested.ResourceName == "" {
		requested.ResourceName = firstparty.GraphAppID
	}
	var refused *oauth.Error
	requested.Resource, refused = r.Resource(host, requested.ResourceName)
	return requested, refused
}

// add adds one scope of a resource. It reports whether the scope is complete and of the same resource as those before.
func (q *Requested) add(scope string) bool {
	name, value := firstparty.GraphAppID, scope
	if i := strings.LastIndex(scope, "/"); i >= 0 {
		name, value = scope[:i], scope[i+1:]
	}
	if q.ResourceName != "" && q.ResourceName != name || name == "" || value == "" {
		return false
	}
	q.ResourceName = name
	if value == ".default" {
		q.Default = true
	} else {
		q.Values = append(q.Values, value)
	}
	return true
}

// Granted are the consented scopes of the resource, and those that are requested by name but not consented to.
func (r Resolver) Granted(client signin.Client, requested Requested, userID string) (granted, missing []string, refused *oauth.Error) {
	resourceID := requested.Resource.ServicePrincipalID
	granted = r.Directory.Granted(client, resourceID, userID)
	offered := r.Directory.Scopes(resourceID)
	for _, value := range requested.Values {
		if !slices.ContainsFunc(offered, func(o signin.Scope) bool { return o.Value == value }) {
			return nil, nil, unknown(client.DisplayName, value, requested.Resource.DisplayName)
		}
		if !slices.Contains(granted, value) {
			missing = append(missing, value)
		}
	}
	return granted, missing, nil
}

// NeedsConsent reports whether the request is for everything that is granted, while nothing is granted. An application needs no consent
// to be requested by itself.
func (q Requested) NeedsConsent(client signin.Client, granted []string) bool {
	return q.Default && len(granted) == 0 && q.Resource.AppID != client.AppID
}
