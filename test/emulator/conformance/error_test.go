package conformance

import (
	"net/http"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/test/emulator/conformance/issuer"
)

var errorDate = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$`)

func TestError_HasRecordedShape(t *testing.T) {
	t.Parallel()
	unknown := guid()
	got := examined.first.call(t, http.MethodGet, applications+"/"+unknown, nil)
	inner := child(got.error(), "innerError")
	want := object{"error": object{
		"code":       "Request_ResourceNotFound",
		"message":    "Resource '" + unknown + "' does not exist or one of its queried reference-property objects are not present.",
		"innerError": inner,
	}}
	if diff := cmp.Diff(want, got.body); diff != "" || got.status != http.StatusNotFound {
		t.Errorf("%d (-recorded +seen):\n%s", got.status, diff)
	}
	if !errorDate.MatchString(text(inner, "date")) {
		t.Errorf("innerError.date: want neither zone nor fraction, got %q", text(inner, "date"))
	}
	if text(inner, "client-request-id") != text(inner, "request-id") || text(inner, "request-id") != got.header.Get("request-id") {
		t.Errorf("want one id three times, as the client sent none: %v, header %q", inner, got.header.Get("request-id"))
	}
	if content := got.header.Get("Content-Type"); content != "application/json" {
		t.Errorf("Content-Type of an error: want plain application/json, got %q", content)
	}
}

func TestError_EchoesClientRequestID(t *testing.T) {
	t.Parallel()
	id := guid()
	for _, path := range []string{applications + "/" + guid(), query(applications, "top", "1")} {
		got := examined.first.call(t, http.MethodGet, path, nil, with("client-request-id", id))
		if echoed := got.header.Get("client-request-id"); echoed != id {
			t.Errorf("client-request-id: want %s, got %q", id, echoed)
		}
		if got.header.Get("request-id") == id {
			t.Error("request-id is the server's own")
		}
		if inner := child(got.error(), "innerError"); inner != nil && text(inner, "client-request-id") != id {
			t.Errorf("innerError.client-request-id: want %s, got %v", id, inner)
		}
	}
}

func TestRequest_WithoutValidTokenIsUnauthorized(t *testing.T) {
	t.Parallel()
	application := examined.first.newApplication(t, nil)
	examined.first.newPrincipal(t, application, nil)
	var foreign string
	ok := examined.retry.until(t.Context(), func() bool {
		got, err := examined.requestToken(t.Context(), examined.first.grant(application.text("appId")+"/.default"))
		foreign = got.text("access_token")
		return err == nil && foreign != ""
	})
	if !ok {
		t.Fatal("no token for another audience")
	}
	own, err := examined.first.bearer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	header, claims, err := unpack(own)
	if err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		option  option
		message string
	}{
		"another signer":      {with("Authorization", "Bearer "+issuer.Sign(t, newCertificate(t).key, header, claims)), ""},
		"no signature at all": {with("Authorization", "Bearer "+issuer.Unsigned(t, claims)), ""},
		"no token":            {anonymous, "Access token is empty."},
		"an empty token":      {with("Authorization", "Bearer "), "Access token is empty."},
		"no JWT":              {with("Authorization", "Bearer nonsense"), ""},
		"another audience":    {with("Authorization", "Bearer "+foreign), "Invalid audience."},
		"a damaged signature": {with("Authorization", "Bearer "+own[:len(own)-8]+"AAAAAAAA"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := refusal{status: http.StatusUnauthorized, codes: []string{"InvalidAuthenticationToken"}, message: row.message}
			got := examined.first.refused(t, want, http.MethodGet, applications, nil, row.option)
			if challenge := got.header.Get("WWW-Authenticate"); !regexp.MustCompile(`^Bearer realm="", authorization_uri="https://[^"]+"`).MatchString(challenge) {
				t.Errorf("WWW-Authenticate: want a Bearer challenge, got %q", challenge)
			}
		})
	}
}

func TestRequest_RefusesMalformedBodies(t *testing.T) {
	t.Parallel()
	malformed := refusal{codes: []string{"BadRequest", "Request_BadRequest"}}
	made := examined.first.newApplication(t, nil)
	for name, body := range map[string]string{
		"cut off": `{"displayName": "x"`, "no JSON": `displayName=x`, "an array": `[]`, "a text": `"x"`, "nothing": ``, "a comma too many": `{"displayName":"x",}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			examined.first.refused(t, malformed, http.MethodPost, applications, []byte(body))
			examined.first.refused(t, malformed, http.MethodPatch, applicationPath(made), []byte(body))
		})
	}
}

func TestRequest_MethodNotAllowed(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, nil)
	notAllowed := refusal{
		status: http.StatusMethodNotAllowed, codes: []string{"Request_BadRequest"},
		message: "Specified HTTP method is not allowed for the request target.",
	}
	examined.first.refused(t, notAllowed, http.MethodDelete, applications, nil)
	examined.first.refused(t, notAllowed, http.MethodPost, applicationPath(made), object{"notes": "x"})
	examined.first.refused(t, notAllowed, http.MethodDelete, principals, nil)
}

func TestRequest_UnknownPaths(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, nil)
	anyRefusal := refusal{other: []int{http.StatusNotFound}}
	for _, path := range []string{"/unicorns", applicationPath(made) + "/unicorns", by(applications, "displayName", "x")} {
		examined.first.refused(t, anyRefusal, http.MethodGet, path, nil)
	}
}
