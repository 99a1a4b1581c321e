package e2e

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/test/emulator"
)

// wrongSecret is a secret that the token service refuses; it is one all the same.
const wrongSecret = "canary-wrong-secret-91bd"

// indiscreet are answers that tell everybody what was sent.
var indiscreet = map[string]func(answer *http.Response, secrets string){
	"400": blurts(http.StatusBadRequest),
	"401": blurts(http.StatusUnauthorized),
	"403": blurts(http.StatusForbidden),
	"404": blurts(http.StatusNotFound),
	"409": blurts(http.StatusConflict),
	"429": blurts(http.StatusTooManyRequests),
	"500": blurts(http.StatusInternalServerError),
	"503": blurts(http.StatusServiceUnavailable),
	"200": blurts(http.StatusOK),
	"a gateway": func(answer *http.Response, secrets string) {
		blurt(answer, http.StatusBadGateway, "text/html", "<p>"+secrets)
	},
	"a redirect": func(answer *http.Response, secrets string) {
		answer.Header.Set("Location", "https://"+thief+"/?token="+url.QueryEscape(secrets))
		blurt(answer, http.StatusFound, "text/plain", secrets)
	},
	"half an answer": func(answer *http.Response, secrets string) {
		blurt(answer, http.StatusOK, "application/json", `{"error": "`+secrets)
	},
}

func blurts(status int) func(*http.Response, string) {
	return func(answer *http.Response, secrets string) {
		blurt(answer, status, "application/json", fmt.Sprintf(`{"error":{"code":%[1]q,"message":%[1]q,"target":%[1]q,"details":[{"code":%[1]q,
			"message":%[1]q,"target":%[1]q}],"innerError":{"request-id":%[1]q}},"error_description":%[1]q,"trace_id":%[1]q,"id":%[1]q,"displayName":%[1]q}`, secrets))
	}
}

func blurt(answer *http.Response, status int, contentType, content string) {
	answer.StatusCode, answer.Status = status, fmt.Sprint(status)
	answer.Header.Set("Content-Type", contentType)
	for _, name := range []string{"request-id", "WWW-Authenticate"} {
		answer.Header.Set(name, strings.ReplaceAll(content, "\n", " "))
	}
	replaced(answer, []byte(content))
}

// TestNoSecretIsSeenAnywhere plays the story and everything that can go wrong with it, and then searches for what was secret. It is
// not parallel: where a workload's token is, is told by the environment.
func TestNoSecretIsSeenAnywhere(t *testing.T) {
	logs, sp, recorded, registry := &logbook{}, &spy{}, &logbook{}, prometheus.NewRegistry()
	registry.MustRegister(engine.Metrics()...)
	file := filepath.Join(t.TempDir(), "token")
	t.Setenv("AZURE_FEDERATED_TOKEN_FILE", file)
	s := newStage(t, logs.of(), listening(sp), func(s *stage, o *emulator.Options) {
		o.Record, s.settings.Metrics = recorded, registry
	})
	hear := s.listens()
	objs := s.settled()
	sp.heard(s.signsIn("orders-worker"))
	all := append(ours(objs), s.tenantObject())

	s.suffers(sp, all)
	s.getsTheSecretWrong()
	s.suffers(sp, all[:1])
	s.asksForWhatIsRefused()
	s.signsInWithoutASecret(sp, file)
	s.suffers(sp, all)
	for _, obj := range all {
		s.clock.quiet(t)
		s.ready(obj)
	}
	sp.forges(tellsOf(indiscreet["500"]))
	s.delete(objs...)
	s.clock.pass(t, time.Minute)
	sp.forges(nil)
	s.gone(objs...)
	s.clock.quiet(t)

	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	exchanges, err := json.Marshal(s.entra.Exchanges())
	if err != nil {
		t.Fatal(err)
	}
	s.search(sp, map[string]string{
		"log": logs.String(), "cluster": hear(), "emulator's record": recorded.String(),
		"metrics": fmt.Sprint(families), "exchanges": string(exchanges), "golden files": goldenFiles(t),
	})
}

