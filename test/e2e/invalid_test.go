package e2e

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
	"github.com/entra-registrar/entra-registrar/test/emulator/record"
)

// liberalRules leave it to Entra to refuse.
var liberalRules = []v1alpha1.PolicyRule{
	{Field: &v1alpha1.FieldRule{Path: "spec.signInAudience", Values: []string{"*"}}},
	{Field: &v1alpha1.FieldRule{Path: "spec.api.requestedAccessTokenVersion", Values: []string{"*"}}},
	{IdentifierURI: &v1alpha1.IdentifierURIRule{
		URIs: []string{"api://orders"}, Prefixes: []string{"https://orders.unverified.example", "https://contoso.onmicrosoft.com"},
	}},
	{Redirect: &v1alpha1.RedirectRule{URIs: []string{"orders://callback"}}},
}

// refusedByEntra are specs that only Entra can refuse, with the property that it names.
var refusedByEntra = map[string]struct {
	spoil    with.Spec
	property string
	reason   v1alpha1.Reason
}{
	"an identifier URI on a domain that is not verified": {
		spoil: with.IdentifierURIs("https://orders.unverified.example/api"), property: "identifierUris",
	},
	"an identifier URI that version 1 tokens do not take": {
		spoil: func(spec *v1alpha1.AppRegistrationSpec) {
			with.Version1Tokens(spec)
			with.IdentifierURIs("api://orders")(spec)
		},
		property: "identifierUris",
	},
	"an identifier URI that another application has": {
		spoil: with.IdentifierURIs("https://contoso.onmicrosoft.com/taken"), property: "identifierUris", reason: v1alpha1.ReasonConflict,
	},
	"a redirect URI with characters that Entra does not take": {
		spoil: with.WebRedirectURIs("https://orders.example.com/(callback)"), property: "web.redirectUris",
	},
	"a redirect URI of the wrong platform": {spoil: with.WebRedirectURIs("orders://callback"), property: "web.redirectUris"},
}

// refusedWrites are those that Entra answered with 400 or 409.
func refusedWrites(e *env.Env) []record.Exchange {
	var refused []record.Exchange
	for _, exchange := range e.Requests.ToDirectory() {
		if exchange.IsWrite() && (exchange.Status == http.StatusBadRequest || exchange.Status == http.StatusConflict) {
			refused = append(refused, exchange)
		}
	}
	return refused
}

// requestIDs of answers.
func requestIDs(exchanges []record.Exchange) string {
	var ids []string
	for _, exchange := range exchanges {
		var answer struct {
			Error struct {
				InnerError map[string]string `json:"innerError"`
			} `json:"error"`
		}
		_ = json.Unmarshal(exchange.Response, &answer)
		ids = append(ids, answer.Error.InnerError["request-id"])
	}
	return strings.Join(ids, " ")
}

// What only Entra can refuse is Invalid, and recovers with the spec.
func TestInvalid_RefusedByEntraRecoversWithSpec(t *testing.T) {
	t.Parallel()
	for name, c := range refusedByEntra {
		for _, when := range []string{"from the start", "by an edit"} {
			t.Run(name+" "+when, func(t *testing.T) {
				t.Parallel()
				e := env.New(t, env.WithPolicy(liberalRules...))
				other := e.AppRegistration("taken", with.IdentifierURIs("https://contoso.onmicrosoft.com/taken"))
				app := e.AppRegistration("orders-api", with.AppRoles("Orders.Read.All"))
				good := app.Spec.DeepCopy()
				e.Cluster.Create(other)
				e.Status.WaitReady(other)
				if when == "by an edit" {
					e.Cluster.Create(app)
					e.Status.WaitReady(app)
				}
				e.Requests.Reset()
				c.spoil(&app.Spec)
				createOrEdit(e, app)
				waitRefusedByEntra(e, app, cmp.Or(c.reason, v1alpha1.ReasonInvalid), c.property+": ")
				checkOneTryPerResync(e)

				app.Spec = *good
				createOrEdit(e, app)
				if took := e.Status.WaitReady(app); took > time.Minute {
					t.Errorf("recovered after %s", took)
				}
			})
		}
	}
}

// createOrEdit creates an application, or gives it this spec.
func createOrEdit(e *env.Env, app *v1alpha1.AppRegistration) {
	e.T.Helper()
	if app.UID == "" {
		e.Cluster.Create(app)
		return
	}
	spec := app.Spec.DeepCopy()
	env.Edit(e.Cluster, app, func(obj *v1alpha1.AppRegistration) { obj.Spec = *spec })
}

