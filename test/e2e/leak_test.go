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

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/outofband"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/signin"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/wire"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
	"github.com/entra-registrar/entra-registrar/test/emulator"
)

// wrongSecret is refused by the token service, and is a secret all the same.
const wrongSecret = "canary-wrong-secret-91bd"

// echoes are answers that contain what was sent.
var echoes = map[string]func(answer *http.Response, secrets string){
	"400": echoStatus(http.StatusBadRequest),
	"401": echoStatus(http.StatusUnauthorized),
	"403": echoStatus(http.StatusForbidden),
	"404": echoStatus(http.StatusNotFound),
	"409": echoStatus(http.StatusConflict),
	"429": echoStatus(http.StatusTooManyRequests),
	"500": echoStatus(http.StatusInternalServerError),
	"503": echoStatus(http.StatusServiceUnavailable),
	"200": echoStatus(http.StatusOK),
	"a gateway": func(answer *http.Response, secrets string) {
		echo(answer, http.StatusBadGateway, "text/html", "<p>"+secrets)
	},
	"a redirect": func(answer *http.Response, secrets string) {
		answer.Header.Set("Location", "https://"+foreignHost+"/?token="+url.QueryEscape(secrets))
		echo(answer, http.StatusFound, "text/plain", secrets)
	},
	"half an answer": func(answer *http.Response, secrets string) {
		echo(answer, http.StatusOK, "application/json", `{"error": "`+secrets)
	},
}

func echoStatus(status int) func(*http.Response, string) {
	return func(answer *http.Response, secrets string) {
		echo(answer, status, "application/json", fmt.Sprintf(`{"error":{"code":%[1]q,"message":%[1]q,"target":%[1]q,"details":[{"code":%[1]q,
			"message":%[1]q,"target":%[1]q}],"innerError":{"request-id":%[1]q}},"error_description":%[1]q,"trace_id":%[1]q,"id":%[1]q,"displayName":%[1]q}`, secrets))
	}
}

func echo(answer *http.Response, status int, contentType, content string) {
	answer.StatusCode, answer.Status = status, fmt.Sprint(status)
	answer.Header.Set("Content-Type", contentType)
	for _, name := range []string{"request-id", "WWW-Authenticate"} {
		answer.Header.Set(name, strings.ReplaceAll(content, "\n", " "))
	}
	wire.ReplaceBody(answer, []byte(content))
}

// The orders objects go through everything that can go wrong with them; then what was secret is searched for. The test is
// not parallel: an environment variable says where the workload's token is.
func TestSecrets_AreSeenNowhere(t *testing.T) {
	log, interceptor, recorded, registry := &env.Log{}, &wire.Interceptor{}, &env.Log{}, prometheus.NewRegistry()
	registry.MustRegister(engine.Metrics()...)
	file := filepath.Join(t.TempDir(), "token")
	t.Setenv("AZURE_FEDERATED_TOKEN_FILE", file)
	e := env.New(t, env.WithLog(log), env.WithInterceptor(interceptor), func(e *env.Env, o *emulator.Options) {
		o.Record, e.Manager.Settings.Metrics = recorded, registry
	})
	recording := recordCluster(e)
	objs := e.CreateOrdersObjects()
	interceptor.AddSecret(signInAs(e, "orders-worker"))
	all := append(env.OperatorObjects(objs), e.EntraTenant())

	reconcileThroughEchoes(e, interceptor, all)
	signInWithWrongSecret(e)
	reconcileThroughEchoes(e, interceptor, all[:1])
	askForWhatIsDenied(e)
	switchToWorkloadIdentity(e, interceptor, file)
	reconcileThroughEchoes(e, interceptor, all)
	for _, obj := range all {
		e.Quiet()
		e.Status.WaitReady(obj)
	}
	interceptor.Alter(echoRequest(echoes["500"]))
	e.Cluster.Delete(objs...)
	e.Clock.Pass(time.Minute)
	interceptor.Alter(nil)
	e.Status.WaitGone(objs...)
	e.Quiet()

	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	exchanges, err := json.Marshal(e.Tenant.Exchanges())
	if err != nil {
		t.Fatal(err)
	}
	checkNoSecretIn(e, interceptor, map[string]string{
		"log": log.String(), "cluster": recording(), "emulator's record": recorded.String(),
		"metrics": fmt.Sprint(families), "exchanges": string(exchanges), "golden files": goldenFiles(t),
	})
}

