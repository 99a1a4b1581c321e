// Package signin signs in at the emulated tenant as workloads, applications and people do.
package signin

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"os"
	"path/filepath"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"github.com/entra-registrar/entra-registrar/test/e2e/env"
)

// HTTPClient trusts the emulator, as anybody outside of the cluster would trust Entra.
func HTTPClient(e *env.Env) *http.Client {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(e.Tenant.CA())
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}
}

// ServiceAccountToken is what the kubelet puts into a pod of a ServiceAccount: a token of the real API server.
func ServiceAccountToken(e *env.Env, namespace, account string) string {
	e.T.Helper()
	set, err := kubernetes.NewForConfig(e.ControlPlane.Config())
	if err != nil {
		e.T.Fatal(err)
	}
	request := &authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{
		Audiences: []string{"api://AzureADTokenExchange"}, ExpirationSeconds: new(int64(24 * 3600)), // the clock is ahead
	}}
	token, err := set.CoreV1().ServiceAccounts(namespace).CreateToken(e.T.Context(), account, request, metav1.CreateOptions{})
	if err != nil {
		e.T.Fatalf("request a token of ServiceAccount %s: %v", account, err)
	}
	return token.Status.Token
}

// Workload is what a pod of orders-worker does: it has the webhook's variables, which are the ServiceAccount's annotations and the
// Secret's AZURE_AUTHORITY_HOST, and a projected token. A new process each time: nothing is cached.
func Workload(e *env.Env, scope string) (string, error) {
	e.T.Helper()
	file := filepath.Join(e.T.TempDir(), "azure-identity-token")
	if err := os.WriteFile(file, []byte(ServiceAccountToken(e, e.Namespace, "orders-worker")), 0o600); err != nil {
		e.T.Fatal(err)
	}
	account := e.ServiceAccount("orders-worker")
	e.Cluster.Get(account)
	credential, err := azidentity.NewWorkloadIdentityCredential(&azidentity.WorkloadIdentityCredentialOptions{
		ClientOptions: azcore.ClientOptions{
			Transport: HTTPClient(e), Retry: policy.RetryOptions{MaxRetries: -1},
			Cloud: cloudAt(SecretData(e, "orders-worker")["AZURE_AUTHORITY_HOST"]),
		},
		ClientID: account.Annotations["azure.workload.identity/client-id"], TenantID: account.Annotations["azure.workload.identity/tenant-id"],
		TokenFilePath: file, DisableInstanceDiscovery: true,
	})
	if err != nil {
		e.T.Fatal(err)
	}
	token, err := credential.GetToken(e.T.Context(), policy.TokenRequestOptions{Scopes: []string{scope}})
	return token.Token, err
}

// cloudAt is a cloud whose token service is at a host, as the Secret names it.
func cloudAt(authority string) cloud.Configuration {
	return cloud.Configuration{ActiveDirectoryAuthorityHost: authority, Services: map[cloud.ServiceName]cloud.ServiceConfiguration{}}
}

// SecretData is what an application's Secret holds.
func SecretData(e *env.Env, app string) map[string]string {
	e.T.Helper()
	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: e.Namespace, Name: app + "-entra"}}
	if !e.Cluster.Get(secret) {
		e.T.Fatalf("%s has no Secret", app)
	}
	data := map[string]string{}
	for key, value := range secret.Data {
		data[key] = string(value)
	}
	return data
}
