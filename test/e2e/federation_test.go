package e2e

import (
	"context"
	"testing"
	"time"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/outofband"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/rule"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/signin"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// exchange a token of another issuer for one of an application.
func exchange(e *env.Env, client *v1alpha1.AppRegistration, assertion, scope string) (string, error) {
	e.T.Helper()
	credential := confidential.NewCredFromAssertionCallback(func(context.Context, confidential.AssertionRequestOptions) (string, error) {
		return assertion, nil
	})
	made, err := confidential.New(e.Tenant.URL()+"/"+e.Tenant.TenantID(), client.Status.AppID, credential,
		confidential.WithHTTPClient(signin.HTTPClient(e)), confidential.WithInstanceDiscovery(false))
	if err != nil {
		e.T.Fatal(err)
	}
	result, err := made.AcquireTokenByCredential(e.T.Context(), []string{scope})
	return result.AccessToken, err
}

// A workflow of GitHub acts for an application for as long as it is trusted.
func TestFederatedCredential_OfGitHubWorkflow(t *testing.T) {
	t.Parallel()
	hub := signin.NewGitHub(t)
	e := env.New(t, hub.Option(), env.WithPolicy(v1alpha1.PolicyRule{Federate: &v1alpha1.FederateRule{GitHub: &v1alpha1.GitHubRule{
		Organization: "example", Repositories: []string{"payments-*"}, Environments: []string{"*"}, Branches: []string{"main"},
	}}}))
	c := e.CreateOrders()
	credential := credentialOf(e, "deploy", "", nil)
	credential.Spec.ServiceAccount = nil
	credential.Spec.GitHub = &v1alpha1.GitHubSubject{Organization: "example", Repository: "payments-api", Environment: "prod"}
	scope := c.API.Status.IdentifierURIs[0] + "/.default"
	const prod, main = "repo:example/payments-api:environment:prod", "repo:example/payments-api:ref:refs/heads/main"
	_, err := exchange(e, c.Worker, hub.Token(e, prod), scope)
	signin.CheckRefused(t, "before", err, "AADSTS70021")
	e.Cluster.Create(credential)
	e.Status.WaitReady(credential)
	token, err := exchange(e, c.Worker, hub.Token(e, prod), scope)
	if err != nil {
		t.Fatalf("the environment's token: %v", err)
	}
	signin.CheckClaims(e, c.API, token, signin.ClaimsOf(c.Worker, "Orders.Read.All"))
	_, err = exchange(e, c.Worker, hub.Token(e, main), scope)
	signin.CheckRefused(t, "a branch's token", err, "AADSTS70021")

	env.Edit(e.Cluster, credential, func(o *v1alpha1.FederatedCredential) {
		o.Spec.GitHub = &v1alpha1.GitHubSubject{Organization: "example", Repository: "payments-api", Branch: "main"}
	})
	e.Status.WaitReady(credential)
	if _, err := exchange(e, c.Worker, hub.Token(e, main), scope); err != nil {
		t.Errorf("the branch's token, now: %v", err)
	}
	_, err = exchange(e, c.Worker, hub.Token(e, prod), scope)
	signin.CheckRefused(t, "the environment's token, now", err, "AADSTS70021")
	e.Remove(credential)
	_, err = exchange(e, c.Worker, hub.Token(e, main), scope)
	signin.CheckRefused(t, "after the trust's end", err, "AADSTS70021")
}

const (
	identityID       = "77777777-0000-4000-8000-000000000001"
	identityClientID = "77777777-0000-4000-8000-000000000002"
)

// withManagedIdentity has one in the tenant.
func withManagedIdentity(_ *env.Env, o *emulator.Options) {
	o.Population.ManagedIdentities = []directory.SeedIdentity{{ID: identityID, ClientID: identityClientID, DisplayName: "runner"}}
}

// A managed identity acts for an application for as long as it is trusted.
func TestFederatedCredential_OfManagedIdentity(t *testing.T) {
	t.Parallel()
	e := env.New(t, withManagedIdentity, env.WithPolicy(v1alpha1.PolicyRule{Federate: &v1alpha1.FederateRule{
		ManagedIdentity: &v1alpha1.ManagedIdentityRule{ObjectIDs: []v1alpha1.GUID{identityID}},
	}}))
	c := e.CreateOrders()
	credential := credentialOf(e, "runner", "", nil)
	credential.Spec.ServiceAccount, credential.Spec.ManagedIdentity = nil, &v1alpha1.DirectoryObjectReference{ObjectID: identityID}
	scope := c.API.Status.IdentifierURIs[0] + "/.default"
	assertion := func() string {
		token, err := e.Tenant.IdentityToken(identityID, "api://AzureADTokenExchange")
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	_, err := exchange(e, c.Worker, assertion(), scope)
	signin.CheckRefused(t, "before", err, "AADSTS70021")
	e.Cluster.Create(credential)
	e.Status.WaitReady(credential)
	token, err := exchange(e, c.Worker, assertion(), scope)
	if err != nil {
		t.Fatal(err)
	}
	signin.CheckClaims(e, c.API, token, signin.ClaimsOf(c.Worker, "Orders.Read.All"))
	e.Remove(credential)
	_, err = exchange(e, c.Worker, assertion(), scope)
	signin.CheckRefused(t, "after", err, "AADSTS70021")
}

// A managed identity has a role for as long as it is given it.
func TestAssignment_GivesRoleToManagedIdentity(t *testing.T) {
	t.Parallel()
	for name, ref := range map[string]v1alpha1.ManagedIdentityReference{"by object ID": {ObjectID: identityID}, "by client ID": {ClientID: identityClientID}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := env.New(t, withManagedIdentity, env.WithPolicy(rule.Assign(v1alpha1.PrincipalManagedIdentity, rule.OwnAPIs, "*")))
			api := e.AppRegistration("orders-api", with.AppRoles("Orders.Read.All"))
			e.Cluster.Create(api)
			e.Status.WaitReady(api)
			assignment := e.Assignment("runner-reads", "", "orders-api", "Orders.Read.All")
			assignment.Spec.Principal = v1alpha1.PrincipalReference{ManagedIdentity: &ref}
			_, err := e.Tenant.IdentityToken(identityID, api.Status.IdentifierURIs[0])
			signin.CheckRefused(t, "before", err, "AADSTS501051")
			e.Cluster.Create(assignment)
			e.Status.WaitReady(assignment)
			token, err := e.Tenant.IdentityToken(identityID, api.Status.IdentifierURIs[0])
			if err != nil {
				t.Fatal(err)
			}
			env.CheckEqual(t, "roles", []string{"Orders.Read.All"}, signin.UnverifiedClaims(e, token).Roles)
			e.Remove(assignment)
			_, err = e.Tenant.IdentityToken(identityID, api.Status.IdentifierURIs[0])
			signin.CheckRefused(t, "after", err, "AADSTS501051")
		})
	}
}

func TestFederatedCredential_LimitIsKnownWithoutEntra(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	worker := e.AppRegistration("orders-worker")
	e.Cluster.Create(worker)
	e.Status.WaitReady(worker)
	for range 20 {
		e.Tenant.OutOfBand(outofband.AddNewFederatedCredential(), worker.Status.ObjectID)
	}
	e.SkipTenMinutes()
	e.Requests.Reset()
	credential := e.FederatedCredential("one-more", "orders-worker", "orders-worker")
	e.Cluster.Create(credential)
	message := e.Status.WaitCondition(credential, v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonInvalid)
	e.Status.CheckMessage(message, "20")
	e.Clock.PassHours(3 * time.Hour)
	e.Requests.CheckNoWrites()
}
