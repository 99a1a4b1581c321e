package conformance

import (
	"net/http"
	"testing"
)

func identifiers(uris ...any) object { return object{"identifierUris": listOf(uris)} }

// version2 is an application whose API gets v2 tokens: the tenant's default policy on identifier URIs exempts it.
func version2() object { return object{"api": object{"requestedAccessTokenVersion": 2}} }

func TestIdentifierURI_Rules(t *testing.T) {
	t.Parallel()
	own := "api://" + examined.tenantID + "/"
	unverified := refusal{codes: []string{"Request_BadRequest"}, about: "identifierUris", detail: "HostNameNotOnVerifiedDomain"}
	checkRules(t, version2(), []rule{
		refusesAs("a slash at the end", identifiers(own+random(8)+"/"), about("identifierUris")),
		refusesAs("an unknown scheme", identifiers("ftp://"+random(8)), about("identifierUris")),
		refusesAs("no scheme", identifiers("orders-"+random(8)), about("identifierUris")),
		refusesAs("an empty URI", identifiers(""), about("identifierUris")),
		refusesAs("somebody else's GUID", identifiers("api://"+guid()), about("identifierUris")),
		refusesAs("somebody else's GUID with a path", identifiers("api://"+guid()+"/orders"), about("identifierUris")),
		refusesAs("a host of an unverified domain", identifiers("https://conformance.invalid/orders"), unverified),
		refusesAs("256 characters", identifiers(own+textOf(256-len(own))), about("identifierUris")),
	})
}

func TestIdentifierURI_Accepted(t *testing.T) {
	t.Parallel()
	own := "api://" + examined.tenantID + "/"
	domain := initialDomain(t)
	for name, uri := range map[string]string{
		"below the tenant":              own + random(8),
		"255 characters":                own + random(8) + textOf(255-len(own)-16),
		"on the initial domain":         "https://" + domain + "/" + random(8),
		"api on the initial domain":     "api://conformance." + domain + "/" + random(8),
		"a plain name":                  "api://conformance-" + random(8),
		"a urn":                         "urn:conformance:" + random(8),
		"a Windows package":             "ms-appx://conformance-" + random(8),
		"below a subdomain of a domain": "https://conformance." + domain + "/" + random(8),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			examined.first.checkAccepted(t, http.MethodPost, applications, examined.application(changed(version2(), identifiers(uri))))
		})
	}
}

// initialDomain is the tenant's <name>.onmicrosoft.com: every application's publisherDomain is a verified domain.
func initialDomain(t testing.TB) string {
	t.Helper()
	domain := examined.first.newApplication(t, nil).text("publisherDomain")
	if domain == "" {
		t.Fatal("publisherDomain: want a verified domain of the tenant")
	}
	return domain
}

func TestIdentifierURI_OwnAppIDOnlyAfterCreate(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, nil)
	appID := made.text("appId")
	uris := identifiers("api://"+appID, "api://"+examined.tenantID+"/"+appID, "api://orders/"+appID)
	examined.first.must(t, http.StatusNoContent, http.MethodPatch, applicationPath(made), uris)
	examined.first.waitShown(t, applicationPath(made), uris)
}

func TestIdentifierURI_IsUniqueInTenant(t *testing.T) {
	t.Parallel()
	first := examined.first
	uris := identifiers("api://" + examined.tenantID + "/" + random(8))
	taken := refusal{
		codes: []string{"Request_BadRequest"}, detail: "ObjectConflict",
		message: "Another object with the same value for property identifierUris already exists.",
	}
	holder, other := first.newApplication(t, uris), first.newApplication(t, nil)
	first.refused(t, taken, http.MethodPost, applications, examined.application(uris))
	first.refused(t, taken, http.MethodPatch, applicationPath(other), uris)

	first.softDelete(t, applicationPath(holder), holder)
	first.refused(t, taken, http.MethodPatch, applicationPath(other), uris)
	first.must(t, http.StatusNoContent, http.MethodDelete, deletedPath(holder), nil)
	first.must(t, http.StatusNoContent, http.MethodPatch, applicationPath(other), uris)
}

func TestIdentifierURI_NonCompliantKeepsVersion2(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, changed(version2(), identifiers("api://conformance-"+random(8))))
	back := object{"api": object{"requestedAccessTokenVersion": 1}}
	got := examined.first.refused(t, badRequest, http.MethodPatch, applicationPath(made), back)
	t.Logf("refused with %s", got)
	examined.first.waitShown(t, applicationPath(made), object{"api": object{"requestedAccessTokenVersion": 2}})
}
