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
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// hostileTexts mean something else where they are not escaped: in OData, URLs, paths, JSON, HTTP, logs, shells and templates.
var hostileTexts = []string{
	`O'Brien') or startswith(displayName,'`,
	`x'/owners?$filter=1 eq 1&$expand=*#`,
	`%27%29/../../applications/%2e%2e%2f%00`,
	`{appID}{appID} {{.Data}} ${HOME} $(id) ` + "`id`",
	`","isDisabled":true,"x":"`,
	"a\r\nX-Injected: 1\r\n\r\n{\"level\":\"error\",\"msg\":\"forged\"}",
	"\u2028\u202e\u0000evil\u001b[31m", // a line break, a change of direction, an escape sequence
	`<script>alert(1)</script>\u000a\\"`,
}

// storable drops NUL, which Kubernetes and Entra do not store alike.
func storable(text string) string { return strings.ReplaceAll(text, "\u0000", "") }

func TestText_ArrivesInEntraUnchanged(t *testing.T) {
	t.Parallel()
	for i, text := range hostileTexts {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			log := &env.Log{}
			e, mallory := env.NewWithTenantUser(t, env.WithLog(log), env.WithPolicy(allowSubject(text)))
			text := storable(text)
			app := e.AppRegistration("orders-api", func(spec *v1alpha1.AppRegistrationSpec) {
				spec.DisplayName, spec.Description = text, text
				spec.API = &v1alpha1.API{Scopes: []v1alpha1.Scope{{
					Value: "Read", AdminConsentDisplayName: text, AdminConsentDescription: text, UserConsentDisplayName: text, UserConsentDescription: text,
				}}}
				spec.AppRoles = []v1alpha1.AppRole{{
					Value: "Role", DisplayName: text, Description: text, AllowedMemberTypes: []v1alpha1.MemberType{v1alpha1.MemberApplication},
				}}
			})
			credential := e.FederatedCredential("trust", "orders-api", "orders-api")
			with.OIDCSubject("https://issuer.example.com", text)(&credential.Spec)
			credential.Spec.Description = text
			mallory.Cluster.Create(app)
			if err := mallory.Cluster.Client.Create(t.Context(), credential); err != nil {
				if !apierrors.IsInvalid(err) {
					t.Fatal(err)
				}
				credential = e.FederatedCredential("trust", "orders-api", "orders-api")
				mallory.Cluster.Create(credential)
			}
			mallory.Status.WaitReady(app, credential)
			doc := e.Tenant.Entry(app.Status.ObjectID)
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
				"trust's subject":         choose(credential.Spec.OIDC == nil, text, odata.Text(federated, "subject")),
				"trust's description":     choose(credential.Spec.Description == "", text, odata.Text(federated, "description")),
			} {
				if got != text {
					t.Errorf("%s is %q, want %q", what, got, text)
				}
			}
			mallory.Cluster.Delete(app, credential)
			mallory.Status.WaitGone(app, credential)
			checkNothingInjected(e, log)
		})
	}
}

func choose(is bool, one, other string) string {
	if is {
		return one
	}
	return other
}

// allowSubject is a rule that lets a subject through to Entra.
func allowSubject(subject string) v1alpha1.PolicyRule {
	return v1alpha1.PolicyRule{Federate: &v1alpha1.FederateRule{
		OIDC: &v1alpha1.OIDCRule{Issuer: "https://issuer.example.com", Subjects: []string{storable(subject), "*"}},
	}}
}

// Values that tokens carry, URIs and tags have an alphabet: what is outside of it is refused at apply, and what is inside
// arrives.
func TestNames_ArriveOrAreRefusedAtApply(t *testing.T) {
	t.Parallel()
	log := &env.Log{}
	e, mallory := env.NewWithTenantUser(t, env.WithLog(log))
	texts := append([]string{
		`a'b(c)%2F..;$filter=x`, `a"b`, "a b", "a\nb", `a\b`, "../../x", "{appID}{appID}", "%0d%0a", "é", "<b>", "|", "`", ".hidden", "",
	}, hostileTexts...)
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
				with.Scopes(text),
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
			app := e.AppRegistration(fmt.Sprintf("%s-%d", what, i), c.write)
			err := mallory.Cluster.Client.Create(t.Context(), app)
			if apierrors.IsInvalid(err) {
				refused++
				continue
			}
			if err != nil {
				t.Fatalf("%s %q: %v", what, text, err)
			}
			switch reason := e.Status.WaitReadyOrStalled(app); reason {
			case "":
			case string(v1alpha1.ReasonDenied), string(v1alpha1.ReasonInvalid):
				refused++
				continue
			default:
				t.Fatalf("%s %q is %s:\n%s", what, text, reason, e.Status.Describe(app))
			}
			arrived++
			if got := c.read(e.Tenant.Entry(app.Status.ObjectID).Properties); !slices.Contains(got, text) {
				t.Errorf("%s is %q, want %q", what, got, text)
			}
		}
	}
	t.Logf("%d arrived, %d were refused", arrived, refused)
	checkNothingInjected(e, log)
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

// plainPath matches the paths of the operator's requests: they have IDs and its own names, and nothing that a user wrote.
var plainPath = regexp.MustCompile(`^/(v1\.0/[A-Za-z0-9_./$-]+(\((appId|uniqueName)='[A-Za-z0-9_.-]+'\))?(/[A-Za-z$]+)*|[0-9a-f-]{36}/[a-z0-9_./-]+)$`)

// checkNothingInjected fails where what users wrote has become a line of the log, an event or a request of its own.
func checkNothingInjected(e *env.Env, log *env.Log) {
	e.T.Helper()
	e.Quiet()
	checkLogLines(log, e.T)
	var events eventsv1.EventList
	if err := e.Cluster.Client.List(e.T.Context(), &events, client.InNamespace(e.Namespace)); err != nil {
		e.T.Fatal(err)
	}
	for _, event := range events.Items {
		if strings.ContainsAny(event.Note, "\r\n\u2028\u001b\u202e") {
			e.T.Errorf("an event of more than one line: %q", event.Note)
		}
	}
	for _, exchange := range e.Tenant.Exchanges() {
		if !plainPath.MatchString(exchange.Path) {
			e.T.Errorf("a path that we did not choose: %s", exchange.Path)
		}
	}
}

// checkLogLines fails where a line is not one that the logger wrote.
func checkLogLines(l *env.Log, t testing.TB) {
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
