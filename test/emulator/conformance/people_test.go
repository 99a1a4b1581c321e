package conformance

import (
	"net/http"
	"testing"
)

// knownPrincipals are who the directory has beside applications; empty where nobody said so.
type knownPrincipals struct{ userID, user, password, groupID, identityID string }

// principalKind is a principal that is no application, by its kind in assignments.
type principalKind struct{ id, set, kind string }

// principalKinds are the principals that this run knows.
func principalKinds(t testing.TB) map[string]principalKind {
	t.Helper()
	out := map[string]principalKind{}
	for name, one := range map[string]principalKind{
		"a user": {examined.principals.userID, "/users/", "User"}, "a group": {examined.principals.groupID, "/groups/", "Group"},
		"a managed identity": {examined.principals.identityID, principals + "/", "ServicePrincipal"},
	} {
		if one.id != "" {
			out[name] = one
		} else {
			t.Logf("nobody named %s: nothing to test", name)
		}
	}
	return out
}

// roleFor is the role that an offer has for a kind of principal, and that for the other kinds.
func roleFor(kind string) (fits, other object) {
	people, machines := role("Orders.Use", object{"allowedMemberTypes": list{"User"}}), role("Orders.Run", nil)
	if kind == "ServicePrincipal" {
		return machines, people
	}
	return people, machines
}

func TestAssignment_OfEveryPrincipalKind(t *testing.T) {
	t.Parallel()
	for name, one := range principalKinds(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first := examined.first
			fits, other := roleFor(one.kind)
			_, api := first.newPair(t, withRoles(fits, other))
			path := principalPath(api) + "/appRoleAssignedTo"
			body := func(role object) object {
				return object{"principalId": one.id, "resourceId": api.id(), "appRoleId": role["id"]}
			}
			got := first.must(t, http.StatusCreated, http.MethodPost, path, body(fits))
			if got.text("principalType") != one.kind || got.text("principalDisplayName") == "" {
				t.Errorf("want principalType %s and a name\ngot  %s", one.kind, got)
			}
			first.refused(t, refusal{message: "already exists"}, http.MethodPost, path, body(fits))
			mirror := query(one.set+one.id+"/appRoleAssignments", "filter", "resourceId eq "+api.id())
			first.find(t, mirror, got.id())
			first.refused(t, badRequest, http.MethodPost, path, body(other))
			first.must(t, http.StatusNoContent, http.MethodDelete, path+"/"+got.id(), nil)
			if _, ok := first.until(t, mirror, func(seen reply) bool { return member(seen, got.id()) == nil }); !ok {
				t.Errorf("%s still lists it", mirror)
			}
		})
	}
}

func TestUser_ReadNeedsPermission(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct{ id, path, right string }{
		"a user":  {examined.principals.userID, "/users/", "User.Read.All"},
		"a group": {examined.principals.groupID, "/groups/", "Group.Read.All"},
	} {
		if row.id == "" {
			t.Logf("nobody named %s: nothing to test", name)
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := examined.callerWith(t, row.right).waitPresent(t, row.path+row.id)
			if got.id() != row.id || got.text("displayName") == "" {
				t.Errorf("got %s", got)
			}
			examined.first.refused(t, insufficient, http.MethodGet, row.path+row.id, nil)
			examined.callerWith(t, readAll).refused(t, insufficient, http.MethodGet, row.path+row.id+"/appRoleAssignments", nil)
			examined.callerWith(t, row.right).refused(t, notFound, http.MethodGet, row.path+guid(), nil)
		})
	}
}

func TestUser_IsFoundByName(t *testing.T) {
	t.Parallel()
	if examined.principals.user == "" {
		t.Log("nobody named a user: nothing to test")
		return
	}
	reader := examined.callerWith(t, "User.Read.All")
	if got := reader.waitPresent(t, "/users/"+examined.principals.user); got.id() != examined.principals.userID {
		t.Errorf("got %s", got)
	}
	reader.find(t, query("/users", "filter", "userPrincipalName eq '"+examined.principals.user+"'"), examined.principals.userID)
}

func TestManagedIdentity_IsNotChangedThroughGraph(t *testing.T) {
	t.Parallel()
	id := examined.principals.identityID
	if id == "" {
		t.Log("nobody named a managed identity: nothing to test")
		return
	}
	got := examined.first.waitPresent(t, principals+"/"+id)
	if got.text("servicePrincipalType") != "ManagedIdentity" || got.text("appId") == "" {
		t.Errorf("got %s", got)
	}
	denied := refusal{status: http.StatusForbidden, other: []int{http.StatusBadRequest}}
	writeAllCaller(t).refused(t, denied, http.MethodDelete, principals+"/"+id, nil)
	examined.first.refused(t, refusal{other: []int{http.StatusNotFound}}, http.MethodGet, by(applications, "appId", "not-"+got.text("appId")), nil)
	application := examined.first.newApplication(t, nil)
	examined.first.newFederated(t, applicationPath(application), object{"issuer": examined.authority + "/" + examined.tenantID + "/v2.0", "subject": id})
}
