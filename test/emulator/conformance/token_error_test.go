package conformance

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tailPattern ends every description.
var tailPattern = regexp.MustCompile(` Trace ID: [0-9a-f-]{36} Correlation ID: [0-9a-f-]{36} Timestamp: \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$`)

// replaced is a form with one field changed; an empty value removes it.
func replaced(form url.Values, field, value string) url.Values {
	out := maps.Clone(form)
	out.Del(field)
	if value != "" {
		out.Set(field, value)
	}
	return out
}

func TestTokenError_Recorded(t *testing.T) {
	t.Parallel()
	client, _ := examined.client(t)
	good := client.grant(examined.graphScope())
	for name, row := range map[string]struct {
		form    url.Values
		status  int
		error   string
		code    int
		text    string
		hasLink bool
	}{
		"a wrong secret": {
			replaced(good, "client_secret", "wrong"), 401, "invalid_client", 7000215,
			"Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '" + client.id + "'.", true,
		},
		"an all-zero client": {
			replaced(good, "client_id", zero), 400, "unauthorized_client", 700038, zero + " is not a valid application identifier.", false,
		},
		"an unknown grant": {
			replaced(good, "grant_type", "no_such_grant"), 400, "unsupported_grant_type", 70003,
			"The app requested an unsupported grant type 'no_such_grant'.", false,
		},
		"an unknown resource": {
			replaced(good, "scope", "api://not-a-registered-resource/.default"), 400, "invalid_resource", 500011,
			"The resource principal named api://not-a-registered-resource was not found in the tenant named " + examined.tenantID +
				". This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.", true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := examined.noToken(t, row.form, row.status, row.error, float64(row.code))
			want := []string{"correlation_id", "error", "error_codes", "error_description", "timestamp", "trace_id"}
			if row.hasLink {
				want = []string{"correlation_id", "error", "error_codes", "error_description", "error_uri", "timestamp", "trace_id"}
			}
			if diff := cmp.Diff(want, keys(got.body)); diff != "" {
				t.Errorf("fields (-recorded +seen):\n%s", diff)
			}
			if link := got.text("error_uri"); row.hasLink && !regexp.MustCompile(fmt.Sprintf(`^https://[^/]+/error\?code=%d$`, row.code)).MatchString(link) {
				t.Errorf("error_uri: want …/error?code=%d, got %q", row.code, link)
			}
			description := got.text("error_description")
			if said := tailPattern.ReplaceAllString(description, ""); said != fmt.Sprintf("AADSTS%d: %s", row.code, row.text) || said == description {
				t.Errorf("error_description:\nwant %q and ids\ngot  %q", row.text, description)
			}
		})
	}
}

func TestTokenError_Documented(t *testing.T) {
	t.Parallel()
	client, _ := examined.client(t)
	good := client.grant(examined.graphScope())
	assertion := replaced(replaced(good, "client_secret", ""), "client_assertion_type", assertionType)
	for name, row := range map[string]struct {
		form   url.Values
		status int
		error  string
		code   float64
	}{
		"no grant type":            {replaced(good, "grant_type", ""), 400, "invalid_request", 900144},
		"no client":                {replaced(good, "client_id", ""), 400, "invalid_request", 900144},
		"no scope":                 {replaced(good, "scope", ""), 400, "invalid_request", 900144},
		"a client not in here":     {replaced(good, "client_id", guid()), 400, "unauthorized_client", 700016},
		"neither secret nor proof": {replaced(good, "client_secret", ""), 401, "invalid_client", 7000218},
		"an assertion that is no JWT": {
			replaced(assertion, "client_assertion", "nonsense"), 401, "invalid_client", 50027,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			examined.noToken(t, row.form, row.status, row.error, row.code)
		})
	}
	t.Run("a scope without /.default", func(t *testing.T) {
		t.Parallel()
		examined.noToken(t, replaced(good, "scope", examined.graph+"/User.Read"), 400, "invalid_scope", 70011, 1002012)
	})
}

