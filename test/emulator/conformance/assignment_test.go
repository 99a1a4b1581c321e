package conformance

import (
	"net/http"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// assignmentID is the form of an assignment's opaque id: base64url of 32 bytes.
var assignmentID = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

// roleOffer is an API with one role, and a client to give it to.
type roleOffer struct {
	api, client          reply // service principals
	apiApp               reply
	role                 object
	assignedTo, assigned string // the same assignments, from both sides
}

func newRoleOffer(t testing.TB) roleOffer {
	t.Helper()
	made := roleOffer{role: role("Orders.Read.All", nil)}
	made.apiApp, made.api = examined.first.newPair(t, withRoles(made.role))
	_, made.client = examined.first.newPair(t, nil)
	made.assignedTo = principalPath(made.api) + "/appRoleAssignedTo"
	made.assigned = principalPath(made.client) + "/appRoleAssignments"
	return made
}

func (o roleOffer) body(more object) object {
	return changed(object{"principalId": o.client.id(), "resourceId": o.api.id(), "appRoleId": o.role["id"]}, more)
}

func TestAssignment_IsSameObjectFromBothSides(t *testing.T) {
	t.Parallel()
	for name, side := range map[string]func(roleOffer) string{
		"made at the resource":  func(o roleOffer) string { return o.assignedTo },
		"made at the principal": func(o roleOffer) string { return o.assigned },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first, made := examined.first, newRoleOffer(t)
			got := first.must(t, http.StatusCreated, http.MethodPost, side(made), made.body(nil))
			hasKeys(t, got.body, assignmentKeys)
			if !assignmentID.MatchString(got.id()) {
				t.Errorf("id: want 43 characters of base64url, got %q", got.id())
			}
			want := changed(made.body(nil), object{
				"principalType": "ServicePrincipal", "principalDisplayName": made.client.text("displayName"),
				"resourceDisplayName": made.api.text("displayName"), "deletedDateTime": nil,
			})
			if !includes(got.body, asJSON(want)) {
				t.Errorf("want %v\ngot  %s", want, got)
			}
			seen := first.find(t, made.assignedTo, got.id())
			if diff := cmp.Diff(seen, first.find(t, made.assigned, got.id())); diff != "" {
				t.Errorf("the two sides differ (-resource +principal):\n%s", diff)
			}
			for _, path := range []string{made.assignedTo, made.assigned} {
				first.waitShown(t, path+"/"+got.id(), changed(want, object{"id": got.id()}))
			}
		})
	}
}

func TestAssignment_IsDeletedFromEitherSide(t *testing.T) {
	t.Parallel()
	for name, side := range map[string]func(roleOffer) string{
		"at the resource":  func(o roleOffer) string { return o.assignedTo },
		"at the principal": func(o roleOffer) string { return o.assigned },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first, made := examined.first, newRoleOffer(t)
			got := first.must(t, http.StatusCreated, http.MethodPost, made.assignedTo, made.body(nil))
			first.find(t, made.assignedTo, got.id())
			first.must(t, http.StatusNoContent, http.MethodDelete, side(made)+"/"+got.id(), nil)
			for _, path := range []string{made.assignedTo, made.assigned} {
				if _, ok := first.until(t, path, func(seen reply) bool { return member(seen, got.id()) == nil }); !ok {
					t.Errorf("%s still lists it", path)
				}
			}
			first.refused(t, notFound, http.MethodDelete, side(made)+"/"+got.id(), nil)
		})
	}
}

func TestAssignment_IsNotFoundAtAnotherResource(t *testing.T) {
	t.Parallel()
	first, made, other := examined.first, newRoleOffer(t), newRoleOffer(t)
	got := first.must(t, http.StatusCreated, http.MethodPost, made.assignedTo, made.body(nil))
	first.find(t, made.assignedTo, got.id())
	for _, path := range []string{other.assignedTo, other.assigned} {
		first.refused(t, notFound, http.MethodGet, path+"/"+got.id(), nil)
		first.refused(t, notFound, http.MethodDelete, path+"/"+got.id(), nil)
	}
	first.find(t, made.assignedTo, got.id())
}

func TestAssignment_ByAlternateKeyOfResource(t *testing.T) {
	t.Parallel()
	made := newRoleOffer(t)
	path := by(principals, "appId", made.api.text("appId")) + "/appRoleAssignedTo"
	got := examined.first.must(t, http.StatusCreated, http.MethodPost, path, made.body(nil))
	examined.first.find(t, path, got.id())
}

func TestAssignment_RefusesDuplicate(t *testing.T) {
	t.Parallel()
	made := newRoleOffer(t)
	examined.first.must(t, http.StatusCreated, http.MethodPost, made.assignedTo, made.body(nil))
	duplicate := refusal{other: []int{http.StatusConflict}, message: "already exists"}
	examined.first.refused(t, duplicate, http.MethodPost, made.assignedTo, made.body(nil))
	examined.first.refused(t, duplicate, http.MethodPost, made.assigned, made.body(nil))
}

