package e2e

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/signin"
)

// recordCluster takes every version of all that the operator writes in the cluster: its kinds, events, Secrets and ServiceAccounts.
func recordCluster(e *env.Env) func() string {
	e.T.Helper()
	client, err := dynamic.NewForConfig(e.ControlPlane.Config())
	if err != nil {
		e.T.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	recorded, watching := &env.Log{}, sync.WaitGroup{}
	record := func(of dynamic.ResourceInterface) {
		watch, err := of.Watch(ctx, metav1.ListOptions{})
		if err != nil {
			e.T.Fatal(err)
		}
		watching.Go(func() {
			for event := range watch.ResultChan() {
				line, err := json.Marshal(event.Object)
				if err != nil {
					e.T.Error(err)
				}
				_, _ = recorded.Write(append(line, '\n'))
			}
		})
	}
	for _, resource := range env.Resources() {
		namespace := e.Namespace
		if !resource.Namespaced {
			namespace = ""
		}
		record(client.Resource(v1alpha1.GroupVersion.WithResource(resource.Plural)).Namespace(namespace))
	}
	for _, resource := range []schema.GroupVersionResource{
		{Group: "events.k8s.io", Version: "v1", Resource: "events"}, {Version: "v1", Resource: "secrets"}, {Version: "v1", Resource: "serviceaccounts"},
	} {
		record(client.Resource(resource).Namespace(e.Namespace))
	}
	e.T.Cleanup(cancel)
	return func() string { cancel(); watching.Wait(); return recorded.String() }
}

// signInAs signs in as a workload does, and gives the token that it signed in with.
func signInAs(e *env.Env, account string) string {
	e.T.Helper()
	assertion := signin.ServiceAccountToken(e, e.Namespace, account)
	form := url.Values{
		"grant_type": {"client_credentials"}, "client_id": {e.IDsOf(account).AppID}, "client_assertion": {assertion},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
		"scope":                 {"api://" + e.IDsOf("orders-api").AppID + "/.default"},
	}
	request, err := http.NewRequestWithContext(e.T.Context(), http.MethodPost, e.Tenant.URL()+"/"+e.Tenant.TenantID()+"/oauth2/v2.0/token",
		strings.NewReader(form.Encode()))
	if err != nil {
		e.T.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := signin.HTTPClient(e).Do(request)
	if err != nil {
		e.T.Fatal(err)
	}
	content, _ := io.ReadAll(answer.Body)
	if _ = answer.Body.Close(); answer.StatusCode != http.StatusOK {
		e.T.Fatalf("%s cannot sign in: %s %s", account, answer.Status, content)
	}
	return assertion
}

// goldenFiles are what tests compare with, and the samples.
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
