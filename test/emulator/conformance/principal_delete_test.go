package conformance

import (
	"net/http"
	"testing"
)

func TestPrincipalDelete_IsSoftAndKeepsApplication(t *testing.T) {
	t.Parallel()
	first := examined.first
	application, principal := first.newPair(t, nil)
	got := first.softDelete(t, principalPath(principal), principal)
	if got.text("@odata.type") != "#microsoft.graph.servicePrincipal" || got.text("deletedDateTime") == "" || got.text("appId") != application.text("appId") {
		t.Errorf("want the deleted service principal\ngot  %s", got)
	}
	first.waitAbsent(t, principalPath(principal))
	first.waitAbsent(t, by(principals, "appId", application.text("appId")))
	first.waitPresent(t, applicationPath(application))

	path := query(principals, "filter", "appId eq '"+application.text("appId")+"'")
	empty, ok := first.until(t, path, func(got reply) bool { return got.status == http.StatusOK && len(got.values()) == 0 })
	if !ok {
		t.Errorf("want an empty list\ngot  %s", empty)
	}
	first.find(t, deletedPrincipals, principal.id())
}

func TestPrincipalDelete_ByAppID(t *testing.T) {
	t.Parallel()
	application, principal := examined.first.newPair(t, nil)
	examined.first.softDelete(t, by(principals, "appId", application.text("appId")), principal)
	examined.first.waitAbsent(t, principalPath(principal))
}

func TestPrincipalDelete_KeepsNames(t *testing.T) {
	t.Parallel()
	first := examined.first
	application, principal := first.newPair(t, nil)
	first.softDelete(t, principalPath(principal), principal)
	first.refused(t, principalInUse(application), http.MethodPost, principals, object{"appId": application.text("appId")})

	got := first.must(t, http.StatusOK, http.MethodPost, deletedPath(principal)+"/restore", nil)
	if got.id() != principal.id() || got.text("@odata.type") != "#microsoft.graph.servicePrincipal" {
		t.Errorf("want the service principal\ngot  %s", got)
	}
	first.waitShown(t, by(principals, "appId", application.text("appId")), object{"id": principal.id(), "deletedDateTime": nil})
}

func TestPrincipalPurge_FreesNames(t *testing.T) {
	t.Parallel()
	first := examined.first
	application, principal := first.newPair(t, nil)
	first.softDelete(t, principalPath(principal), principal)
	first.must(t, http.StatusNoContent, http.MethodDelete, deletedPath(principal), nil)
	first.waitAbsent(t, deletedPath(principal))
	again := first.newPrincipal(t, application, nil)
	if again.id() == principal.id() {
		t.Error("a purged service principal came back under its old id")
	}
}