func TestAssignment_Refusals(t *testing.T) {
	t.Parallel()
	made, other := newRoleOffer(t), newRoleOffer(t)
	missing := refusal{other: []int{http.StatusNotFound}}
	for name, row := range map[string]struct {
		body object
		want refusal
	}{
		"an unknown role":                      {made.body(object{"appRoleId": guid()}), badRequest},
		"another resource's role":              {made.body(object{"appRoleId": other.role["id"]}), badRequest},
		"another resource":                     {made.body(object{"resourceId": other.api.id()}), badRequest},
		"an unknown principal":                 {made.body(object{"principalId": guid()}), missing},
		"an application as principal":          {made.body(object{"principalId": made.apiApp.id()}), missing},
		"default access where there are roles": {made.body(object{"appRoleId": zero}), badRequest},
		"a role that is no GUID":               {made.body(object{"appRoleId": "Orders.Read.All"}), badRequest},
		"no role":                              {without(made.body(nil), "appRoleId"), badRequest},
		"no principal":                         {without(made.body(nil), "principalId"), badRequest},
		"an unknown property":                  {made.body(object{"noSuchProperty": "x"}), badRequest},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			examined.first.refused(t, row.want, http.MethodPost, made.assignedTo, row.body)
		})
	}
}

func TestAssignment_RefusesDisabledRole(t *testing.T) {
	t.Parallel()
	first, made := examined.first, newRoleOffer(t)
	disabled := withRoles(changed(made.role, object{"isEnabled": false}))
	first.must(t, http.StatusNoContent, http.MethodPatch, applicationPath(made.apiApp), disabled)
	first.waitShown(t, principalPath(made.api), disabled)
	undo := func(got reply) { first.call(t, http.MethodDelete, made.assignedTo+"/"+got.id(), nil) }
	first.eventuallyRefuses(t, badRequest, undo, http.MethodPost, made.assignedTo, made.body(nil))
}

func TestAssignment_DefaultAccessWithoutRoles(t *testing.T) {
	t.Parallel()
	made := newRoleOffer(t)
	body := object{"principalId": made.api.id(), "resourceId": made.client.id(), "appRoleId": zero}
	got := examined.first.must(t, http.StatusCreated, http.MethodPost, principalPath(made.client)+"/appRoleAssignedTo", body)
	if got.text("appRoleId") != zero {
		t.Errorf("appRoleId: want zeros, got %q", got.text("appRoleId"))
	}
}

func TestAssignment_RefusesPatch(t *testing.T) {
	t.Parallel()
	made := newRoleOffer(t)
	got := examined.first.must(t, http.StatusCreated, http.MethodPost, made.assignedTo, made.body(nil))
	anyRefusal := refusal{status: http.StatusMethodNotAllowed, other: []int{http.StatusBadRequest, http.StatusNotFound}}
	examined.first.refused(t, anyRefusal, http.MethodPatch, made.assignedTo+"/"+got.id(), object{"appRoleId": guid()})
}

func TestAssignment_FiltersByResourceAndPrincipalName(t *testing.T) {
	t.Parallel()
	first, made := examined.first, newRoleOffer(t)
	got := first.must(t, http.StatusCreated, http.MethodPost, made.assignedTo, made.body(nil))
	name := made.client.text("displayName")
	for _, filter := range []string{
		"resourceId eq " + made.api.id(), "principalDisplayName eq '" + name + "'", "startswith(principalDisplayName,'" + name + "')",
	} {
		first.find(t, query(made.assigned, "filter", filter), got.id())
	}
	none := query(made.assigned, "filter", "resourceId eq "+guid())
	if listed := first.must(t, http.StatusOK, http.MethodGet, none, nil); len(listed.values()) != 0 {
		t.Errorf("want none\ngot  %s", listed)
	}
	first.refused(t, badRequest, http.MethodGet, query(made.assignedTo, "filter", "appRoleId eq "+text(made.role, "id")), nil)
}

func TestAssignment_ExpandsWithPrincipal(t *testing.T) {
	t.Parallel()
	made := newRoleOffer(t)
	got := examined.first.must(t, http.StatusCreated, http.MethodPost, made.assignedTo, made.body(nil))
	path := query(principalPath(made.client), "expand", "appRoleAssignments")
	examined.first.waitShown(t, path, object{"id": made.client.id(), "appRoleAssignments": list{object{"id": got.id(), "appRoleId": made.role["id"]}}})
	path = query(principalPath(made.api), "expand", "appRoleAssignedTo")
	examined.first.waitShown(t, path, object{"appRoleAssignedTo": list{object{"id": got.id()}}})
}

func TestAssignment_NeedsBothPermissions(t *testing.T) {
	t.Parallel()
	made := newRoleOffer(t)
	examined.callerWith(t, assignAll).refused(t, insufficient, http.MethodPost, made.assignedTo, made.body(nil))
	nonOwner(t).refused(t, insufficient, http.MethodPost, made.assignedTo, made.body(nil))
	examined.callerWith(t, readAll).refused(t, insufficient, http.MethodPost, made.assignedTo, made.body(nil))
	examined.callerWith(t, assignAll, readAll).must(t, http.StatusCreated, http.MethodPost, made.assignedTo, made.body(nil))
}