// reconcileThroughEchoes reconciles objects while Graph and the token service answer with what they are sent, in every way.
func reconcileThroughEchoes(e *env.Env, interceptor *wire.Interceptor, objs []env.Object) {
	e.T.Helper()
	for _, how := range slices.Sorted(maps.Keys(echoes)) {
		interceptor.Alter(echoRequest(echoes[how]))
		for _, obj := range objs {
			env.Edit(e.Cluster, obj, func(o env.Object) {
				o.SetAnnotations(map[string]string{v1alpha1.ReconcileRequestedAt: fmt.Sprint(e.Clock.Now())})
			})
		}
		e.Clock.Pass(8 * time.Second)
	}
	interceptor.Alter(nil)
	e.Clock.Pass(time.Minute)
}

// echoRequest answers with what the request carried: Graph is sent a token, and the token service a credential.
func echoRequest(how func(*http.Response, string)) func(*http.Request, *http.Response) {
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

func signInWithWrongSecret(e *env.Env) {
	e.T.Helper()
	change := func(value string) {
		env.Edit(e.Cluster, &corev1.Secret{ObjectMeta: e.OperatorCredential().ObjectMeta}, func(secret *corev1.Secret) {
			secret.Data = map[string][]byte{"client-secret": []byte(value)}
		})
		e.Reconcile(e.EntraTenant())
	}
	change(wrongSecret)
	e.Status.WaitStalled(e.EntraTenant(), v1alpha1.ReasonForbidden, "AADSTS7000215")
	change(env.OperatorSecret)
	e.Status.WaitReady(e.EntraTenant())
}

func askForWhatIsDenied(e *env.Env) {
	e.T.Helper()
	worker, credential := e.AppRegistration("denied"), e.FederatedCredential("denied", "orders-worker", "orders-worker")
	worker.Spec.SignInAudience = v1alpha1.AudienceMultipleOrgs
	credential.Spec.ServiceAccount.Namespace = "kube-system"
	e.Cluster.Create(worker, credential)
	e.Status.WaitStalled(worker, v1alpha1.ReasonDenied)
	e.Status.WaitStalled(credential, v1alpha1.ReasonDenied)
	e.Cluster.Delete(worker, credential)
	e.Status.WaitGone(worker, credential)
}

// switchToWorkloadIdentity makes the token of its ServiceAccount the operator's credential.
func switchToWorkloadIdentity(e *env.Env, interceptor *wire.Interceptor, file string) {
	e.T.Helper()
	token := signin.ServiceAccountToken(e, env.OperatorNamespace, "entra-registrar")
	interceptor.AddSecret(token)
	if err := os.WriteFile(file, []byte(token), 0o600); err != nil {
		e.T.Fatal(err)
	}
	trust := outofband.AddFederatedCredentialOf(e.ControlPlane.Issuer(), with.Subject(env.OperatorNamespace, "entra-registrar"))
	e.Tenant.OutOfBand(trust, e.Tenant.OperatorApplication().ID)
	env.Edit(e.Cluster, e.EntraTenant(), func(tenant *v1alpha1.EntraTenant) {
		tenant.Spec.Auth = v1alpha1.TenantAuth{Type: v1alpha1.AuthWorkloadIdentity, ClientID: env.OperatorClientID}
	})
	e.Status.WaitReady(e.EntraTenant())
}

// checkNoSecretIn searches for secrets, whole and in part, as they are and encoded.
func checkNoSecretIn(e *env.Env, interceptor *wire.Interceptor, places map[string]string) {
	e.T.Helper()
	passed := interceptor.Secrets()
	if len(passed) < 4 {
		e.T.Fatalf("only %d tokens passed", len(passed))
	}
	needles := map[string]string{}
	for i, token := range passed {
		parts := strings.Split(token, ".")
		needles[fmt.Sprintf("token %d", i)] = token
		needles[fmt.Sprintf("signature of token %d", i)] = parts[len(parts)-1]
		needles[fmt.Sprintf("claims of token %d", i)] = parts[len(parts)/2]
	}
	for name, secret := range map[string]string{"the operator's secret": env.OperatorSecret, "a wrong secret": wrongSecret} {
		needles[name] = secret
		needles[name+" in base64"] = strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(secret)), "=")
		needles["the middle of "+name] = secret[len(secret)/4 : len(secret)*3/4]
	}
	for place, text := range places {
		if len(text) < 100 {
			e.T.Errorf("%s: there is too little to search: %q", place, text)
		}
		for name, needle := range needles {
			if at := strings.Index(text, needle); at >= 0 {
				e.T.Errorf("%s is in the %s: %.300s", name, place, text[max(0, at-200):])
			}
		}
		if at := strings.Index(text, "eyJ"); at >= 0 {
			e.T.Errorf("the beginning of a token is in the %s: %.300s", place, text[max(0, at-200):])
		}
	}
}
