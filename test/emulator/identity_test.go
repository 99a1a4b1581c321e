package emulator_test

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

const exchange = "api://AzureADTokenExchange"

// metadataService is the way from Azure's address of it, which clients cannot be talked out of, to the emulator.
type metadataService struct {
	*http.Client

	base string
}

func (m metadataService) Do(r *http.Request) (*http.Response, error) {
	target, err := url.Parse(m.base)
	if err != nil {
		return nil, err
	}
	r.URL.Scheme, r.URL.Host = target.Scheme, target.Host
	r.Host = "169.254.169.254"
	return m.Client.Do(r)
}

// identity is a signInTenant with a managed identity.
type identity struct {
	*signInTenant

	clientID, objectID string
}

func newIdentity(t *testing.T) identity {
	t.Helper()
	i := identity{signInTenant: newSignInTenant(t)}
	i.clientID, i.objectID = i.Directory().SeedManagedIdentity("orders-identity")
	return i
}

// tokenFor is the identity's token for a resource.
func (i identity) tokenFor(resource string) string {
	i.t.Helper()
	raw, err := i.IdentityToken(i.objectID, resource)
	if err != nil {
		i.t.Fatal(err)
	}
	return raw
}

// trust lets a client sign in with tokens of an issuer and a subject.
func (s *signInTenant) trust(client registered, issuer, subject string) {
	s.t.Helper()
	s.within(func(d *directory.Session) error {
		app, _, err := d.Editable(directory.Application, directory.Key{Value: client.object})
		if err != nil {
			return err
		}
		_, err = d.AddFederated(app, odata.Document{
			"name": "identity", "issuer": issuer, "subject": subject, "audiences": odata.Strings(exchange),
		})
		return err
	})
}

func (s *signInTenant) issuer() string { return s.URL() + "/" + s.TenantID() + "/v2.0" }

// present signs a client in with an assertion.
func (s *signInTenant) present(client registered, assertion string) (int, document) {
	s.t.Helper()
	return s.token(url.Values{
		"grant_type": {"client_credentials"}, "client_id": {client.id}, "scope": {s.api.id + "/.default"},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}, "client_assertion": {assertion},
	}, "")
}

func TestManagedIdentity_TokenReplacesCredential(t *testing.T) {
	t.Parallel()
	i := newIdentity(t)
	client := i.register(nil)
	got := i.claimsOf(i.tokenFor(exchange))
	want := document{
		"iss": i.issuer(), "sub": i.objectID, "oid": i.objectID, "azp": i.clientID, "aud": "fb60f99c-7a34-4190-8149-302f77469936",
		"tid": i.TenantID(), "ver": "2.0", "scp": nil,
	}
	for name, value := range want {
		if diff := cmp.Diff(value, got[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if _, body := i.present(client, i.tokenFor(exchange)); number(body) != 700211 {
		t.Errorf("without trust: %v", body)
	}
	i.trust(client, i.issuer(), i.objectID)
	status, body := i.present(client, i.tokenFor(exchange))
	if status != http.StatusOK || i.claimsOf(body["access_token"])["azp"] != client.id {
		t.Errorf("with trust: %d %v", status, body)
	}
}

func TestManagedIdentity_OtherOwnTokensAreNoCredential(t *testing.T) {
	t.Parallel()
	i := newIdentity(t)
	client, other := i.register(redirects("web", callback)), i.register(nil)
	i.trust(client, i.issuer(), i.objectID)
	_, app := i.token(url.Values{
		"grant_type": {"client_credentials"}, "client_id": {other.id}, "client_secret": {other.secret}, "scope": {exchange + "/.default"},
	}, "")
	_, user := i.redeem(client, i.code(client))
	another, _ := i.Directory().SeedManagedIdentity("another")
	foreign, err := i.IdentityToken(another, exchange)
	if err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		token any
		want  int
	}{
		"a user's":                     {user["access_token"], 700229},
		"a user's ID token":            {user["id_token"], 700229},
		"an application's":             {app["access_token"], 700222},
		"an identity's for an API":     {i.tokenFor(i.api.id), 700212},
		"an identity's of v1":          {i.tokenFor("https://graph.microsoft.com"), 700211},
		"another identity's":           {foreign, 700213},
		"an identity's, but tampered":  {tampered(i.tokenFor(exchange)), 700212},
		"an identity's, nothing wrong": {i.tokenFor(exchange), 0},
	} {
		raw, _ := row.token.(string)
		if _, body := i.present(client, raw); number(body) != row.want {
			t.Errorf("%s: %v", name, body)
		}
	}
}

// tampered is a token with another signature.
func tampered(raw string) string {
	at := strings.LastIndex(raw, ".") + 1
	other := "A"
	if raw[at] == 'A' {
		other = "B"
	}
	return raw[:at] + other + raw[at+1:]
}

func TestManagedIdentity_HasAssignedRoles(t *testing.T) {
	t.Parallel()
	i := newIdentity(t)
	before := i.tokenFor(i.api.id)
	i.within(func(d *directory.Session) error {
		_, err := d.Assign(odata.Document{"principalId": i.objectID, "resourceId": i.api.principal, "appRoleId": appRole})
		return err
	})
	for raw, want := range map[string]any{before: nil, i.tokenFor(i.api.id): []any{"Orders.Run"}} {
		if diff := cmp.Diff(want, i.claimsOf(raw)["roles"]); diff != "" {
			t.Errorf("roles (-want +got):\n%s", diff)
		}
	}
	i.Directory().Set(i.api.principal, map[string]any{"appRoleAssignmentRequired": true})
	other, _ := i.Directory().SeedManagedIdentity("another")
	if _, err := i.IdentityToken(other, i.api.id); err == nil || !strings.Contains(err.Error(), "501051") {
		t.Errorf("an identity without a role: %v", err)
	}
	i.Directory().PurgePrincipal(i.objectID)
	if _, err := i.IdentityToken(i.objectID, i.api.id); err == nil {
		t.Error("an identity that is gone has a token")
	}
}

// The library keeps tokens for the whole process, by resource and ID: each run has IDs of its own, and leaves the choice of the only
// identity to the test below.
func TestManagedIdentity_AzidentityFindsMetadataService(t *testing.T) {
	t.Parallel()
	i := identity{signInTenant: newSignInTenant(t), clientID: uuid.NewString(), objectID: uuid.NewString()}
	if err := i.Directory().Populate(directory.Population{ManagedIdentities: []directory.SeedIdentity{{
		ID: i.objectID, ClientID: i.clientID, DisplayName: "orders-identity",
	}}}); err != nil {
		t.Fatal(err)
	}
	client := i.register(nil)
	i.trust(client, i.issuer(), i.objectID)
	found := metadataService{Client: i.http, base: i.URL()}
	for name, id := range map[string]azidentity.ManagedIDKind{
		"by client ID": azidentity.ClientID(i.clientID), "by object ID": azidentity.ObjectID(i.objectID),
	} {
		own, err := azidentity.NewManagedIdentityCredential(&azidentity.ManagedIdentityCredentialOptions{
			ClientOptions: azcore.ClientOptions{Transport: found, Retry: policy.RetryOptions{MaxRetries: -1}}, ID: id,
		})
		if err != nil {
			t.Fatal(err)
		}
		credential, err := azidentity.NewClientAssertionCredential(i.TenantID(), client.id, func(ctx context.Context) (string, error) {
			token, err := own.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{exchange + "/.default"}})
			return token.Token, err
		}, &azidentity.ClientAssertionCredentialOptions{DisableInstanceDiscovery: true, ClientOptions: azcore.ClientOptions{
			Transport: i.http, Cloud: cloud.Configuration{ActiveDirectoryAuthorityHost: i.URL()},
		}})
		if err != nil {
			t.Fatal(err)
		}
		token, err := credential.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{i.api.id + "/.default"}})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := i.claimsOf(token.Token)["azp"]; got != client.id {
			t.Errorf("%s: azp %v", name, got)
		}
	}
}

