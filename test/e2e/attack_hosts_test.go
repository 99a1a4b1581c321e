package e2e

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// thief is a host that nobody named.
const thief = "login.thief.example"

// redirects is an answer that sends the client, its token and its body to the thief.
func redirects(part string) func(*http.Request, *http.Response) {
	return func(r *http.Request, answer *http.Response) {
		if !strings.Contains(r.URL.Path, part) {
			return
		}
		answer.StatusCode, answer.Status = http.StatusTemporaryRedirect, "307 Temporary Redirect"
		answer.Header.Set("Location", "https://"+thief+r.URL.Path)
		replaced(answer, nil)
	}
}

// rewrites part of the answers to some requests.
func rewrites(path string, change func(*http.Request, []byte) []byte) func(*http.Request, *http.Response) {
	return func(r *http.Request, answer *http.Response) {
		if !strings.HasSuffix(r.URL.Path, path) {
			return
		}
		content, err := io.ReadAll(answer.Body)
		if err == nil {
			replaced(answer, change(r, content))
		}
	}
}

// leadsOn puts a next page at the thief's into a list.
func leadsOn(r *http.Request, content []byte) []byte {
	link := fmt.Sprintf(`{"@odata.nextLink":"https://%s%s?$skiptoken=x",`, thief, r.URL.Path)
	return bytes.Replace(content, []byte("{"), []byte(link), 1)
}

func TestNothingIsSentToAHostThatNoAdminNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		forge  func(*http.Request, *http.Response)
		victim func(*stage) object // who is in trouble
		says   string
	}{
		"Graph redirects a read":       {redirects("/v1.0/applications"), theApp, "status 307"},
		"Graph redirects a write":      {redirectsWrites, theApp, "status 307"},
		"Graph redirects the tenant":   {redirects("/v1.0/organization"), theTenant, "status 307"},
		"the token service redirects":  {redirects("/oauth2/v2.0/token"), theTenant, ""},
		"discovery redirects":          {redirects("/.well-known/openid-configuration"), theTenant, ""},
		"a list goes on elsewhere":     {rewrites("/owners", leadsOn), theDouble, thief},
		"the token endpoint is away":   {rewrites("/openid-configuration", moves("token_endpoint")), theTenant, thief},
		"the keys are away":            {rewrites("/openid-configuration", moves("jwks_uri")), theTenant, thief},
		"the issuer is somebody else":  {rewrites("/openid-configuration", moves("issuer")), theTenant, thief},
		"people are to sign in there":  {rewrites("/openid-configuration", moves("authorization_endpoint")), theTenant, thief},
		"devices are to sign in there": {rewrites("/openid-configuration", moves("device_authorization_endpoint")), theTenant, thief},
		"people are to sign out there": {rewrites("/openid-configuration", moves("end_session_endpoint")), theTenant, thief},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sp := &spy{forge: c.forge}
			s := newStage(t, listening(sp))
			obj := c.victim(s)
			message := s.hindered(obj)
			s.says(message, c.says)
			if diff := cmp.Diff([]string{s.host()}, sp.been()); diff != "" {
				t.Errorf("requests went to other hosts, - wanted:\n%s", diff)
			}
			for _, secret := range append(sp.secrets(), operatorSecret) {
				if strings.Contains(message, secret) {
					t.Errorf("a secret is in the message: %s", message)
				}
			}
		})
	}
}

func redirectsWrites(r *http.Request, answer *http.Response) {
	if r.Method == http.MethodPatch {
		redirects("/v1.0/applications")(r, answer)
	}
}

// moves an endpoint of the discovery document to the thief's.
func moves(endpoint string) func(*http.Request, []byte) []byte {
	return func(r *http.Request, content []byte) []byte {
		before := []byte(`"` + endpoint + `":"https://` + r.URL.Host)
		return bytes.Replace(content, before, []byte(`"`+endpoint+`":"https://`+thief), 1)
	}
}

func theTenant(s *stage) object { return s.tenantObject() }

func theApp(s *stage) object {
	app := s.app("orders-api", exposing("Orders.Read.All"))
	s.create(app)
	return app
}

// theDouble is an object whose application has to be judged by its owners first.
func theDouble(s *stage) object {
	s.makes(s.double("orders-api"))
	return theApp(s)
}

// hindered waits until an object is not Ready for a reason, and gives the message.
func (s *stage) hindered(obj object) string {
	s.t.Helper()
	var message string
	s.clock.until(s.t, "trouble with "+obj.GetName(), settleTime, func() bool {
		if !s.get(obj) {
			return false
		}
		for _, c := range obj.Common().Conditions {
			if c.Reason == string(v1alpha1.ReasonUnreachable) && c.Status != metav1.ConditionFalse {
				message = c.Message
				return true
			}
		}
		return false
	})
	if isReady(obj) {
		s.t.Errorf("%s is Ready all the same", obj.GetName())
	}
	return message
}

func TestACustomEndpointThatIsNotListedIsNeverAsked(t *testing.T) {
	t.Parallel()
	sp := &spy{}
	s := newStage(t, listening(sp))
	for name, change := range map[string]func(*v1alpha1.CustomEndpoints){
		"authority": func(e *v1alpha1.CustomEndpoints) { e.Authority = "https://" + thief },
		"graph":     func(e *v1alpha1.CustomEndpoints) { e.Graph = "https://" + thief },
		"port":      func(e *v1alpha1.CustomEndpoints) { e.Graph = "https://127.0.0.1" },
	} {
		tenant := s.entraTenant()
		tenant.Name, tenant.Spec.Default = s.tenant+"-"+name, false
		change(tenant.Spec.Endpoints)
		s.create(tenant)
		s.refused(tenant, v1alpha1.ReasonInvalid, "--custom-endpoint-hosts", "is not allowed")
		app := s.app(name, func(spec *v1alpha1.AppRegistrationSpec) {
			spec.TenantRef = &v1alpha1.TenantReference{Name: tenant.Name}
		})
		s.create(app)
		s.has(app, v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonWaiting)
	}
	if diff := cmp.Diff([]string{s.host()}, sp.been()); diff != "" {
		t.Errorf("requests went to other hosts, - wanted:\n%s", diff)
	}
}
