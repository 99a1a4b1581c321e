package conformance

import (
	"net/http"
	"strings"
	"testing"
)

func TestApplicationPatch_KeepsTheRest(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, object{"uniqueName": examined.name(), "description": "kept"})
	rows := map[string]string{
		"object ID":  applicationPath(made),
		"appId":      by(applications, "appId", made.text("appId")),
		"uniqueName": by(applications, "uniqueName", made.text("uniqueName")),
	}
	for name, path := range rows {
		got := examined.first.must(t, http.StatusNoContent, http.MethodPatch, path, object{"notes": name})
		if len(got.raw) != 0 {
			t.Errorf("PATCH by %s: want an empty body, got %s", name, got)
		}
		examined.first.waitShown(t, applicationPath(made), object{"notes": name, "description": "kept", "displayName": made.text("displayName")})
	}
}

func TestApplicationPatch_ReplacesListsMergesComplexValues(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, object{
		"web": object{"redirectUris": list{"https://a.example.com/"}, "homePageUrl": "https://a.example.com/"},
	})
	path := applicationPath(made)
	patch := func(body object) {
		examined.first.must(t, http.StatusNoContent, http.MethodPatch, path, body)
	}
	patch(object{"tags": list{"only"}, "web": object{"redirectUris": list{"https://b.example.com/"}}})
	examined.first.waitShown(t, path, object{
		"tags": list{"only"},
		"web":  object{"redirectUris": list{"https://b.example.com/"}, "homePageUrl": "https://a.example.com/"},
	})
	patch(object{"tags": list{}, "web": object{"redirectUris": list{}, "homePageUrl": nil}})
	examined.first.waitShown(t, path, object{"tags": list{}, "web": object{"redirectUris": list{}, "homePageUrl": nil}})
}

func TestApplicationPatch_ClearsNullableTexts(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, object{"description": "a", "notes": "b", "groupMembershipClaims": "All"})
	cleared := object{"description": nil, "notes": nil, "groupMembershipClaims": nil}
	examined.first.must(t, http.StatusNoContent, http.MethodPatch, applicationPath(made), cleared)
	examined.first.waitShown(t, applicationPath(made), cleared)
}

func TestApplicationPatch_AllowsUnchangedReadOnlyProperties(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, nil)
	body := object{
		"@odata.type": "#microsoft.graph.application", "@odata.context": made.text("@odata.context"),
		"createdByAppId": made.text("createdByAppId"), "notes": "changed",
	}
	examined.first.must(t, http.StatusNoContent, http.MethodPatch, applicationPath(made), body)
	examined.first.waitShown(t, applicationPath(made), object{"notes": "changed"})
}

// refusedOrIgnored are the answers to a PATCH of what cannot be written.
var refusedOrIgnored = []int{http.StatusBadRequest, http.StatusNoContent}

func TestApplicationPatch_RefusesReadOnlyProperties(t *testing.T) {
	t.Parallel()
	application, principal := examined.first.newPair(t, nil)
	for path, attempts := range map[string]object{
		applicationPath(application): {
			"createdByAppId": guid(), "appId": guid(), "id": guid(), "createdDateTime": "2020-01-01T00:00:00Z",
			"publisherDomain": "conformance.invalid", "disabledByMicrosoftStatus": "DisabledDueToViolationOfServicesAgreement",
			"deletedDateTime": "2020-01-01T00:00:00Z", "applicationTemplateId": guid(),
		},
		principalPath(principal): {
			"createdByAppId": guid(), "appId": guid(), "id": guid(), "servicePrincipalType": "ManagedIdentity",
			"appOwnerOrganizationId": guid(), "disabledByMicrosoftStatus": "DisabledDueToViolationOfServicesAgreement",
			"appRoles": list{role("Orders.Read.All", nil)}, "oauth2PermissionScopes": list{scope("Orders.Read", nil)},
			"signInAudience": multiTenant, "appDisplayName": "Another",
		},
	} {
		before := examined.first.waitPresent(t, path).body
		for property, value := range attempts {
			t.Run(strings.Split(path, "/")[1]+" "+property, func(t *testing.T) {
				t.Parallel()
				examined.first.oneOf(t, refusedOrIgnored, http.MethodPatch, path, object{property: value})
				examined.first.waitShown(t, path, object{property: before[property]})
			})
		}
	}
}

func TestUniqueName_IsSetOnceByPatch(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, nil)
	name := examined.name()
	examined.first.must(t, http.StatusNoContent, http.MethodPatch, applicationPath(made), object{"uniqueName": name})
	examined.first.waitShown(t, by(applications, "uniqueName", name), object{"id": made.id(), "uniqueName": name})
	examined.first.refused(t, badRequest, http.MethodPatch, applicationPath(made), object{"uniqueName": examined.name()})
	examined.first.refused(t, badRequest, http.MethodPatch, applicationPath(made), object{"uniqueName": nil})
	examined.first.waitShown(t, applicationPath(made), object{"uniqueName": name})
}

func TestUniqueName_PatchRefusesAnothersName(t *testing.T) {
	t.Parallel()
	holder := examined.first.newApplication(t, object{"uniqueName": examined.name()})
	other := examined.first.newApplication(t, nil)
	body := object{"uniqueName": holder.text("uniqueName")}
	examined.first.refused(t, nameTaken, http.MethodPatch, applicationPath(other), body)
}
