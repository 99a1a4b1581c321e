package e2e

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"os"
	"path/filepath"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/coreos/go-oidc/v3/oidc"
	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// publicClient trusts the emulator, as anybody outside of the cluster would trust Entra.
func (s *stage) publicClient() *http.Client {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(s.entra.CA())
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}
}

// accountToken is what the kubelet puts into a pod of a ServiceAccount: a token of the real API server.
func (s *stage) accountToken(account string) string {
	s.t.Helper()
	set, err := kubernetes.NewForConfig(cluster.Config())
	if err != nil {
		s.t.Fatal(err)
	}
	request := &authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{
		Audiences: []string{"api://AzureADTokenExchange"}, ExpirationSeconds: new(int64(24 * 3600)), // the clock is ahead
	}}
	token, err := set.CoreV1().ServiceAccounts(s.namespace).CreateToken(s.t.Context(), account, request, metav1.CreateOptions{})
	if err != nil {
		s.t.Fatalf("request a token of ServiceAccount %s: %v", account, err)
	}
	return token.Status.Token
}

// signIn is what a pod of orders-worker does: it has the webhook's variables, which are the ServiceAccount's annotations and the
// Secret's AZURE_AUTHORITY_HOST, and a projected token. A new process each time: nothing is cached.
func (s *stage) signIn(scope string) (string, error) {
	s.t.Helper()
	file := filepath.Join(s.t.TempDir(), "azure-identity-token")
	if err := os.WriteFile(file, []byte(s.accountToken("orders-worker")), 0o600); err != nil {
		s.t.Fatal(err)
	}
	account := s.account("orders-worker")
	s.get(account)
	credential, err := azidentity.NewWorkloadIdentityCredential(&azidentity.WorkloadIdentityCredentialOptions{
		ClientOptions: azcore.ClientOptions{
			Transport: s.publicClient(), Retry: policy.RetryOptions{MaxRetries: -1},
			Cloud: cloudAt(s.secretData("orders-worker")["AZURE_AUTHORITY_HOST"]),
		},
		ClientID: account.Annotations["azure.workload.identity/client-id"], TenantID: account.Annotations["azure.workload.identity/tenant-id"],
		TokenFilePath: file, DisableInstanceDiscovery: true,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	token, err := credential.GetToken(s.t.Context(), policy.TokenRequestOptions{Scopes: []string{scope}})
	return token.Token, err
}

// secretData is what an application's Secret holds.
func (s *stage) secretData(app string) map[string]string {
	s.t.Helper()
	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: s.namespace, Name: app + "-entra"}}
	if !s.get(secret) {
		s.t.Fatalf("%s has no Secret", app)
	}
	data := map[string]string{}
	for key, value := range secret.Data {
		data[key] = string(value)
	}
	return data
}

// claims of an access token that an API looks at.
type claims struct {
	Roles []string `json:"roles"`
	Azp   string   `json:"azp"`
	AppID string   `json:"appid"`
	OID   string   `json:"oid"`
	Ver   string   `json:"ver"`
	Scp   string   `json:"scp"`
}

// verify checks a token as an API does that knows an issuer and the name by which tokens are asked for, and nothing else.
func (s *stage) verify(issuer, audience, token string) (claims, error) {
	s.t.Helper()
	ctx := s.asAPI()
	provider, err := oidc.NewProvider(ctx, issuer)
	if err != nil {
		s.t.Fatalf("discover %s: %v", issuer, err)
	}
	verified, err := provider.Verifier(&oidc.Config{ClientID: audience, Now: s.clock.Now}).Verify(ctx, token)
	if err != nil {
		return claims{}, err
	}
	var c claims
	return c, verified.Claims(&c)
}

func (s *stage) asAPI() context.Context { return oidc.ClientContext(s.t.Context(), s.publicClient()) }

// isOf fails where a token is not good for exactly these roles of an API.
func (s *stage) isOf(api *v1alpha1.AppRegistration, token string, want claims) {
	s.t.Helper()
	got, err := s.verify(api.Status.Endpoints.Issuer, api.Status.AppID, token)
	if err != nil {
		s.t.Fatalf("the API does not believe the token: %v", err)
	}
	same(s.t, "claims", want, got)
}
