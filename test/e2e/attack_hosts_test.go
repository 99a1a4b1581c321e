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
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/wire"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
)

// foreignHost is one that no admin has named.
const foreignHost = "login.thief.example"

// redirect answers with a redirect that would send the client, its token and its body to the foreign host.
func redirect(part string) func(*http.Request, *http.Response) {
	return func(r *http.Request, answer *http.Response) {
		if !strings.Contains(r.URL.Path, part) {
			return
		}
		answer.StatusCode, answer.Status = http.StatusTemporaryRedirect, "307 Temporary Redirect"
		answer.Header.Set("Location", "https://"+foreignHost+r.URL.Path)
		wire.ReplaceBody(answer, nil)
	}
}

// rewrite changes the bodies of the answers to some requests.
func rewrite(path string, change func(*http.Request, []byte) []byte) func(*http.Request, *http.Response) {
	return func(r *http.Request, answer *http.Response) {
		if !strings.HasSuffix(r.URL.Path, path) {
			return
		}
		content, err := io.ReadAll(answer.Body)
		if err == nil {
			wire.ReplaceBody(answer, change(r, content))
		}
	}
}

// addForeignNextLink makes a list go on at the foreign host.
func addForeignNextLink(r *http.Request, content []byte) []byte {
	link := fmt.Sprintf(`{"@odata.nextLink":"https://%s%s?$skiptoken=x",`, foreignHost, r.URL.Path)
	return bytes.Replace(content, []byte("{"), []byte(link), 1)
}

// Nothing is sent to a host that no admin has named.
func TestHosts_NothingIsSentWhereNoAdminNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		alter  func(*http.Request, *http.Response)
		object func(*env.Env) env.Object // gives the object that cannot be reconciled
		says   string
	}{
		"Graph redirects a read":       {redirect("/v1.0/applications"), createApp, "status 307"},
		"Graph redirects a write":      {redirectWrites, createApp, "status 307"},
		"Graph redirects the tenant":   {redirect("/v1.0/organization"), tenantOf, "status 307"},
		"the token service redirects":  {redirect("/oauth2/v2.0/token"), tenantOf, ""},
		"discovery redirects":          {redirect("/.well-known/openid-configuration"), tenantOf, ""},
		"a list goes on elsewhere":     {rewrite("/owners", addForeignNextLink), createAppWithLookalike, foreignHost},
		"the token endpoint is away":   {rewrite("/openid-configuration", moveEndpoint("token_endpoint")), tenantOf, foreignHost},
		"the keys are away":            {rewrite("/openid-configuration", moveEndpoint("jwks_uri")), tenantOf, foreignHost},
		"the issuer is somebody else":  {rewrite("/openid-configuration", moveEndpoint("issuer")), tenantOf, foreignHost},
		"people are to sign in there":  {rewrite("/openid-configuration", moveEndpoint("authorization_endpoint")), tenantOf, foreignHost},
		"devices are to sign in there": {rewrite("/openid-configuration", moveEndpoint("device_authorization_endpoint")), tenantOf, foreignHost},
		"people are to sign out there": {rewrite("/openid-configuration", moveEndpoint("end_session_endpoint")), tenantOf, foreignHost},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			interceptor := &wire.Interceptor{}
			interceptor.Alter(c.alter)
			e := env.New(t, env.WithInterceptor(interceptor))
			obj := c.object(e)
			message := waitUnreachable(e, obj)
			e.Status.CheckMessage(message, c.says)
			if diff := cmp.Diff([]string{e.Tenant.Host()}, interceptor.Hosts()); diff != "" {
				t.Errorf("requests went to other hosts, - wanted:\n%s", diff)
			}
			for _, secret := range append(interceptor.Secrets(), env.OperatorSecret) {
				if strings.Contains(message, secret) {
					t.Errorf("a secret is in the message: %s", message)
				}
			}
		})
	}
}

func redirectWrites(r *http.Request, answer *http.Response) {
	if r.Method == http.MethodPatch {
		redirect("/v1.0/applications")(r, answer)
	}
}

// moveEndpoint moves an endpoint of the discovery document to the foreign host.
func moveEndpoint(endpoint string) func(*http.Request, []byte) []byte {
	return func(r *http.Request, content []byte) []byte {
		before := []byte(`"` + endpoint + `":"https://` + r.URL.Host)
		return bytes.Replace(content, before, []byte(`"`+endpoint+`":"https://`+foreignHost), 1)
	}
}

func tenantOf(e *env.Env) env.Object { return e.EntraTenant() }

func createApp(e *env.Env) env.Object {
	app := e.AppRegistration("orders-api", with.AppRoles("Orders.Read.All"))
	e.Cluster.Create(app)
	return app
}

// createAppWithLookalike creates an object for which the owners of an application have to be read first.
func createAppWithLookalike(e *env.Env) env.Object {
	e.Tenant.CreateLookalike(e.NewLookalike("orders-api"))
	return createApp(e)
}

// waitUnreachable waits until an object says Unreachable, and gives the message.
func waitUnreachable(e *env.Env, obj env.Object) string {
	e.T.Helper()
	var message string
	e.Clock.WaitUntil("Unreachable of "+obj.GetName(), env.SettleTime, func() bool {
		if !e.Cluster.Get(obj) {
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
	if env.IsReady(obj) {
		e.T.Errorf("%s is Ready all the same", obj.GetName())
	}
	return message
}

func TestHosts_UnlistedCustomEndpointIsNeverAsked(t *testing.T) {
	t.Parallel()
	interceptor := &wire.Interceptor{}
	e := env.New(t, env.WithInterceptor(interceptor))
	for name, change := range map[string]func(*v1alpha1.CustomEndpoints){
		"authority": func(e *v1alpha1.CustomEndpoints) { e.Authority = "https://" + foreignHost },
		"graph":     func(e *v1alpha1.CustomEndpoints) { e.Graph = "https://" + foreignHost },
		"port":      func(e *v1alpha1.CustomEndpoints) { e.Graph = "https://127.0.0.1" },
	} {
		tenant := e.NewEntraTenant()
		tenant.Name, tenant.Spec.Default = e.TenantName+"-"+name, false
		change(tenant.Spec.Endpoints)
		e.Cluster.Create(tenant)
		e.Status.WaitStalled(tenant, v1alpha1.ReasonInvalid, "--custom-endpoint-hosts", "is not allowed")
		app := e.AppRegistration(name, func(spec *v1alpha1.AppRegistrationSpec) {
			spec.TenantRef = &v1alpha1.TenantReference{Name: tenant.Name}
		})
		e.Cluster.Create(app)
		e.Status.WaitCondition(app, v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonWaiting)
	}
	if diff := cmp.Diff([]string{e.Tenant.Host()}, interceptor.Hosts()); diff != "" {
		t.Errorf("requests went to other hosts, - wanted:\n%s", diff)
	}
}
