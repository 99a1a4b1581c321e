package emulator_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/google/go-cmp/cmp"
	"k8s.io/utils/clock"

	"github.com/entra-registrar/entra-registrar/test/emulator"
)

const roleID = "0a0a0a0a-1111-4222-8333-444444444444"

// api is an application that exposes a role, with a token version.
func api(version int) document {
	return document{
		"displayName": "orders-api", "signInAudience": "AzureADMyOrg", "api": document{"requestedAccessTokenVersion": version},
		"appRoles": []any{document{
			"id": roleID, "value": "Orders.Read.All", "displayName": "Read", "description": "Read", "isEnabled": true,
			"allowedMemberTypes": []any{"Application"},
		}},
	}
}

// assignedClient is a world with an API and a worker that holds its role.
type assignedClient struct {
	*testEmulator

	api, worker, workerObject string
}

func newAssignedClient(t *testing.T, version int, options emulator.Options) assignedClient {
	t.Helper()
	a := assignedClient{testEmulator: startEmulator(t, options)}
	orders, resource := a.register(api(version))
	worker, principal := a.register(document{"displayName": "orders-worker", "signInAudience": "AzureADMyOrg"})
	a.graph(http.StatusCreated, "POST", "/servicePrincipals/"+resource+"/appRoleAssignedTo", document{
		"principalId": principal, "resourceId": resource, "appRoleId": roleID,
	})
	a.api, a.worker, a.workerObject = orders["appId"].(string), worker["appId"].(string), worker["id"].(string)
	return a
}

func (a assignedClient) options() policy.ClientOptions {
	return policy.ClientOptions{
		Cloud: cloud.Configuration{ActiveDirectoryAuthorityHost: a.URL()}, Transport: a.http, Retry: policy.RetryOptions{MaxRetries: -1},
	}
}

// hasRole verifies a token as an API would and wants the role in it.
func (a assignedClient) hasRole(t *testing.T, issuer, raw string) {
	t.Helper()
	ctx := oidc.ClientContext(t.Context(), a.http)
	provider, err := oidc.NewProvider(ctx, issuer)
	if err != nil {
		t.Fatal(err)
	}
	token, err := provider.Verifier(&oidc.Config{ClientID: a.api}).Verify(ctx, raw)
	if err != nil {
		t.Fatal(err)
	}
	var claims struct {
		Roles []string `json:"roles"`
	}
	if err := token.Claims(&claims); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"Orders.Read.All"}, claims.Roles); diff != "" {
		t.Errorf("roles (-want +got)\n%s", diff)
	}
}

func (a assignedClient) issuerV2() string { return a.URL() + "/" + a.TenantID() + "/v2.0" }

// signsIn wants a token of a credential that an API accepts.
func (a assignedClient) signsIn(t *testing.T, credential azcore.TokenCredential) {
	t.Helper()
	token, err := credential.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{a.api + "/.default"}})
	if err != nil {
		t.Fatal(err)
	}
	a.hasRole(t, a.issuerV2(), token.Token)
}

func (a assignedClient) password() string {
	a.t.Helper()
	made := a.graph(http.StatusOK, "POST", "/applications/"+a.workerObject+"/addPassword", document{"passwordCredential": document{}})
	return made["secretText"].(string)
}