func TestTokenError_ClientWithoutServicePrincipal(t *testing.T) {
	t.Parallel()
	application := examined.first.newApplication(t, nil)
	password := examined.first.addPassword(t, applicationPath(application), "no principal")
	client := examined.caller("a client", application.text("appId"), password.text("secretText"))
	examined.noToken(t, client.grant(examined.graphScope()), http.StatusUnauthorized, "invalid_client", 7000229)
}

func TestTokenError_ResourceWithoutServicePrincipal(t *testing.T) {
	t.Parallel()
	client, _ := examined.client(t)
	api := examined.first.newApplication(t, nil)
	scope := api.text("appId") + "/.default"
	examined.noToken(t, client.grant(scope), http.StatusBadRequest, "invalid_resource", 500011)
	principal := examined.first.newPrincipal(t, api, nil)
	client.tokenFor(t, scope, anyClaims)
	examined.first.softDelete(t, principalPath(principal), principal)
	examined.noToken(t, client.grant(scope), http.StatusBadRequest, "invalid_resource", 500011)
}

func TestTokenError_DisabledClient(t *testing.T) {
	t.Parallel()
	client, principal := examined.client(t)
	client.tokenFor(t, examined.graphScope(), anyClaims)
	examined.first.must(t, http.StatusNoContent, http.MethodPatch, principalPath(principal), object{"accountEnabled": false})
	examined.noToken(t, client.grant(examined.graphScope()), http.StatusUnauthorized, "unauthorized_client", 7000112)
}

func TestTokenError_DeactivatedApplication(t *testing.T) {
	t.Parallel()
	client, _ := examined.client(t)
	client.tokenFor(t, examined.graphScope(), anyClaims)
	examined.first.must(t, http.StatusNoContent, http.MethodPatch, applications+"/"+client.object, object{"isDisabled": true})
	examined.noToken(t, client.grant(examined.graphScope()), 0, "")
	examined.first.must(t, http.StatusNoContent, http.MethodPatch, applications+"/"+client.object, object{"isDisabled": false})
	client.tokenFor(t, examined.graphScope(), anyClaims)
}

func TestTokenError_DeletedClient(t *testing.T) {
	t.Parallel()
	client, _ := examined.client(t)
	examined.first.must(t, http.StatusNoContent, http.MethodDelete, applications+"/"+client.object, nil)
	examined.noToken(t, client.grant(examined.graphScope()), http.StatusBadRequest, "unauthorized_client", 700016)
}

func TestTokenError_RemovedSecret(t *testing.T) {
	t.Parallel()
	client, _ := examined.client(t)
	client.tokenFor(t, examined.graphScope(), anyClaims)
	second := examined.first.addPassword(t, applications+"/"+client.object, "second")
	both := examined.caller("the same client", client.id, second.text("secretText"))
	both.tokenFor(t, examined.graphScope(), anyClaims)
	examined.first.must(t, http.StatusNoContent, http.MethodPost, applications+"/"+client.object+"/removePassword", object{"keyId": second.text("keyId")})
	examined.noToken(t, both.grant(examined.graphScope()), http.StatusUnauthorized, "invalid_client", 7000215)
	client.tokenFor(t, examined.graphScope(), anyClaims)
}

func TestTokenError_ExpiredSecret(t *testing.T) {
	t.Parallel()
	client, _ := examined.client(t)
	body := object{"passwordCredential": object{"displayName": "of last year", "startDateTime": "2024-01-01T00:00:00Z", "endDateTime": "2025-01-01T00:00:00Z"}}
	got := examined.first.oneOf(t, []int{http.StatusOK, http.StatusBadRequest}, http.MethodPost, applications+"/"+client.object+"/addPassword", body)
	if got.status != http.StatusOK {
		return // what is over already cannot be added: as good
	}
	expired := examined.caller("the same client", client.id, got.text("secretText"))
	examined.noToken(t, expired.grant(examined.graphScope()), http.StatusUnauthorized, "invalid_client", 7000222, 7000215)
}