// waitRefusedByEntra checks that an application says what Entra refused, once, and by which request.
func waitRefusedByEntra(e *env.Env, app *v1alpha1.AppRegistration, reason v1alpha1.Reason, words ...string) {
	e.T.Helper()
	message := e.Status.WaitCondition(app, v1alpha1.ConditionStalled, metav1.ConditionTrue, reason)
	e.Status.WaitCondition(app, v1alpha1.ConditionReady, metav1.ConditionFalse, reason)
	refused := refusedWrites(e)
	if len(refused) != 1 {
		e.T.Fatalf("Entra refused %d writes:\n%s", len(refused), e.Requests.Traffic())
	}
	e.Status.CheckMessage(message, append(words, "request-id "+requestIDs(refused))...)
}

// checkOneTryPerResync lets five hours pass, and counts the writes.
func checkOneTryPerResync(e *env.Env) {
	e.T.Helper()
	e.Requests.Reset()
	e.Clock.PassHours(5 * time.Hour)
	seen := e.Requests.Traffic()
	if tries := len(seen.Writes); tries < 4 || tries > 6 {
		e.T.Errorf("%d tries in five hours of hourly resyncs:\n%s", tries, seen)
	}
	if refused := refusedWrites(e); len(refused) != len(seen.Writes) {
		e.T.Errorf("Entra refused %d of these: %s", len(refused), seen)
	}
}

// What the operator itself can refuse is Invalid without a write.
func TestInvalid_KnownFaultsCostNoWrite(t *testing.T) {
	t.Parallel()
	many := func(n int) (uris []string) {
		for i := range n {
			uris = append(uris, fmt.Sprintf("https://orders.example.com/%d", i))
		}
		return uris
	}
	e := env.New(t, env.WithPolicy(liberalRules...))
	for name, c := range map[string]struct {
		spoil func(*v1alpha1.AppRegistrationSpec)
		words []string
	}{
		"a redirect URI on two platforms": {
			func(spec *v1alpha1.AppRegistrationSpec) {
				spec.Web = &v1alpha1.Platform{RedirectURIs: []string{"https://orders.example.com/a", "https://orders.example.com/b"}}
				spec.SPA = &v1alpha1.Platform{RedirectURIs: []string{"https://orders.example.com/b"}}
			},
			[]string{"spec.spa.redirectURIs[0]", "spec.web.redirectURIs[1]"},
		},
		"more redirect URIs than Entra takes in all": {
			func(spec *v1alpha1.AppRegistrationSpec) {
				uris := many(270)
				spec.Web, spec.SPA, spec.PublicClient = &v1alpha1.Platform{RedirectURIs: uris[:90]}, &v1alpha1.Platform{RedirectURIs: uris[90:180]},
					&v1alpha1.Platform{RedirectURIs: uris[180:]}
			},
			[]string{"270 redirect URIs", "256"},
		},
		"an ID that two entries have": {
			func(spec *v1alpha1.AppRegistrationSpec) {
				spec.AppRoles = []v1alpha1.AppRole{roleWithID("One.All"), roleWithID("Two.All")}
			},
			[]string{"spec.appRoles[1].id", "spec.appRoles[0].id", pinnedID},
		},
		"what personal accounts do not go with": {
			func(spec *v1alpha1.AppRegistrationSpec) {
				spec.SignInAudience = v1alpha1.AudienceOrgsAndPersonal
				with.AppRoles("Orders.Read.All")(spec)
				with.Version1Tokens(spec)
				with.Scopes(strings.Repeat("s", 41))(spec)
				with.WebRedirectURIs("https://orders.example.com/?a=b")(spec)
			},
			[]string{"spec.appRoles", "spec.api.scopes[0].value", "spec.web.redirectURIs[0]", "personal accounts"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			app := e.AppRegistration(strings.ReplaceAll(name, " ", "-"), c.spoil)
			app.Name = strings.ToLower(strings.ReplaceAll(app.Name, "entra", "e"))
			e.Quiet()
			e.Tenant.ResetExchanges()
			e.Cluster.Create(app)
			message := e.Status.WaitCondition(app, v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonInvalid)
			e.Status.CheckMessage(message, c.words...)
			if seen := e.Requests.Traffic(); len(seen.Writes) > 0 {
				t.Errorf("nothing is to be written: %s", seen)
			}
			env.Edit(e.Cluster, app, func(obj *v1alpha1.AppRegistration) { obj.Spec = v1alpha1.AppRegistrationSpec{DisplayName: "good"} })
			if took := e.Status.WaitReady(app); took > time.Minute {
				t.Errorf("recovered after %s", took)
			}
		})
	}
}
