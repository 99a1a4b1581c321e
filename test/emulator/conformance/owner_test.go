package conformance

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// reference is the body of a POST to …/owners/$ref.
func (s *tenant) reference(id string) object {
	return object{"@odata.id": s.graph + "/v1.0/directoryObjects/" + id}
}

// owned is the property of a new application that makes its owners.
func (s *tenant) owned(ids ...string) object {
	refs := make(list, len(ids))
	for i, id := range ids {
		refs[i] = s.graph + "/v1.0/directoryObjects/" + id
	}
	return object{"owners@odata.bind": refs}
}

// self is the object ID of the caller's own service principal.
func (c *caller) self(t testing.TB) string {
	t.Helper()
	return examined.first.waitPresent(t, by(principals, "appId", c.id)).id()
}

// owners are the object IDs of an object's owners, once they include what they have to.
func (c *caller) owners(t testing.TB, path string, include ...string) []string {
	t.Helper()
	var found []string
	got, ok := c.until(t, path+"/owners", func(got reply) bool {
		found = nil
		for _, one := range got.values() {
			found = append(found, text(one, "id"))
		}
		return !slices.ContainsFunc(include, func(id string) bool { return !slices.Contains(found, id) })
	})
	if !ok {
		t.Errorf("want the owners %q\ngot  %s", include, got)
	}
	return found
}

func TestOwner_IsDirectoryObject(t *testing.T) {
	t.Parallel()
	self := examined.first.self(t)
	made := examined.first.newApplication(t, examined.owned(self))
	examined.first.owners(t, applicationPath(made), self)
	got := examined.first.waitPresent(t, applicationPath(made)+"/owners")
	if !strings.HasSuffix(got.text("@odata.context"), "$metadata#directoryObjects") {
		t.Errorf("@odata.context: want directoryObjects, got %q", got.text("@odata.context"))
	}
	for _, one := range got.values() {
		if text(one, "@odata.type") != "#microsoft.graph.servicePrincipal" || text(one, "appId") != examined.first.id {
			t.Errorf("want the caller's service principal with its type, got %v", one)
		}
	}
}

func TestOwner_IsBoundAtCreate(t *testing.T) {
	t.Parallel()
	_, other := examined.first.newPair(t, nil)
	self := examined.first.self(t)
	made := examined.first.newApplication(t, examined.owned(self, other.id()))
	examined.first.owners(t, applicationPath(made), self, other.id())
	if got := len(examined.first.owners(t, applicationPath(made))); got != 2 {
		t.Errorf("want two owners, got %d: binding oneself makes no second owner", got)
	}

	principal := examined.first.newPrincipal(t, made, examined.owned(self))
	examined.first.owners(t, principalPath(principal), self)
}

func TestOwner_IsAddedAndRemovedByReference(t *testing.T) {
	t.Parallel()
	_, other := examined.first.newPair(t, nil)
	made := examined.first.newApplication(t, nil)
	path := applicationPath(made)
	got := writeAllCaller(t).must(t, http.StatusNoContent, http.MethodPost, path+"/owners/$ref", examined.reference(other.id()))
	if len(got.raw) != 0 {
		t.Errorf("want an empty body, got %s", got)
	}
	examined.first.owners(t, path, other.id())
	writeAllCaller(t).refused(t, badRequest, http.MethodPost, path+"/owners/$ref", examined.reference(other.id()))
	writeAllCaller(t).must(t, http.StatusNoContent, http.MethodDelete, path+"/owners/"+other.id()+"/$ref", nil)
	_, ok := examined.first.until(t, path+"/owners", func(got reply) bool { return member(got, other.id()) == nil })
	if !ok {
		t.Errorf("%s is still an owner", other.id())
	}
	writeAllCaller(t).refused(t, notFound, http.MethodDelete, path+"/owners/"+other.id()+"/$ref", nil)
}

func TestOwner_IsUserOrServicePrincipal(t *testing.T) {
	t.Parallel()
	made, other := examined.first.newApplication(t, nil), examined.first.newApplication(t, nil)
	path := applicationPath(made) + "/owners/$ref"
	writeAllCaller(t).refused(t, badRequest, http.MethodPost, path, examined.reference(other.id()))
	unknown := refusal{other: []int{http.StatusNotFound}}
	writeAllCaller(t).refused(t, unknown, http.MethodPost, path, examined.reference(guid()))
	examined.first.refused(t, unknown, http.MethodPost, applications, examined.application(examined.owned(guid())))
}
