package conformance

import (
	"fmt"
	"net/http"
	"testing"
)

func TestOpenQuestion_EditsOfEnabledEntitlements(t *testing.T) {
	t.Parallel()
	made, exposed := role("Orders.Read.All", nil), scope("Orders.Read", nil)
	for _, row := range []struct {
		name         string
		before, edit object
	}{
		{"value of an enabled role", withRoles(made), withRoles(changed(made, object{"value": "Orders.Other.All"}))},
		{"display name of an enabled role", withRoles(made), withRoles(changed(made, object{"displayName": "Another"}))},
		{"description of an enabled role", withRoles(made), withRoles(changed(made, object{"description": "Another."}))},
		{"member types of an enabled role", withRoles(made), withRoles(changed(made, object{"allowedMemberTypes": list{"User", "Application"}}))},
		{"value of an enabled scope", withScopes(exposed), withScopes(changed(exposed, object{"value": "Orders.Other"}))},
		{"display name of an enabled scope", withScopes(exposed), withScopes(changed(exposed, object{"adminConsentDisplayName": "Another"}))},
		{"type of an enabled scope", withScopes(exposed), withScopes(changed(exposed, object{"type": "User"}))},
	} {
		path := applicationPath(examined.first.newApplication(t, row.before))
		got := examined.first.oneOf(t, []int{http.StatusNoContent, http.StatusBadRequest}, http.MethodPatch, path, row.edit)
		record(t, "d: may the "+row.name+" change without disabling?", yesOrNo(got.status == http.StatusNoContent), statusAndCode(got))
	}
}

func TestOpenQuestion_CostOfRequests(t *testing.T) {
	t.Parallel()
	const question = "i: what do requests cost, and is there a sign of the quota?"
	made, principal := examined.first.newPair(t, nil)
	for _, row := range []struct{ name, path string }{
		{"an application", applicationPath(made)},
		{"an application with $select", query(applicationPath(made), "select", "id")},
		{"an application with $expand", query(applicationPath(made), "expand", "owners")},
		{"an application by appId", by(applications, "appId", made.text("appId"))},
		{"a list of applications", applications},
		{"a filtered list", query(applications, "filter", "appId eq '"+made.text("appId")+"'")},
		{"deleted applications", deletedApplications},
		{"a service principal", principalPath(principal)},
		{"owners", applicationPath(made) + "/owners"},
		{"federated credentials", applicationPath(made) + "/federatedIdentityCredentials"},
		{"assignments of a principal", principalPath(principal) + "/appRoleAssignments"},
		{"assignments of a resource", principalPath(principal) + "/appRoleAssignedTo"},
	} {
		got := examined.first.oneOf(t, []int{http.StatusOK}, http.MethodGet, row.path, nil)
		units := got.header.Get("x-ms-resource-unit")
		if units == "" {
			t.Errorf("%s: want x-ms-resource-unit", got)
		}
		record(t, question, fmt.Sprintf("%s: %s", row.name, units), "x-ms-throttle-limit-percentage "+got.header.Get("x-ms-throttle-limit-percentage"))
	}
}
