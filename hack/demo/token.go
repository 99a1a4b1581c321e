package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/coreos/go-oidc/v3/oidc"
	corev1 "k8s.io/api/core/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// proveToken signs in as the pod of orders-worker would, with nothing but its ServiceAccount token and the Secret's values, and calls
// an API that trusts nothing but the published keys.
func (d *demo) proveToken(ctx context.Context) error {
	api, err := read[v1alpha1.AppRegistration](ctx, d, "appregistration", "orders-api", "-n", namespace)
	if err != nil {
		return err
	}
	token, err := d.workloadToken(ctx, api.Status.IdentifierURIs[0]+"/.default")
	if err != nil {
		return err
	}
	provider, err := oidc.NewProvider(oidc.ClientContext(ctx, d.httpClient()), api.Status.Endpoints.Issuer)
	if err != nil {
		return err
	}
	orders := httptest.NewServer(ordersAPI{verifier: provider.Verifier(&oidc.Config{ClientID: api.Status.AppID})})
	defer orders.Close()
	for _, call := range []struct {
		method, token, why string
		want               int
	}{
		{http.MethodGet, token, "its token carries the role Orders.Read.All", http.StatusOK},
		{http.MethodGet, "", "no token", http.StatusUnauthorized},
		{http.MethodGet, token[:len(token)-6] + "AAAAAA", "a token with a forged signature", http.StatusUnauthorized},
		{http.MethodPost, token, "writing takes the role Orders.Write.All", http.StatusForbidden},
	} {
		request, err := http.NewRequestWithContext(ctx, call.method, orders.URL+"/orders", nil)
		if err != nil {
			return err
		}
		if call.token != "" {
			request.Header.Set("Authorization", "Bearer "+call.token)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return err
		}
		_ = response.Body.Close()
		fmt.Printf("   %-4s /orders: %s (%s)\n", call.method, response.Status, call.why)
		if response.StatusCode != call.want {
			return fmt.Errorf("expected %d", call.want)
		}
	}
	return nil
}

// workloadToken is what the pod does: a ServiceAccount token from the API server, exchanged by Azure's own SDK.
func (d *demo) workloadToken(ctx context.Context, scope string) (string, error) {
	assertion, err := d.kube(ctx, "create", "token", "orders-worker", "-n", namespace, "--audience=api://AzureADTokenExchange")
	if err != nil {
		return "", err
	}
	file := filepath.Join(d.dir, "azure-identity-token")
	if err := os.WriteFile(file, []byte(strings.TrimSpace(assertion)), 0o600); err != nil {
		return "", err
	}
	secret, err := read[corev1.Secret](ctx, d, "secret", "orders-worker-entra", "-n", namespace)
	if err != nil {
		return "", err
	}
	credential, err := azidentity.NewWorkloadIdentityCredential(&azidentity.WorkloadIdentityCredentialOptions{
		ClientOptions: d.clientOptions(string(secret.Data["AZURE_AUTHORITY_HOST"])), DisableInstanceDiscovery: true,
		ClientID: string(secret.Data["AZURE_CLIENT_ID"]), TenantID: string(secret.Data["AZURE_TENANT_ID"]), TokenFilePath: file,
	})
	if err != nil {
		return "", err
	}
	token, err := credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{scope}})
	return token.Token, err
}

// ordersAPI is an API as anybody would write it: signature, issuer, audience and expiry by go-oidc, then the role.
type ordersAPI struct{ verifier *oidc.IDTokenVerifier }

// needed is the role for each method.
var needed = map[string]string{http.MethodGet: "Orders.Read.All", http.MethodPost: "Orders.Write.All"}

func (a ordersAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	token, err := a.verifier.Verify(r.Context(), raw)
	if err != nil {
		http.Error(w, "a valid token is needed", http.StatusUnauthorized)
		return
	}
	var claims struct {
		Roles []string `json:"roles"`
	}
	if err := token.Claims(&claims); err != nil || !slices.Contains(claims.Roles, needed[r.Method]) {
		http.Error(w, "the role is missing", http.StatusForbidden)
		return
	}
	w.WriteHeader(http.StatusOK)
}
