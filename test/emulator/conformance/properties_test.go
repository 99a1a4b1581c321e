package conformance

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/entra-registrar/entra-registrar/test/emulator/conformance/metadata"
)

// element is a good value of a type, into which one bad property is put.
func element(kind string) object {
	good := map[string]object{
		"appRole":                           role("Orders.Read.All", nil),
		"permissionScope":                   scope("Orders.Read", nil),
		"addIn":                             {"id": guid(), "type": "FileHandler", "properties": list{}},
		"keyValue":                          {"key": "a", "value": "b"},
		"optionalClaim":                     {"name": "email", "essential": false},
		"requiredResourceAccess":            {"resourceAppId": graphAppID, "resourceAccess": list{}},
		"resourceAccess":                    {"id": guid(), "type": "Role"},
		"preAuthorizedApplication":          {"appId": guid(), "delegatedPermissionIds": list{}},
		"redirectUriSettings":               {"uri": "https://orders.example.com/", "index": nil},
		"keyCredential":                     {"type": "AsymmetricX509Cert", "usage": "Verify"},
		"resourceSpecificPermission":        {"id": guid(), "isEnabled": true, "value": "x"},
		"requestSignatureVerification":      {"isSignedRequestRequired": false},
		"servicePrincipalLockConfiguration": {"isEnabled": true},
	}[kind]
	return maps.Clone(good)
}

// typeError is a body with one thing in it that the metadata does not allow.
type typeError struct {
	name string
	body object
}

// typeErrors are all ways to break the metadata with one property below a type. wrap puts a value of that type into a body.
func typeErrors(kind, path string, wrap func(object) object) []typeError {
	known := metadata.Types()
	put := func(name string, value any) object {
		body := element(kind)
		if body == nil {
			body = object{}
		}
		body[name] = value
		return wrap(body)
	}
	out := []typeError{
		{path + "noSuchProperty is unknown", put("noSuchProperty", "x")},
		{path + "noSuchProperty is unknown also with null", put("noSuchProperty", nil)},
	}
	for _, one := range known[kind] {
		where := path + one.Name
		if !one.Nullable {
			out = append(out, typeError{where + " is not nullable", put(one.Name, nil)})
		}
		out = append(out, typeError{path + strings.ToUpper(one.Name) + " is another name", put(strings.ToUpper(one.Name), nil)})
		member := func(value any) object {
			if one.Collection {
				return put(one.Name, list{value})
			}
			return put(one.Name, value)
		}
		for _, bad := range metadata.IllTyped[one.Kind] {
			out = append(out, typeError{fmt.Sprintf("%s is no %T %v", where, bad, bad), member(bad)})
		}
		if one.Collection {
			out = append(out, typeError{where + " is no object", put(one.Name, object{})}, typeError{where + " is no text", put(one.Name, "x")})
		}
		if known[one.Kind] != nil {
			out = append(out, typeError{where + " is made of objects", member("x")})
			out = append(out, typeErrors(one.Kind, where+"/", func(inner object) object { return member(inner) })...)
		}
	}
	return out
}

func unwrapped(body object) object { return body }

// checkTypeErrors sends every type error to one path.
func checkTypeErrors(t *testing.T, c *caller, method, path string, all []typeError) {
	t.Helper()
	before := c.waitPresent(t, path).body
	t.Run("rows", func(t *testing.T) {
		for _, one := range all {
			t.Run(one.name, func(t *testing.T) {
				t.Parallel()
				c.refused(t, badRequest, method, path, one.body)
			})
		}
	})
	c.waitShown(t, path, before)
}

func TestPropertyTypes_OfApplication(t *testing.T) {
	t.Parallel()
	path := applicationPath(examined.first.newApplication(t, nil))
	checkTypeErrors(t, examined.first, http.MethodPatch, path, typeErrors("application", "", unwrapped))
}

func TestPropertyTypes_OfServicePrincipal(t *testing.T) {
	t.Parallel()
	_, principal := examined.first.newPair(t, nil)
	checkTypeErrors(t, examined.first, http.MethodPatch, principalPath(principal), typeErrors("servicePrincipal", "", unwrapped))
}

func TestPropertyTypes_OfFederatedCredential(t *testing.T) {
	t.Parallel()
	application := examined.first.newApplication(t, nil)
	made := examined.first.newFederated(t, applicationPath(application), nil)
	path := applicationPath(application) + "/federatedIdentityCredentials/" + made.id()
	checkTypeErrors(t, examined.first, http.MethodPatch, path, typeErrors("federatedIdentityCredential", "", unwrapped))
}

func TestPropertyTypes_CheckedAtCreate(t *testing.T) {
	t.Parallel()
	for _, one := range typeErrors("application", "", unwrapped) {
		if strings.Contains(one.name, "/") {
			continue // the nested ones are sent as PATCH
		}
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			examined.first.refused(t, badRequest, http.MethodPost, applications, examined.application(one.body))
		})
	}
}

func TestPropertyTypes_OfAddPassword(t *testing.T) {
	t.Parallel()
	path := applicationPath(examined.first.newApplication(t, nil)) + "/addPassword"
	all := typeErrors("passwordCredential", "passwordCredential/", func(inner object) object { return object{"passwordCredential": inner} })
	all = append(all,
		typeError{"passwordCredential is made of objects", object{"passwordCredential": "x"}},
		typeError{"an unknown parameter", object{"passwordCredential": object{}, "noSuchParameter": 1}},
	)
	for _, one := range all {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			examined.first.refused(t, badRequest, http.MethodPost, path, one.body)
		})
	}
}

func TestPropertyTypes_OfAssignment(t *testing.T) {
	t.Parallel()
	made := newRoleOffer(t)
	for _, one := range typeErrors("appRoleAssignment", "", unwrapped) {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			examined.first.refused(t, badRequest, http.MethodPost, made.assignedTo, made.body(one.body))
		})
	}
}