func TestAzidentity_SignsInWithSecret(t *testing.T) {
	t.Parallel()
	a := newAssignedClient(t, 2, emulator.Options{})
	credential, err := azidentity.NewClientSecretCredential(a.TenantID(), a.worker, a.password(), &azidentity.ClientSecretCredentialOptions{
		ClientOptions: a.options(), DisableInstanceDiscovery: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	a.signsIn(t, credential)
}

func TestAzidentity_SignsInWithCertificate(t *testing.T) {
	t.Parallel()
	a := newAssignedClient(t, 2, emulator.Options{})
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	now := clock.RealClock{}.Now()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	a.graph(http.StatusNoContent, "PATCH", "/applications/"+a.workerObject, document{"keyCredentials": []any{document{
		"type": "AsymmetricX509Cert", "usage": "Verify", "key": base64.StdEncoding.EncodeToString(der),
	}}})
	credential, err := azidentity.NewClientCertificateCredential(a.TenantID(), a.worker, []*x509.Certificate{certificate}, key,
		&azidentity.ClientCertificateCredentialOptions{ClientOptions: a.options(), DisableInstanceDiscovery: true})
	if err != nil {
		t.Fatal(err)
	}
	a.signsIn(t, credential)
}

func TestAzidentity_SignsInWithServiceAccountToken(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	cluster := newCluster(t, key)
	a := newAssignedClient(t, 2, emulator.Options{
		IssuerCA: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cluster.Certificate().Raw}),
	})
	const subject = "system:serviceaccount:shop:orders-worker"
	a.graph(http.StatusCreated, "POST", "/applications/"+a.workerObject+"/federatedIdentityCredentials", document{
		"name": "k8s-orders-worker", "issuer": cluster.URL, "subject": subject, "audiences": []any{"api://AzureADTokenExchange"},
	})
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(serviceAccountToken(t, key, cluster.URL, subject)), 0o600); err != nil {
		t.Fatal(err)
	}
	credential, err := azidentity.NewWorkloadIdentityCredential(&azidentity.WorkloadIdentityCredentialOptions{
		ClientOptions: a.options(), ClientID: a.worker, TenantID: a.TenantID(), TokenFilePath: file, DisableInstanceDiscovery: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	a.signsIn(t, credential)
}

// newCluster is the part of an API server that a token service asks.
func newCluster(t *testing.T, key *rsa.PrivateKey) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	server := httptest.NewTLSServer(mux)
	t.Cleanup(server.Close)
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(document{"issuer": server.URL, "jwks_uri": server.URL + "/openid/v1/jwks"})
	})
	mux.HandleFunc("GET /openid/v1/jwks", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "1", Algorithm: "RS256", Use: "sig"}}})
	})
	return server
}

func serviceAccountToken(t *testing.T, key *rsa.PrivateKey, issuer, subject string) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: key, KeyID: "1"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	now := clock.RealClock{}.Now()
	raw, err := jwt.Signed(signer).Claims(jwt.Claims{
		Issuer: issuer, Subject: subject, Audience: jwt.Audience{"api://AzureADTokenExchange"},
		IssuedAt: jwt.NewNumericDate(now), NotBefore: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(time.Hour)),
	}).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestMSAL_SignsIn(t *testing.T) {
	t.Parallel()
	a := newAssignedClient(t, 2, emulator.Options{})
	credential, err := confidential.NewCredFromSecret(a.password())
	if err != nil {
		t.Fatal(err)
	}
	client, err := confidential.New(a.URL()+"/"+a.TenantID(), a.worker, credential,
		confidential.WithHTTPClient(a.http), confidential.WithInstanceDiscovery(false))
	if err != nil {
		t.Fatal(err)
	}
	result, err := client.AcquireTokenByCredential(context.Background(), []string{a.api + "/.default"})
	if err != nil {
		t.Fatal(err)
	}
	a.hasRole(t, a.issuerV2(), result.AccessToken)
}

func TestAPI_VerifiesV1TokenByV1Issuer(t *testing.T) {
	t.Parallel()
	a := newAssignedClient(t, 1, emulator.Options{})
	a.hasRole(t, a.URL()+"/"+a.TenantID()+"/", a.token(a.worker, a.password(), a.api+"/.default"))
}

func TestAPI_RefusesTokenForAnother(t *testing.T) {
	t.Parallel()
	a := newAssignedClient(t, 2, emulator.Options{})
	ctx := oidc.ClientContext(t.Context(), a.http)
	provider, err := oidc.NewProvider(ctx, a.issuerV2())
	if err != nil {
		t.Fatal(err)
	}
	raw := a.token(a.worker, a.password(), a.api+"/.default")
	if _, err := provider.Verifier(&oidc.Config{ClientID: a.worker}).Verify(ctx, raw); err == nil {
		t.Error("a token for the API passes as one for the worker")
	}
}
