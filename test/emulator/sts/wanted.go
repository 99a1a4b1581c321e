package sts

import (
	"net/http"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// wanted is what a request for a user's token asks for: scopes of one resource, and what OpenID Connect adds.
type wanted struct {
	named    string // the resource as asked for
	resource directory.Resource
	values   []string // scopes of the resource
	all      bool     // /.default: everything that is granted
	openID   bool
	refresh  bool // offline_access
	oidc     []string
}

// wanted reads a scope parameter. A value without a resource is one of Microsoft Graph.
func (s *Service) wanted(r *http.Request, scope string) (wanted, *failure) {
	var w wanted
	if strings.TrimSpace(scope) == "" {
		return w, parameterMissing("scope")
	}
	for one := range strings.FieldsSeq(scope) {
		if slices.Contains(oidcScopes, one) {
			w.oidc = append(w.oidc, one)
		} else if !w.add(one) {
			return w, scopeOfTwoResources(scope)
		}
	}
	if w.all && len(w.values) > 0 {
		return w, scopeInvalid(scope, ".default scope can't be combined with resource-specific scopes.")
	}
	w.openID, w.refresh = slices.Contains(w.oidc, "openid"), slices.Contains(w.oidc, "offline_access")
	if w.named == "" {
		w.named = directory.MicrosoftGraphAppID
	}
	var refused *failure
	w.resource, refused = s.resource(r.Host, w.named)
	return w, refused
}

// add takes in one scope of a resource. It says whether the scope is whole and of the same resource as those before.
func (w *wanted) add(scope string) bool {
	named, value := directory.MicrosoftGraphAppID, scope
	if i := strings.LastIndex(scope, "/"); i >= 0 {
		named, value = scope[:i], scope[i+1:]
	}
	if w.named != "" && w.named != named || named == "" || value == "" {
		return false
	}
	w.named = named
	if value == ".default" {
		w.all = true
	} else {
		w.values = append(w.values, value)
	}
	return true
}

// scopes are the consented scopes of the resource, and those that are wanted by name but not consented.
func (s *Service) scopes(client directory.Client, w wanted, userID string) (granted, missing []string, refused *failure) {
	resourceID := w.resource.ServicePrincipalID
	granted = s.directory.Granted(client, resourceID, userID)
	offered := s.directory.Scopes(resourceID)
	for _, value := range w.values {
		if !slices.ContainsFunc(offered, func(o directory.Scope) bool { return o.Value == value }) {
			return nil, nil, scopeUnknown(client.DisplayName, value, w.resource.DisplayName)
		}
		if !slices.Contains(granted, value) {
			missing = append(missing, value)
		}
	}
	return granted, missing, nil
}

// nothing says whether everything that is granted is asked for and nothing is granted. An application needs no consent to be asked
// for by itself.
func (w wanted) nothing(client directory.Client, granted []string) bool {
	return w.all && len(granted) == 0 && w.resource.AppID != client.AppID
}