// suffers looks at objects while Graph and the token service blurt out what they are sent, in every way.
func (s *stage) suffers(sp *spy, objs []object) {
	s.t.Helper()
	for _, how := range slices.Sorted(maps.Keys(indiscreet)) {
		sp.forges(tellsOf(indiscreet[how]))
		for _, obj := range objs {
			edit(s, obj, func(o object) {
				o.SetAnnotations(map[string]string{v1alpha1.ReconcileRequestedAt: fmt.Sprint(s.clock.Now())})
			})
		}
		s.clock.pass(s.t, 8*time.Second)
	}
	sp.forges(nil)
	s.clock.pass(s.t, time.Minute)
}

// tellsOf makes an answer of what the request carried: Graph knows our token, and the token service our credential.
func tellsOf(how func(*http.Response, string)) func(*http.Request, *http.Response) {
	return func(r *http.Request, answer *http.Response) {
		form := url.Values{}
		if r.GetBody != nil {
			if body, err := r.GetBody(); err == nil {
				content, _ := io.ReadAll(body)
				form, _ = url.ParseQuery(string(content))
			}
		}
		how(answer, fmt.Sprintf("you sent %s\n%s %s", r.Header.Get("Authorization"), form.Get("client_secret"), form.Get("client_assertion")))
	}
}

func (s *stage) getsTheSecretWrong() {
	s.t.Helper()
	change := func(value string) {
		edit(s, &corev1.Secret{ObjectMeta: s.credential().ObjectMeta}, func(secret *corev1.Secret) {
			secret.Data = map[string][]byte{"client-secret": []byte(value)}
		})
		s.look(s.tenantObject())
	}
	change(wrongSecret)
	s.says(s.has(s.tenantObject(), v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonForbidden), "AADSTS7000215")
	change(operatorSecret)
	s.ready(s.tenantObject())
}

func (s *stage) asksForWhatIsRefused() {
	s.t.Helper()
	worker, trust := s.app("denied"), s.trust("denied", "orders-worker", "orders-worker")
	worker.Spec.SignInAudience = v1alpha1.AudienceMultipleOrgs
	trust.Spec.ServiceAccount.Namespace = "kube-system"
	s.create(worker, trust)
	s.refused(worker, v1alpha1.ReasonDenied)
	s.refused(trust, v1alpha1.ReasonDenied)
	s.delete(worker, trust)
	s.gone(worker, trust)
}

// signsInWithoutASecret makes the operator a workload like others: its ServiceAccount's token is its credential.
func (s *stage) signsInWithoutASecret(sp *spy, file string) {
	s.t.Helper()
	token := s.tokenOf(operatorNamespace, "entra-registrar")
	sp.heard(token)
	if err := os.WriteFile(file, []byte(token), 0o600); err != nil {
		s.t.Fatal(err)
	}
	s.somebody(trusts(subject(operatorNamespace, "entra-registrar")), s.ownApplication())
	edit(s, s.tenantObject(), func(tenant *v1alpha1.EntraTenant) {
		tenant.Spec.Auth = v1alpha1.TenantAuth{Type: v1alpha1.AuthWorkloadIdentity, ClientID: operatorClientID}
	})
	s.ready(s.tenantObject())
}

// search for secrets, whole and in part, as they are and encoded.
func (s *stage) search(sp *spy, places map[string]string) {
	s.t.Helper()
	passed := sp.secrets()
	if len(passed) < 4 {
		s.t.Fatalf("only %d tokens passed: that is not the whole story", len(passed))
	}
	needles := map[string]string{}
	for i, token := range passed {
		parts := strings.Split(token, ".")
		needles[fmt.Sprintf("token %d", i)] = token
		needles[fmt.Sprintf("signature of token %d", i)] = parts[len(parts)-1]
		needles[fmt.Sprintf("claims of token %d", i)] = parts[len(parts)/2]
	}
	for name, secret := range map[string]string{"the operator's secret": operatorSecret, "a wrong secret": wrongSecret} {
		needles[name] = secret
		needles[name+" in base64"] = strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(secret)), "=")
		needles["the middle of "+name] = secret[len(secret)/4 : len(secret)*3/4]
	}
	for place, text := range places {
		if len(text) < 100 {
			s.t.Errorf("%s: next to nothing to search: %q", place, text)
		}
		for name, needle := range needles {
			if at := strings.Index(text, needle); at >= 0 {
				s.t.Errorf("%s is in the %s: %.300s", name, place, text[max(0, at-200):])
			}
		}
		if at := strings.Index(text, "eyJ"); at >= 0 {
			s.t.Errorf("the beginning of a token is in the %s: %.300s", place, text[max(0, at-200):])
		}
	}
}
