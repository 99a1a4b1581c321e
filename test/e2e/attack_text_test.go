package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	eventsv1 "k8s.io/api/events/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// poison is text that means something else to whoever reads it carelessly: OData, URLs, paths, JSON, HTTP, logs, shells, templates.
var poison = []string{
	`O'Brien') or startswith(displayName,'`,
	`x'/owners?$filter=1 eq 1&$expand=*#`,
	`%27%29/../../applications/%2e%2e%2f%00`,
	`{appID}{appID} {{.Data}} ${HOME} $(id) ` + "`id`",
	`","isDisabled":true,"x":"`,
	"a\r\nX-Injected: 1\r\n\r\n{\"level\":\"error\",\"msg\":\"forged\"}",
	"\u2028\u202e\u0000evil\u001b[31m", // no line, no direction, no colour of theirs
	`<script>alert(1)</script>\u000a\\"`,
}

// storable drops what no JSON document of Kubernetes and Entra holds alike.
func storable(text string) string { return strings.ReplaceAll(text, "\u0000", "") }

func TestTextArrivesInEntraAsItWasWritten(t *testing.T) {
	t.Parallel()
	for i, text := range poison {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			logs := &logbook{}
			s, mallory := besieged(t, logs.of(), allowing(trustIn(text)))
			text := storable(text)
			app := s.app("orders-api", func(spec *v1alpha1.AppRegistrationSpec) {
				spec.DisplayName, spec.Description = text, text
				spec.API = &v1alpha1.API{Scopes: []v1alpha1.Scope{{
					Value: "Read", AdminConsentDisplayName: text, AdminConsentDescription: text, UserConsentDisplayName: text, UserConsentDescription: text,
				}}}
				spec.AppRoles = []v1alpha1.AppRole{{
					Value: "Role", DisplayName: text, Description: text, AllowedMemberTypes: []v1alpha1.MemberType{v1alpha1.MemberApplication},
				}}
			})
			trust := s.trust("trust", "orders-api", "orders-api")
			trusting("https://issuer.example.com", text)(&trust.Spec)
			trust.Spec.Description = text
			mallory.create(app)
			if err := mallory.admin.Create(t.Context(), trust); err != nil {
				if !apierrors.IsInvalid(err) {
					t.Fatal(err)
				}
				trust = s.trust("trust", "orders-api", "orders-api")
				mallory.create(trust)
			}
			mallory.ready(app, trust)
			doc := s.sees(app.Status.ObjectID)
			scope, role, federated := odata.Documents(doc.Properties, "api", "oauth2PermissionScopes")[0],
				odata.Documents(doc.Properties, "appRoles")[0], doc.Federated[0]
			for what, got := range map[string]string{
				"displayName":             odata.Text(doc.Properties, "displayName"),
				"description":             odata.Text(doc.Properties, "description"),
				"adminConsentDisplayName": odata.Text(scope, "adminConsentDisplayName"),
				"adminConsentDescription": odata.Text(scope, "adminConsentDescription"),
				"userConsentDisplayName":  odata.Text(scope, "userConsentDisplayName"),
				"userConsentDescription":  odata.Text(scope, "userConsentDescription"),
				"role's displayName":      odata.Text(role, "displayName"),
				"role's description":      odata.Text(role, "description"),
				"trust's subject":         orElse(trust.Spec.OIDC == nil, text, odata.Text(federated, "subject")),
				"trust's description":     orElse(trust.Spec.Description == "", text, odata.Text(federated, "description")),
			} {
				if got != text {
					t.Errorf("%s is %q, want %q", what, got, text)
				}
			}
			mallory.delete(app, trust)
			mallory.gone(app, trust)
			s.linesAreWhole(logs)
		})
	}
}

func orElse(is bool, one, other string) string {
	if is {
		return one
	}
	return other
}

// trustIn is a rule under which a subject gets to Entra.
func trustIn(subject string) v1alpha1.PolicyRule {
	return v1alpha1.PolicyRule{Federate: &v1alpha1.FederateRule{
		OIDC: &v1alpha1.OIDCRule{Issuer: "https://issuer.example.com", Subjects: []string{storable(subject), "*"}},
	}}
}

