package e2e

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	authenticationv1 "k8s.io/api/authentication/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// listens to every version of all that the operator writes in the cluster: its kinds, events, Secrets and ServiceAccounts.
func (s *stage) listens() func() string {
	s.t.Helper()
	client, err := dynamic.NewForConfig(cluster.Config())
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	heard, listening := &logbook{}, sync.WaitGroup{}
	listen := func(of dynamic.ResourceInterface) {
		watch, err := of.Watch(ctx, metav1.ListOptions{})
		if err != nil {
			s.t.Fatal(err)
		}
		listening.Go(func() {
			for event := range watch.ResultChan() {
				line, err := json.Marshal(event.Object)
				if err != nil {
					s.t.Error(err)
				}
				_, _ = heard.Write(append(line, '\n'))
			}
		})
	}
	listen(client.Resource(v1alpha1.GroupVersion.WithResource("entratenants")))
	for _, resource := range []schema.GroupVersionResource{
		v1alpha1.GroupVersion.WithResource("appregistrations"), v1alpha1.GroupVersion.WithResource("federatedcredentials"),
		v1alpha1.GroupVersion.WithResource("approleassignments"), v1alpha1.GroupVersion.WithResource("delegatedpermissiongrants"), {Group: "events.k8s.io", Version: "v1", Resource: "events"},
		{Version: "v1", Resource: "secrets"}, {Version: "v1", Resource: "serviceaccounts"},
	} {
		listen(client.Resource(resource).Namespace(s.namespace))
	}
	s.t.Cleanup(cancel)
	return func() string { cancel(); listening.Wait(); return heard.String() }
}

// tokenOf asks the API server for a ServiceAccount's token, as a pod gets it.
func (s *stage) tokenOf(namespace, account string) string {
	s.t.Helper()
	set, err := kubernetes.NewForConfig(cluster.Config())
	if err != nil {
		s.t.Fatal(err)
	}
	day := int64(24 * 60 * 60)
	token, err := set.CoreV1().ServiceAccounts(namespace).CreateToken(s.t.Context(), account, &authenticationv1.TokenRequest{
		Spec: authenticationv1.TokenRequestSpec{Audiences: []string{"api://AzureADTokenExchange"}, ExpirationSeconds: &day},
	}, metav1.CreateOptions{})
	if err != nil {
		s.t.Fatal(err)
	}
	return token.Status.Token
}

// signsIn as a workload of the story does, and gives the token that it signed in with.
func (s *stage) signsIn(account string) string {
	s.t.Helper()
	assertion := s.tokenOf(s.namespace, account)
	form := url.Values{
		"grant_type": {"client_credentials"}, "client_id": {s.identities(account).appID}, "client_assertion": {assertion},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
		"scope":                 {"api://" + s.identities("orders-api").appID + "/.default"},
	}
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.entra.URL()+"/"+s.entra.TenantID()+"/oauth2/v2.0/token",
		strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := s.trusting().Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	content, _ := io.ReadAll(answer.Body)
	if _ = answer.Body.Close(); answer.StatusCode != http.StatusOK {
		s.t.Fatalf("%s cannot sign in: %s %s", account, answer.Status, content)
	}
	return assertion
}

// trusts makes a mischief, or a kindness, of a trust in a ServiceAccount of this cluster.
func trusts(subject string) mischief {
	return func(session *directory.Session, objectID string) error {
		app, err := live(session, directory.Application, objectID)
		if err == nil {
			_, err = session.AddFederated(app, odata.Document{
				"name": "operator", "issuer": cluster.Issuer(), "subject": subject, "audiences": odata.Strings("api://AzureADTokenExchange"),
			})
		}
		return err
	}
}

// goldenFiles are all that tests compare with, and the samples.
func goldenFiles(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, pattern := range []string{"testdata/*", "../../controllers/*/testdata/*", "../../hack/*/testdata/*", "../../config/samples/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("no files %s: %v", pattern, err)
		}
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(content)
		}
	}
	return all.String()
}

// trusting is an HTTP client that trusts the emulator.
func (s *stage) trusting() *http.Client {
	s.t.Helper()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(s.entra.CA()) {
		s.t.Fatal("the emulator has no CA")
	}
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, DisableKeepAlives: true}}
}
