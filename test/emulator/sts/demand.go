package sts

import (
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// demand is what somebody has to consent to: that a client uses scopes of an API.
type demand struct {
	client   directory.Client
	resource directory.Resource
	values   []string
}

// demands are what a user has not consented to yet of what a client asks for. Scopes by name are asked for as they are. /.default asks
// for all that the client's registration requires of any API, but only where the user has consented to nothing yet. again asks for
// what has been consented to as well.
func (s *Service) demands(client directory.Client, w wanted, userID string, again bool) ([]demand, *failure) {
	granted, missing, refused := s.scopes(client, w, userID)
	if refused != nil {
		return nil, refused
	}
	if w.all && (again || w.nothing(client, granted)) {
		return s.registered(client, w.resource, len(granted) > 0)
	}
	if again {
		missing = w.values
	}
	if len(missing) == 0 && !again {
		return nil, nil
	}
	return []demand{{client, w.resource, missing}}, nil
}

// registered are the demands of a client's registration; the resource that is asked for must be among them, unless something of it is
// granted already.
func (s *Service) registered(client directory.Client, wanted directory.Resource, granted bool) ([]demand, *failure) {
	var out []demand
	found := granted || wanted.AppID == client.AppID
	for _, party := range s.parties(client) {
		for _, required := range s.registrationOf(party).Required {
			resource, ok := s.directory.Resource(required.ResourceAppID)
			if !ok {
				return nil, resourceNotFound(required.ResourceAppID, s.directory.TenantID())
			}
			found = found || resource.AppID == wanted.AppID
			if values := s.directory.Values(resource.ServicePrincipalID, required.Scopes); len(values) > 0 {
				out = append(out, demand{party, resource, values})
			}
		}
	}
	if !found {
		return nil, resourceNotRegistered(client.AppID, wanted.AppID)
	}
	return out, nil
}

// parties are who gets consent together: a client, and each API that it requires and that knows the client.
func (s *Service) parties(client directory.Client) []directory.Client {
	out := []directory.Client{client}
	for _, required := range s.registrationOf(client).Required {
		api, ok := s.directory.Client(required.ResourceAppID)
		known := func(id string) bool { return strings.EqualFold(id, client.AppID) }
		if ok && api.ServicePrincipalID != "" && slices.ContainsFunc(s.registrationOf(api).KnownClients, known) {
			out = append(out, api)
		}
	}
	return out
}

func (s *Service) registrationOf(client directory.Client) directory.Registration {
	registration, _ := s.directory.Registration(client.AppID)
	return registration
}

// mayConsent says whether a user may consent: each scope is open to users, or the user is an administrator.
func (s *Service) mayConsent(person directory.Person, demands []demand) bool {
	if person.Administrator {
		return true
	}
	for _, d := range demands {
		for _, scope := range s.directory.Scopes(d.resource.ServicePrincipalID) {
			if slices.Contains(d.values, scope.Value) && !scope.UserConsent {
				return false
			}
		}
	}
	return true
}

// record keeps that a user consents; an empty user is everybody.
func (s *Service) record(demands []demand, userID string) *failure {
	for _, d := range demands {
		if len(d.values) == 0 {
			continue
		}
		if err := s.directory.Consent(d.client.ServicePrincipalID, d.resource.ServicePrincipalID, userID, d.values); err != nil {
			return internal(err)
		}
	}
	return nil
}

// consentOf is the page that asks for consent.
func consentOf(action string, client directory.Client, person directory.Person, demands []demand) consentPage {
	page := consentPage{Action: action, Client: client.DisplayName, User: person.UserPrincipalName}
	for _, d := range demands {
		page.Resources = append(page.Resources, resourceScopes{Name: d.resource.DisplayName, Scopes: d.values})
	}
	return page
}
