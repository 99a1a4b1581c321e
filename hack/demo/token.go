package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/coreos/go-oidc/v3/oidc"
	corev1 "k8s.io/api/core/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// useToken signs in as a pod of orders-worker would, with nothing but its ServiceAccount token and the Secret's values, and calls
// an API that trusts nothing but the published keys.
func (d *demo) useToken(ctx context.Context) error {
	api, err := read[v1alpha1.AppRegistration](ctx, d, "appregistration", "orders-api")
	if err != nil {
		return err
	}
	access, err := d.signIn(ctx, pod{namespace: namespace, name: "orders-worker"}, api.Status.IdentifierURIs[0]+"/.default")
	if err != nil {
		return err
	}
	ctx = oidc.ClientContext(ctx, d.httpClient())
	provider, err := oidc.NewProvider(ctx, api.Status.Endpoints.Issuer)
	if err != nil {
		return fmt.Errorf("discover the issuer: %w", err)
	}
	verifier := provider.Verifier(&oidc.Config{ClientID: api.Status.AppID})
	token, err := verifier.Verify(ctx, access)
	if err != nil {
		return fmt.Errorf("verify the access token: %w", err)
	}
	printLine("go-oidc verified it (signature by %s):", api.Status.Endpoints.JWKS)
	var claims struct {
		Roles    []string
		Azp, Oid string
	}
	if err := token.Claims(&claims); err != nil {
		return fmt.Errorf("read the claims: %w", err)
	}
	printLine("  iss    %s\n  aud    %s (orders-api)\n  azp    %s (orders-worker)\n  exp    in %s\n  roles  %s",
		token.Issuer, strings.Join(token.Audience, ", "), claims.Azp, time.Until(token.Expiry).Round(time.Minute), claims.Roles)
	return callOrders(ctx, ordersAPI{verifier: verifier}, access)
}

// pod of a ServiceAccount, which has the name of its application.
type pod struct{ namespace, name string }

// signIn is what the pod does: a ServiceAccount token from the API server, exchanged by Azure's own SDK.
func (d *demo) signIn(ctx context.Context, p pod, scope string) (string, error) {
	assertion, err := d.kube(ctx, "create", "token", p.name, "-n", p.namespace, "--audience=api://AzureADTokenExchange")
	if err != nil {
		return "", err
	}
	printLine("the API server gave a token of ServiceAccount %s/%s", p.namespace, p.name)
	file, err := d.write("azure-identity-token", []byte(strings.TrimSpace(assertion)))
	if err != nil {
		return "", err
	}
	secret, err := read[corev1.Secret](ctx, d, "secret", p.name+"-entra", "-n", p.namespace)
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
	if err != nil {
		return "", fmt.Errorf("exchange the ServiceAccount's token: %w", err)
	}
	printLine("azidentity.WorkloadIdentityCredential exchanged it for an access token for %s", scope)
	return token.Token, nil
}
