package wire

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// answerWith is Graph's error body around a code and a message.
func answerWith(code, message, details string) string {
	if details != "" {
		details = `,"details":[` + details + `]`
	}
	return `{"error":{"code":"` + code + `","message":"` + message + `"` + details +
		`,"innerError":{"date":"2026-05-07T13:12:05","request-id":"3a3b1bf7-0000","client-request-id":"e5f9a304-0000"}}}`
}

const badRequest = "Request_BadRequest"

func TestFailure_ClassAndProperty(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		status   int
		body     string
		want     Class
		property string
	}{
		{"a unique name that is taken", 400, answerWith(badRequest, "Another object with the same value for property uniqueName already exists.",
			`{"code":"ObjectConflict","message":"m","target":"uniqueName"}`), Exists, "uniqueName"},
		{"an identifier URI that is taken", 400, answerWith(badRequest, "Another object with the same value for property identifierUris already exists.", ""),
			Conflict, "identifierUris"},
		{"an application that is not seen yet", 400, answerWith(badRequest, "The appId 'x' of the service principal does not reference a valid application object.",
			`{"code":"NoBackingApplicationObject","message":"m","target":"appId","blockedWord":null}`), PerhapsLag, "appId"},
		{"the same, to somebody with OwnedBy", 403, answerWith("Authorization_RequestDenied",
			"When using this permission, the backing application of the service principal being created must in the local tenant", ""), PerhapsLag, ""},
		{"a service principal that exists", 409, answerWith("Request_MultipleObjectsWithSameKeyValue",
			"The service principal cannot be created, updated, or restored because the service principal name x is already in use.", ""), Exists, ""},
		{"a federated credential's name", 409, answerWith("Request_MultipleObjectsWithSameKeyValue",
			"FederatedIdentityCredential with name main already exists.", ""), Exists, ""},
		{"a federated credential's issuer and subject", 400, answerWith("InvalidFederatedIdentityCredentialValue",
			"The combination of issuer and subject must be unique for the application. Issuer i and Subject: s already exist. "+
				"paramName: FederatedIdentityCredential.Subject, paramValue: s, objectType: Microsoft.Online.DirectoryServices.Application", ""),
			Exists, "subject"},
		{"an assignment that exists", 400, answerWith(badRequest, "Permission being assigned already exists on the object", `{"code":"InvalidUpdate"}`), Exists, ""},
		{"an assignment that exists, as Bicep sees it", 409, answerWith("Conflict", "EntitlementGrant entry already exists.", ""), Exists, ""},
		{"a role that is not found", 400, answerWith(badRequest, "Permission being assigned was not found on application 'x'", ""), PerhapsLag, ""},
		{"a reference that is not seen", 400, answerWith(badRequest, "Not a valid reference update.", ""), PerhapsLag, ""},
		{"a scope that is still enabled", 400, answerWith("CannotDeleteOrUpdateEnabledEntitlement",
			"Permission (scope or role) cannot be deleted or updated unless disabled first.", ""), StillEnabled, ""},
		{"the same under the common code", 400, answerWith(badRequest,
			"Permission (scope or role) cannot be deleted or updated unless disabled first.", ""), StillEnabled, ""},
		{"a quota", 403, answerWith("Directory_QuotaExceeded",
			"The directory object quota limit for the Principal has been exceeded.", ""), OverQuota, ""},
		{"a value that is wrong", 400, answerWith(badRequest, "Invalid value specified for property 'displayName' of resource 'Application'.", ""), Invalid, "displayName"},
		{"a host that is not verified", 400, answerWith(badRequest,
			"Values of identifierUris property must use a verified domain of the organization or its subdomain: 'x'", ""), Invalid, "identifierUris"},
		{"a manifest that is too large", 400, answerWith("Directory_ResourceSizeExceeded", "The size of the object has exceeded its limit.", ""), Invalid, ""},
		{"no permission", 403, answerWith("Authorization_RequestDenied", "Insufficient privileges to complete the operation.", ""), Forbidden, ""},
		{"not there", 404, answerWith("Request_ResourceNotFound",
			"Resource 'x' does not exist or one of its queried reference-property objects are not present.", ""), NotFound, ""},
		{"a bad token", 401, answerWith("InvalidAuthenticationToken", "Access token is empty.", ""), Unauthorized, ""},
		{"too many at once", 409, answerWith("Directory_ConcurrencyViolation", "Error due to concurrent requests being made to the tenant.", ""), Busy, ""},
		{"too many at once, as a 500", 500, answerWith("Directory_ConcurrencyViolation", "m", ""), Busy, ""},
		{"a personal account's back end that is behind", 409, answerWith("Error_MsaAppDoesNotExist", "m", ""), Busy, ""},
		{"too many requests", 429, answerWith("TooManyRequests", "m", ""), Throttled, ""},
		{"a server's error", 500, answerWith("Service_InternalServerError", "m", ""), Unintelligible, ""},
		{"a gateway's page", 504, "<html>gateway</html>", Unintelligible, ""},
		{"a proxy's 404", 404, "<html>not here</html>", Unintelligible, ""},
		{"a proxy's 403 in JSON of its own", 403, `{"message":"no"}`, Unintelligible, ""},
		{"an error without a body", 400, "", Unintelligible, ""},
		{"an error with nulls", 400, `{"error":{"code":null,"message":null}}`, Unintelligible, ""},
		{"a redirect", 302, "", Unintelligible, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := failureOf(&http.Response{StatusCode: test.status, Header: http.Header{}}, []byte(test.body), noon)
			if f.Class() != test.want {
				t.Errorf("class %d, want %d", f.Class(), test.want)
			}
			if got := f.Property(); got != test.property {
				t.Errorf("property %q, want %q", got, test.property)
			}
			if strings.Contains(test.body, "innerError") && f.RequestID != "3a3b1bf7-0000" {
				t.Errorf("request-id %q", f.RequestID)
			}
		})
	}
}

func TestRetryAfter_IsReadAndBounded(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]time.Duration{
		"17": 17 * time.Second, "": 0, "soon": 0, "-3": 0, "999999999999": maxPause,
		noon.Add(time.Minute).Format(http.TimeFormat): time.Minute,
		noon.Add(-time.Hour).Format(http.TimeFormat):  0,
	} {
		if got := retryAfter(http.Header{"Retry-After": {value}}, noon); got != want {
			t.Errorf("%q: %s, want %s", value, got, want)
		}
	}
}

func TestSanitize_GivesOneShortLineWithoutTokens(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, want string }{
		{"a\r\nb\x1b[31m c\u2028d", "a b [31m c d"},
		{"token eyJhbGciOiJSUzI1NiJ9.eyJvaWQi.c2ln ends", "token *** ends"},
		{"  ", ""},
	} {
		if diff := cmp.Diff(test.want, Sanitize(test.text)); diff != "" {
			t.Errorf("%q (-want +got)\n%s", test.text, diff)
		}
	}
	if got := Sanitize(strings.Repeat("ü", 4000)); len(got) > maxMessage {
		t.Errorf("%d bytes", len(got))
	}
}
