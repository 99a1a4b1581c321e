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
	"github.com/entra-registrar/entra-registrar/test/emulator/record"
)

// liberal rules leave the judgement to Entra.
var liberal = []v1alpha1.PolicyRule{
	{Field: &v1alpha1.FieldRule{Path: "spec.signInAudience", Values: []string{"*"}}},
	{Field: &v1alpha1.FieldRule{Path: "spec.api.requestedAccessTokenVersion", Values: []string{"*"}}},
	{IdentifierURI: &v1alpha1.IdentifierURIRule{URIs: []string{"api://orders"}, Prefixes: []string{"https://orders.unverified.example", "https://contoso.onmicrosoft.com"}}},
	{Redirect: &v1alpha1.RedirectRule{URIs: []string{"orders://callback"}}},
}

func version1(spec *v1alpha1.AppRegistrationSpec) {
	if spec.API == nil {
		spec.API = &v1alpha1.API{}
	}
	one := int32(1)
	spec.API.RequestedAccessTokenVersion = &one
}

func named(uris ...string) func(*v1alpha1.AppRegistrationSpec) {
	return func(spec *v1alpha1.AppRegistrationSpec) { spec.IdentifierURIs = uris }
}

func redirecting(uris ...string) func(*v1alpha1.AppRegistrationSpec) {
	return func(spec *v1alpha1.AppRegistrationSpec) { spec.Web = &v1alpha1.Platform{RedirectURIs: uris} }
}

// onlyEntraKnows are specs that Entra alone can refuse, with what it complains about.
var onlyEntraKnows = map[string]struct {
	spoil    []func(*v1alpha1.AppRegistrationSpec)
	property string
	reason   v1alpha1.Reason
}{
	"an identifier URI on a domain that is not verified":  {spoil: with(named("https://orders.unverified.example/api")), property: "identifierUris"},
	"an identifier URI that version 1 tokens do not take": {spoil: with(version1, named("api://orders")), property: "identifierUris"},
	"an identifier URI that another application has": {
		spoil: with(named("https://contoso.onmicrosoft.com/taken")), property: "identifierUris", reason: v1alpha1.ReasonConflict,
	},
	"a redirect URI with characters that Entra does not take": {spoil: with(redirecting("https://orders.example.com/(callback)")), property: "web.redirectUris"},
	"a redirect URI of the wrong platform":                    {spoil: with(redirecting("orders://callback")), property: "web.redirectUris"},
}

func with(changes ...func(*v1alpha1.AppRegistrationSpec)) []func(*v1alpha1.AppRegistrationSpec) {
	return changes
}

// refusedWrites are those that Entra answered with 400 or 409.
func (s *stage) refusedWrites() []record.Exchange {
	var refused []record.Exchange
	for _, exchange := range s.entra.Exchanges() {
		if isDirectory(exchange) && exchange.IsWrite() && (exchange.Status == http.StatusBadRequest || exchange.Status == http.StatusConflict) {
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

func TestWhatOnlyEntraKnowsIsInvalidAndHealsWithTheSpec(t *testing.T) {
	t.Parallel()
	for name, c := range onlyEntraKnows {
		for _, when := range []string{"from the start", "by an edit"} {
			t.Run(name+" "+when, func(t *testing.T) {
				t.Parallel()
				s := newStage(t, allowing(liberal...))
				other, app := s.app("taken", named("https://contoso.onmicrosoft.com/taken")), s.app("orders-api", exposing("Orders.Read.All"))
				good := app.Spec.DeepCopy()
				s.create(other)
				s.ready(other)
				if when == "by an edit" {
					s.create(app)
					s.ready(app)
				}
				s.forget()
				for _, spoil := range c.spoil {
					spoil(&app.Spec)
				}
				s.put(app)
				s.complains(app, cmp.Or(c.reason, v1alpha1.ReasonInvalid), c.property+": ")
				s.triesOncePerResync()

				app.Spec = *good
				s.put(app)
				if took := s.ready(app); took > time.Minute {
					t.Errorf("healed after %s", took)
				}
			})
		}
	}
}

// put creates an application, or makes its specification this one.
func (s *stage) put(app *v1alpha1.AppRegistration) {
	s.t.Helper()
	if app.UID == "" {
		s.create(app)
		return
	}
	spec := app.Spec.DeepCopy()
	edit(s, app, func(obj *v1alpha1.AppRegistration) { obj.Spec = *spec })
}

// complains checks that an application says what Entra refused, once, and by which request.
func (s *stage) complains(app *v1alpha1.AppRegistration, reason v1alpha1.Reason, words ...string) {
	s.t.Helper()
	message := s.has(app, v1alpha1.ConditionStalled, metav1.ConditionTrue, reason)
	s.has(app, v1alpha1.ConditionReady, metav1.ConditionFalse, reason)
	refused := s.refusedWrites()
	if len(refused) != 1 {
		s.t.Fatalf("Entra refused %d writes:\n%s", len(refused), s.traffic())
	}
	s.says(message, append(words, "request-id "+requestIDs(refused))...)
}

// triesOncePerResync lets five hours pass, and counts the writes.
func (s *stage) triesOncePerResync() {
	s.t.Helper()
	s.forget()
	s.clock.leap(s.t, 5*time.Hour)
	seen := s.traffic()
	if tries := len(seen.writes); tries < 4 || tries > 6 {
		s.t.Errorf("%d tries in five hours of hourly resyncs:\n%s", tries, seen)
	}
	if refused := s.refusedWrites(); len(refused) != len(seen.writes) {
		s.t.Errorf("Entra refused %d of these: %s", len(refused), seen)
	}
}

func TestWhatCanBeKnownIsInvalidWithoutAWrite(t *testing.T) {
	t.Parallel()
	many := func(n int) (uris []string) {
		for i := range n {
			uris = append(uris, fmt.Sprintf("https://orders.example.com/%d", i))
		}
		return uris
	}
	s := newStage(t, allowing(liberal...))
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
				spec.AppRoles = []v1alpha1.AppRole{pinned("One.All"), pinned("Two.All")}
			},
			[]string{"spec.appRoles[1].id", "spec.appRoles[0].id", pinnedID},
		},
		"what personal accounts do not go with": {
			func(spec *v1alpha1.AppRegistrationSpec) {
				spec.SignInAudience = v1alpha1.AudienceOrgsAndPersonal
				exposing("Orders.Read.All")(spec)
				version1(spec)
				scoped(strings.Repeat("s", 41))(spec)
				redirecting("https://orders.example.com/?a=b")(spec)
			},
			[]string{"spec.appRoles", "spec.api.scopes[0].value", "spec.web.redirectURIs[0]", "personal accounts"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			app := s.app(strings.ReplaceAll(name, " ", "-"), c.spoil)
			app.Name = strings.ToLower(strings.ReplaceAll(app.Name, "entra", "e"))
			s.clock.quiet(t)
			s.entra.ResetExchanges()
			s.create(app)
			message := s.has(app, v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonInvalid)
			s.says(message, c.words...)
			if seen := s.traffic(); len(seen.writes) > 0 {
				t.Errorf("nothing is to be written: %s", seen)
			}
			edit(s, app, func(obj *v1alpha1.AppRegistration) { obj.Spec = v1alpha1.AppRegistrationSpec{DisplayName: "good"} })
			if took := s.ready(app); took > time.Minute {
				t.Errorf("healed after %s", took)
			}
		})
	}
}
