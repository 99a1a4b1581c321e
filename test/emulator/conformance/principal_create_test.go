package conformance

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPrincipalCreate_HasRecordedShape(t *testing.T) {
	t.Parallel()
	application, made := examined.first.newPair(t, nil)
	hasKeys(t, made.body, principalKeys)
	hasContext(t, made, "servicePrincipals/$entity")
	hasLocation(t, made, "ServicePrincipal")
	got := examined.first.waitShown(t, principalPath(made), object{
		"appId": application.text("appId"), "displayName": application.text("displayName"),
		"appDisplayName": application.text("displayName"), "servicePrincipalType": "Application", "accountEnabled": true,
		"appRoleAssignmentRequired": false, "appOwnerOrganizationId": examined.tenantID, "createdByAppId": examined.first.id,
		"signInAudience": singleTenant, "deletedDateTime": nil, "servicePrincipalNames": list{application.text("appId")},
	})
	hasKeys(t, got.body, principalKeys)
	if !toTheSecond.MatchString(got.text("createdDateTime")) {
		t.Errorf("createdDateTime: want whole seconds, got %q", got.text("createdDateTime"))
	}
}

func TestPrincipalRead_EveryKeyReadsSameEntity(t *testing.T) {
	t.Parallel()
	application, made := examined.first.newPair(t, nil)
	want := examined.first.waitPresent(t, principalPath(made)).body
	got := examined.first.waitPresent(t, by(principals, "appId", application.text("appId"))).body
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("by object ID and by appId (-id +appId):\n%s", diff)
	}
	path := query(principals, "filter", "appId eq '"+application.text("appId")+"'")
	listed, ok := examined.first.until(t, path, func(got reply) bool { return len(got.values()) == 1 })
	if !ok {
		t.Fatalf("want one service principal\ngot  %s", listed)
	}
	if diff := cmp.Diff(without(want, "@odata.context"), listed.values()[0]); diff != "" {
		t.Errorf("alone and in a list (-alone +listed):\n%s", diff)
	}
}

func TestPrincipalRead_UnknownIsNotFound(t *testing.T) {
	t.Parallel()
	for _, path := range []string{principals + "/" + guid(), by(principals, "appId", guid())} {
		examined.first.refused(t, notFound, http.MethodGet, path, nil)
		examined.first.refused(t, notFound, http.MethodPatch, path, object{"notes": "nobody"})
		examined.first.refused(t, notFound, http.MethodDelete, path, nil)
	}
}

func TestPrincipalCreate_NeedsApplication(t *testing.T) {
	t.Parallel()
	body := object{"appId": guid()}
	t.Run("says so to one who may write all applications", func(t *testing.T) {
		t.Parallel()
		want := refusal{
			codes: []string{"Request_BadRequest"}, detail: "NoBackingApplicationObject",
			message: "The appId '" + text(body, "appId") + "' of the service principal does not reference a valid application object.",
		}
		got := writeAllCaller(t).refused(t, want, http.MethodPost, principals, body)
		for _, one := range objects(got.error()["details"]) {
			if diff := cmp.Diff([]string{"blockedWord", "code", "message", "target"}, keys(one)); diff != "" || text(one, "target") != "appId" {
				t.Errorf("details: want code, message, target appId and blockedWord, got %v", one)
			}
		}
	})
	t.Run("says so in disguise to one who may write owned ones", func(t *testing.T) {
		t.Parallel()
		examined.first.refused(t, foreignApplication, http.MethodPost, principals, body)
	})
}

// foreignApplication is how Graph refuses a service principal of an application that it does not see (yet) to a caller of owned ones.
var foreignApplication = refusal{
	status: 403, codes: []string{"Authorization_RequestDenied"},
	message: "When using this permission, the backing application of the service principal being created must in the local tenant",
}

func TestPrincipalCreate_RefusesSecondOfApplication(t *testing.T) {
	t.Parallel()
	application, _ := examined.first.newPair(t, nil)
	examined.first.refused(t, principalInUse(application), http.MethodPost, principals, object{"appId": application.text("appId")})
}

// principalInUse is how Graph refuses a second service principal of one application.
func principalInUse(application reply) refusal {
	return refusal{status: 409, codes: []string{"Request_MultipleObjectsWithSameKeyValue"}, message: application.text("appId")}
}

func TestPrincipalCreate_NeedsAppID(t *testing.T) {
	t.Parallel()
	examined.first.refused(t, refusal{other: []int{http.StatusForbidden}}, http.MethodPost, principals, object{"accountEnabled": true})
}

func TestPrincipalUpsert_CreatesAndUpdates(t *testing.T) {
	t.Parallel()
	application := examined.first.newApplication(t, nil)
	path := by(principals, "appId", application.text("appId"))
	examined.first.refused(t, notFound, http.MethodPatch, path, object{"notes": "nobody"})
	made := examined.first.must(t, http.StatusCreated, http.MethodPatch, path, object{"notes": "made"}, createIfMissing)
	hasKeys(t, made.body, principalKeys)
	examined.first.waitShown(t, path, object{"id": made.id(), "notes": "made", "appId": application.text("appId")})
	writeAllCaller(t).must(t, http.StatusNoContent, http.MethodPatch, path, object{"notes": "changed"}, createIfMissing)
	examined.first.waitShown(t, path, object{"id": made.id(), "notes": "changed"})
}

func TestPrincipalCreate_KeepsWhatWasSent(t *testing.T) {
	t.Parallel()
	body := object{
		"accountEnabled": false, "appRoleAssignmentRequired": true, "description": "A text.", "notes": "A note.",
		"notificationEmailAddresses": list{"orders@example.com"}, "preferredSingleSignOnMode": "oidc",
	}
	made := examined.first.newPrincipal(t, examined.first.newApplication(t, nil), body)
	examined.first.waitShown(t, principalPath(made), body)
}
