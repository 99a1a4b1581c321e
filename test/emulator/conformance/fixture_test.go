package conformance

import (
	"maps"
	"net/http"
	"testing"

	"github.com/google/uuid"
)

const singleTenant = "AzureADMyOrg"

// zero is the all-zero GUID.
const zero = "00000000-0000-0000-0000-000000000000"

// graphAppID is Microsoft Graph's own application.
const graphAppID = "00000003-0000-0000-c000-000000000000"

// application is the body of a new application: what every application of this suite has, with more laid over it.
func (s *tenant) application(more object) object {
	body := object{
		"displayName":    s.name(),
		"signInAudience": singleTenant,
		"tags":           list{suiteTag, s.prefix() + "run"},
	}
	maps.Copy(body, more)
	return body
}

// newApplication makes an application and waits until it can be read.
func (c *caller) newApplication(t testing.TB, more object) reply {
	t.Helper()
	made := c.must(t, http.StatusCreated, http.MethodPost, "/applications", c.tenant.application(more))
	c.waitPresent(t, applicationPath(made))
	return made
}

// newPrincipal makes the service principal of an application and waits until it can be read.
func (c *caller) newPrincipal(t testing.TB, application reply, more object) reply {
	t.Helper()
	body := object{"appId": application.text("appId")}
	maps.Copy(body, more)
	made := c.must(t, http.StatusCreated, http.MethodPost, "/servicePrincipals", body)
	c.waitPresent(t, principalPath(made))
	return made
}

// newPair makes an application with its service principal.
func (c *caller) newPair(t testing.TB, more object) (application, principal reply) {
	t.Helper()
	application = c.newApplication(t, more)
	return application, c.newPrincipal(t, application, nil)
}

func applicationPath(application reply) string { return "/applications/" + application.id() }

func principalPath(principal reply) string { return "/servicePrincipals/" + principal.id() }

func guid() string { return uuid.NewString() }

// role is an enabled app role for applications, with more laid over it.
func role(value string, more object) object {
	made := object{
		"id": guid(), "value": value, "displayName": value, "description": "May do " + value + ".",
		"allowedMemberTypes": list{"Application"}, "isEnabled": true,
	}
	maps.Copy(made, more)
	return made
}

// scope is an enabled admin scope, with more laid over it.
func scope(value string, more object) object {
	made := object{
		"id": guid(), "value": value, "type": "Admin", "isEnabled": true,
		"adminConsentDisplayName": value, "adminConsentDescription": "May do " + value + ".",
	}
	maps.Copy(made, more)
	return made
}

// changed is a copy with some properties replaced.
func changed(in, more object) object {
	out := maps.Clone(in)
	maps.Copy(out, more)
	return out
}

// without is a copy that lacks some properties.
func without(in object, names ...string) object {
	out := maps.Clone(in)
	for _, name := range names {
		delete(out, name)
	}
	return out
}

// listOf are the members as a list, also where there is none: a nil list is null on the wire.
func listOf(members []any) list { return append(list{}, members...) }

// withScopes is an application that exposes scopes.
func withScopes(scopes ...any) object {
	return object{"api": object{"oauth2PermissionScopes": listOf(scopes)}}
}

// withRoles is an application that has roles.
func withRoles(roles ...any) object { return object{"appRoles": listOf(roles)} }
