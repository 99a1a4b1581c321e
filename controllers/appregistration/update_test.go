package appregistration

import (
	"testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

func redirectsTo(uris ...string) func(*v1alpha1.AppRegistration) {
	return func(o *v1alpha1.AppRegistration) { o.Spec.Web = &v1alpha1.Platform{RedirectURIs: uris} }
}

func TestUpdate_PatchesCarryOnlyWhatDiffers(t *testing.T) {
	t.Parallel()
	web := object(bound, redirectsTo("https://h.example.com", "https://h.example.com/cb"))
	required := object(bound, scopes())
	checkDecisions(t, []decisionRow{
		{"a text", object(bound), recorded(func(w *World) { w.application.Value.DisplayName = "edited" }), []string{"update application: displayName"}},
		{"several at once are one patch", object(bound), recorded(func(w *World) {
			w.application.Value.Description, w.application.Value.AccessTokenVersion = "edited", 0
			w.application.Value.Lock = entra.Lock{}
		}), []string{"update application: description, requestedAccessTokenVersion, lock"}},
		{"the order in Entra is nobody's business", web, with(settled(web), func(w *World) {
			w.application.Value.WebRedirectURIs = []string{"https://h.example.com/cb", "https://h.example.com"}
		}), nil},
		{"a slash after the host is none", web, with(settled(web), func(w *World) {
			w.application.Value.WebRedirectURIs = []string{"https://h.example.com/", "https://h.example.com/cb"}
		}), nil},
		{"a lock for all properties is one for each", object(bound), recorded(func(w *World) {
			w.application.Value.Lock = entra.Lock{Enabled: true, AllProperties: true}
		}), nil},
		{"tags that others added to the application are taken out", object(bound), recorded(func(w *World) {
			w.application.Value.Tags = append(w.application.Value.Tags[:5:5], "theirs")
		}), []string{"update application: tags"}},
		{"tags that others added to the service principal stay", object(bound), recorded(func(w *World) {
			w.principal.Value.Tags = append(w.principal.Value.Tags[:6:6], "theirs")
		}), nil},
		{"marks that the service principal lost come back", object(bound), recorded(func(w *World) { w.principal.Value.Tags = nil }), []string{
			"update service principal: tags",
		}},
		{"an API for applications alone asks for an assignment", required, with(settled(object()), func(w *World) {
			w.application.Value.Scopes = nil
		}), []string{"update service principal: appRoleAssignmentRequired"}},
	})
}

func signInAudience(audience v1alpha1.SignInAudience) func(*v1alpha1.AppRegistration) {
	return func(o *v1alpha1.AppRegistration) { o.Spec.SignInAudience = audience }
}

func TestUpdate_AudienceChangesInOrder(t *testing.T) {
	t.Parallel()
	rules := allowing(v1alpha1.PolicyRule{Field: &v1alpha1.FieldRule{Path: "spec.signInAudience", Values: []string{policy.Any}}})
	was := func(audience v1alpha1.SignInAudience, edits ...func(*World)) World {
		return with(settled(object()), append(edits, func(w *World) { w.application.Value.SignInAudience = string(audience) })...)
	}
	version1 := func(w *World) { w.application.Value.AccessTokenVersion = 1 }
	noRoles := func(w *World) { w.application.Value.AppRoles = nil }
	personal := object(bound, signInAudience(v1alpha1.AudiencePersonalAccountOnly), roles())
	rows := []decisionRow{
		{"alone", object(bound, signInAudience(v1alpha1.AudienceMultipleOrgs)), recorded(), []string{"update application: signInAudience"}},
		{"what a stricter one asks for comes first", personal, recorded(noRoles, version1), []string{"update application: requestedAccessTokenVersion"}},
		{"the stricter one comes second", personal, recorded(noRoles), []string{"update application: signInAudience"}},
		{"roles must be gone before a stricter one", personal, recorded(role(unconfirmedRole)), []string{"look again in 5s"}},
		{"a looser one comes before what only it allows", object(bound), was(v1alpha1.AudiencePersonalAccountOnly, noRoles), []string{
			"update application: signInAudience",
		}},
		{"what only a looser one allows comes second", object(bound), recorded(noRoles), []string{"update application: appRoles (add Orders.Read.All)"}},
	}
	for i := range rows {
		rows[i].world = with(rows[i].world, rules)
	}
	checkDecisions(t, rows)
}