// values that tokens carry, and names of URIs and tags, have an alphabet: what is outside is refused at apply, what is inside
// arrives.
func TestNamesArriveOrAreRefusedAtApply(t *testing.T) {
	t.Parallel()
	logs := &logbook{}
	s, mallory := besieged(t, logs.of())
	texts := append([]string{
		`a'b(c)%2F..;$filter=x`, `a"b`, "a b", "a\nb", `a\b`, "../../x", "{appID}{appID}", "%0d%0a", "é", "<b>", "|", "`", ".hidden", "",
	}, poison...)
	arrived, refused := 0, 0
	for i, text := range texts {
		text = storable(text)
		for what, c := range map[string]struct {
			write func(*v1alpha1.AppRegistrationSpec)
			read  func(odata.Document) []string
		}{
			"tag": {
				func(spec *v1alpha1.AppRegistrationSpec) { spec.Tags = []string{text} },
				func(doc odata.Document) []string { return odata.Texts(doc, "tags") },
			},
			"role": {
				func(spec *v1alpha1.AppRegistrationSpec) {
					spec.AppRoles = []v1alpha1.AppRole{{Value: text, AllowedMemberTypes: []v1alpha1.MemberType{v1alpha1.MemberApplication}}}
				},
				func(doc odata.Document) []string { return valuesOf(odata.Documents(doc, "appRoles")) },
			},
			"scope": {
				scoped(text),
				func(doc odata.Document) []string {
					return valuesOf(odata.Documents(doc, "api", "oauth2PermissionScopes"))
				},
			},
			"redirect": {
				func(spec *v1alpha1.AppRegistrationSpec) {
					spec.Web = &v1alpha1.Platform{RedirectURIs: []string{"https://orders.example.com/" + text}}
				},
				func(doc odata.Document) []string {
					return cutPrefixes(odata.Texts(doc, "web", "redirectUris"), "https://orders.example.com/")
				},
			},
			"identifier": {
				func(spec *v1alpha1.AppRegistrationSpec) { spec.IdentifierURIs = []string{"api://" + text} },
				func(doc odata.Document) []string { return cutPrefixes(odata.Texts(doc, "identifierUris"), "api://") },
			},
		} {
			app := s.app(fmt.Sprintf("%s-%d", what, i), c.write)
			err := mallory.admin.Create(t.Context(), app)
			if apierrors.IsInvalid(err) {
				refused++
				continue
			}
			if err != nil {
				t.Fatalf("%s %q: %v", what, text, err)
			}
			switch reason := s.judged(app); reason {
			case "":
			case string(v1alpha1.ReasonDenied), string(v1alpha1.ReasonInvalid):
				refused++
				continue
			default:
				t.Fatalf("%s %q is %s:\n%s", what, text, reason, s.unready(app))
			}
			arrived++
			if got := c.read(s.sees(app.Status.ObjectID).Properties); !slices.Contains(got, text) {
				t.Errorf("%s is %q, want %q", what, got, text)
			}
		}
	}
	t.Logf("%d arrived, %d were refused", arrived, refused)
	s.linesAreWhole(logs)
}

// judged waits until an object is Ready, or refused for a reason that is given.
func (s *stage) judged(obj object) string {
	s.t.Helper()
	reason := ""
	s.clock.until(s.t, "a judgement of "+obj.GetName(), settleTime, func() bool {
		if !s.get(obj) || isReady(obj) {
			return isReady(obj)
		}
		for _, c := range obj.Common().Conditions {
			if c.Type == v1alpha1.ConditionStalled {
				reason = c.Reason
				s.says(c.Message)
			}
		}
		return reason != ""
	})
	return reason
}

func valuesOf(list []odata.Document) []string {
	var values []string
	for _, entry := range list {
		values = append(values, odata.Text(entry, "value"))
	}
	return values
}

func cutPrefixes(list []string, prefix string) []string {
	var cut []string
	for _, text := range list {
		cut = append(cut, strings.TrimPrefix(text, prefix))
	}
	return cut
}

// plainPath is what every path of ours looks like: IDs and our own names, and nothing that a user wrote.
var plainPath = regexp.MustCompile(`^/(v1\.0/[A-Za-z0-9_./$-]+(\((appId|uniqueName)='[A-Za-z0-9_.-]+'\))?(/[A-Za-z$]+)*|[0-9a-f-]{36}/[a-z0-9_./-]+)$`)

// linesAreWhole checks that what users wrote made no line of the log, no event and no request that is not ours.
func (s *stage) linesAreWhole(logs *logbook) {
	s.t.Helper()
	s.clock.quiet(s.t)
	logs.isWhole(s.t)
	var events eventsv1.EventList
	if err := s.admin.List(s.t.Context(), &events, client.InNamespace(s.namespace)); err != nil {
		s.t.Fatal(err)
	}
	for _, event := range events.Items {
		if strings.ContainsAny(event.Note, "\r\n\u2028\u001b\u202e") {
			s.t.Errorf("an event of more than one line: %q", event.Note)
		}
	}
	for _, exchange := range s.entra.Exchanges() {
		if !plainPath.MatchString(exchange.Path) {
			s.t.Errorf("a path that we did not choose: %s", exchange.Path)
		}
	}
}

// isWhole checks that every line is one that the logger wrote.
func (l *logbook) isWhole(t testing.TB) {
	t.Helper()
	lines := 0
	for scanner := bufio.NewScanner(strings.NewReader(l.String())); scanner.Scan(); lines++ {
		var line struct {
			Level, Msg string
		}
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil || line.Level == "" || line.Msg == "forged" {
			t.Errorf("a line of the log that we did not write: %s", scanner.Text())
		}
	}
	if lines == 0 {
		t.Error("nothing was logged")
	}
}
