package emulator_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/manicminer/hamilton/environments"
	"github.com/manicminer/hamilton/msgraph"
	"github.com/manicminer/hamilton/odata"
	"golang.org/x/oauth2"

	"github.com/entra-registrar/entra-registrar/test/emulator"
)

// Token and AuxiliaryTokens let hamilton sign in.
func (s *testEmulator) Token() (*oauth2.Token, error) {
	return &oauth2.Token{AccessToken: s.token(clientID, secret, s.URL()+"/.default"), TokenType: "Bearer"}, nil
}

func (s *testEmulator) AuxiliaryTokens() ([]*oauth2.Token, error) { return nil, nil }

// target points one of hamilton's clients at the emulator.
func (s *testEmulator) target(client *msgraph.Client) {
	client.ApiVersion = msgraph.Version10
	client.Endpoint = environments.ApiEndpoint(s.URL())
	client.Authorizer = s
	client.DisableRetries = true
	client.HttpClient = s.http
}

// must is a call's result, or the test's end.
func must[T any](t *testing.T) func(*T, int, error) *T {
	t.Helper()
	return func(value *T, _ int, err error) *T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func checkDone(t *testing.T, status int, err error) {
	t.Helper()
	if err != nil || status != http.StatusNoContent {
		t.Fatalf("%d %v", status, err)
	}
}

func TestHamilton_ManagesApplication(t *testing.T) {
	t.Parallel()
	s := startEmulator(t, emulator.Options{})
	client := msgraph.NewApplicationsClient(s.TenantID())
	s.target(&client.BaseClient)
	ctx := t.Context()

	made := must[msgraph.Application](t)(client.Create(ctx, msgraph.Application{
		DisplayName: new("orders"), SignInAudience: new(msgraph.SignInAudience("AzureADMyOrg")),
	}))
	id := *made.ID
	status, err := client.Update(ctx, msgraph.Application{
		DirectoryObject: msgraph.DirectoryObject{ID: &id}, Tags: &[]string{"team:shop"},
		AppRoles: &[]msgraph.AppRole{{
			ID: new(roleID), Value: new("Orders.Read.All"), DisplayName: new("Read"), Description: new("Read"), IsEnabled: new(true),
			AllowedMemberTypes: &[]msgraph.AppRoleAllowedMemberType{"Application"},
		}},
	})
	checkDone(t, status, err)
	read := must[msgraph.Application](t)(client.Get(ctx, id, odata.Query{}))
	if diff := cmp.Diff([]string{"team:shop"}, *read.Tags); diff != "" || *(*read.AppRoles)[0].Value != "Orders.Read.All" {
		t.Errorf("roles %v, tags (-want +got)\n%s", *read.AppRoles, diff)
	}
	found := must[[]msgraph.Application](t)(client.List(ctx, odata.Query{Filter: "displayName eq 'orders'"}))
	if len(*found) != 1 {
		t.Errorf("the filter finds %d", len(*found))
	}
	password := must[msgraph.PasswordCredential](t)(client.AddPassword(ctx, id, msgraph.PasswordCredential{DisplayName: new("a")}))
	status, err = client.RemovePassword(ctx, id, *password.KeyId)
	checkDone(t, status, err)
	owners := must[[]string](t)(client.ListOwners(ctx, id))
	if len(*owners) != 1 {
		t.Errorf("owners %v", *owners)
	}

	status, err = client.Delete(ctx, id)
	checkDone(t, status, err)
	must[msgraph.Application](t)(client.GetDeleted(ctx, id, odata.Query{}))
	must[msgraph.Application](t)(client.RestoreDeleted(ctx, id))
	status, err = client.Delete(ctx, id)
	checkDone(t, status, err)
	status, err = client.DeletePermanently(ctx, id)
	checkDone(t, status, err)
	if _, status, err := client.GetDeleted(ctx, id, odata.Query{}); status != http.StatusNotFound {
		t.Errorf("after the purge %d %v", status, err)
	}
}

func TestHamilton_ManagesFederatedCredentials(t *testing.T) {
	t.Parallel()
	s := startEmulator(t, emulator.Options{})
	client := msgraph.NewApplicationsClient(s.TenantID())
	s.target(&client.BaseClient)
	ctx := t.Context()
	made := must[msgraph.Application](t)(client.Create(ctx, msgraph.Application{
		DisplayName: new("worker"), SignInAudience: new(msgraph.SignInAudience("AzureADMyOrg")),
	}))
	id := *made.ID
	credential := must[msgraph.FederatedIdentityCredential](t)(client.CreateFederatedIdentityCredential(ctx, id,
		msgraph.FederatedIdentityCredential{
			Name: new("k8s-worker"), Issuer: new("https://issuer.test"), Subject: new("system:serviceaccount:shop:worker"),
			Audiences: &[]string{"api://AzureADTokenExchange"},
		}))
	credential.Subject = new("system:serviceaccount:shop:other")
	status, err := client.UpdateFederatedIdentityCredential(ctx, id, *credential)
	checkDone(t, status, err)
	read := must[msgraph.FederatedIdentityCredential](t)(client.GetFederatedIdentityCredential(ctx, id, *credential.ID, odata.Query{}))
	if *read.Subject != *credential.Subject {
		t.Errorf("subject %s", *read.Subject)
	}
	status, err = client.DeleteFederatedIdentityCredential(ctx, id, *credential.ID)
	checkDone(t, status, err)
	left := must[[]msgraph.FederatedIdentityCredential](t)(client.ListFederatedIdentityCredentials(ctx, id, odata.Query{}))
	if len(*left) != 0 {
		t.Errorf("left %v", *left)
	}
}

func TestHamilton_ManagesPrincipalsAndAssignments(t *testing.T) {
	t.Parallel()
	a := newAssignedClient(t, 2, emulator.Options{})
	principals := msgraph.NewServicePrincipalsClient(a.TenantID())
	a.target(&principals.BaseClient)
	ctx := t.Context()
	find := func(appID string) msgraph.ServicePrincipal {
		t.Helper()
		found := must[[]msgraph.ServicePrincipal](t)(principals.List(ctx, odata.Query{Filter: "appId eq '" + appID + "'"}))
		if len(*found) != 1 {
			t.Fatalf("%d principals of %s", len(*found), appID)
		}
		return (*found)[0]
	}
	worker, resource := find(a.worker), find(a.api)
	status, err := principals.Update(ctx, msgraph.ServicePrincipal{
		DirectoryObject: msgraph.DirectoryObject{ID: worker.ID}, AppRoleAssignmentRequired: new(true),
	})
	checkDone(t, status, err)

	held := must[[]msgraph.AppRoleAssignment](t)(principals.ListAppRoleAssignments(ctx, *resource.ID, odata.Query{}))
	if len(*held) != 1 || *(*held)[0].AppRoleId != roleID || *(*held)[0].PrincipalId != *worker.ID {
		t.Fatalf("held %v", *held)
	}
	status, err = principals.RemoveAppRoleAssignment(ctx, *resource.ID, *(*held)[0].Id)
	checkDone(t, status, err)
	must[msgraph.AppRoleAssignment](t)(principals.AssignAppRoleForResource(ctx, *worker.ID, *resource.ID, roleID))

	status, err = principals.Delete(ctx, *worker.ID)
	checkDone(t, status, err)
	if _, status, err := principals.Get(ctx, *worker.ID, odata.Query{}); status != http.StatusNotFound {
		t.Errorf("after the deletion %d %v", status, err)
	}
}