// ask asks the metadata service, changed by name and value.
func (i identity) ask(header http.Header, change ...string) (int, document) {
	i.t.Helper()
	query := url.Values{"api-version": {"2018-02-01"}, "resource": {exchange}}
	set(query, change)
	request, err := http.NewRequestWithContext(i.t.Context(), http.MethodGet, i.URL()+"/metadata/identity/oauth2/token?"+query.Encode(), nil)
	if err != nil {
		i.t.Fatal(err)
	}
	request.Header = header
	return i.do(request)
}

func TestManagedIdentity_MetadataServiceRefusals(t *testing.T) {
	t.Parallel()
	i := newIdentity(t)
	metadata := http.Header{"Metadata": {"true"}}
	status, body := i.ask(metadata)
	seconds, err := strconv.Atoi(body["expires_in"].(string))
	if status != http.StatusOK || err != nil || seconds < 23*3600 || body["client_id"] != i.clientID || body["resource"] != exchange {
		t.Fatalf("%d %v", status, body)
	}
	another, _ := i.Directory().SeedManagedIdentity("another")
	for name, row := range map[string]struct {
		header http.Header
		change []string
		says   string
	}{
		"without the header":              {http.Header{}, []string{"client_id", another}, "metadata header"},
		"what was forwarded":              {http.Header{"Metadata": {"true"}, "X-Forwarded-For": {"1.2.3.4"}}, nil, "forwarded"},
		"without a version":               {metadata, []string{"api-version", ""}, "api-version"},
		"without a resource":              {metadata, []string{"resource", "", "client_id", another}, "'resource'"},
		"an unknown resource":             {metadata, []string{"resource", "api://none", "client_id", another}, "AADSTS500011"},
		"an unknown identity":             {metadata, []string{"client_id", i.objectID}, "Identity not found"},
		"a choice by two IDs":             {metadata, []string{"client_id", another, "object_id", i.objectID}, "Only one"},
		"no choice where there are two":   {metadata, nil, "Multiple user assigned identities"},
		"a choice by an Azure resourceID": {metadata, []string{"msi_res_id", "/subscriptions/x"}, "Identity not found"},
	} {
		status, body := i.ask(row.header, row.change...)
		text, _ := body["error_description"].(string)
		if status != http.StatusBadRequest || !strings.Contains(text, row.says) {
			t.Errorf("%s: %d %v", name, status, body)
		}
	}
}
