package e2e

import (
	"context"
	"testing"
	"time"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// exchanges a token of another issuer for one of an application, through MSAL.
func (s *stage) exchanges(client *v1alpha1.AppRegistration, assertion, scope string) (string, error) {
	s.t.Helper()
	credential := confidential.NewCredFromAssertionCallback(func(context.Context, confidential.AssertionRequestOptions) (string, error) {
		return assertion, nil
	})
	made, err := confidential.New(s.entra.URL()+"/"+s.entra.TenantID(), client.Status.AppID, credential,
		confidential.WithHTTPClient(s.publicClient()), confidential.WithInstanceDiscovery(false))
	if err != nil {
		s.t.Fatal(err)
	}
	result, err := made.AcquireTokenByCredential(s.t.Context(), []string{scope})
	return result.AccessToken, err
}

func TestAWorkflowOfGitHubActsForAnApplicationForAsLongAsItIsTrusted(t *testing.T) {
	t.Parallel()
	hub := newGitHub(t)
	s := newStage(t, hub.isThere, allowing(v1alpha1.PolicyRule{Federate: &v1alpha1.FederateRule{GitHub: &v1alpha1.GitHubRule{
		Organization: "example", Repositories: []string{"payments-*"}, Environments: []string{"*"}, Branches: []string{"main"},
	}}}))
	c := s.enters()
	trust := s.trustOf("deploy", "", nil)
	trust.Spec.ServiceAccount = nil
	trust.Spec.GitHub = &v1alpha1.GitHubSubject{Organization: "example", Repository: "payments-api", Environment: "prod"}
	scope := c.api.Status.IdentifierURIs[0] + "/.default"
	const prod, main = "repo:example/payments-api:environment:prod", "repo:example/payments-api:ref:refs/heads/main"
	_, err := s.exchanges(c.worker, hub.token(s, prod), scope)
	refused(t, "before", err, "AADSTS70021")
	s.create(trust)
	s.ready(trust)
	token, err := s.exchanges(c.worker, hub.token(s, prod), scope)
	if err != nil {
		t.Fatalf("the environment's token: %v", err)
	}
	s.isOf(c.api, token, claims{Roles: []string{"Orders.Read.All"}, Azp: c.worker.Status.AppID, OID: c.worker.Status.ServicePrincipalObjectID, Ver: "2.0"})
	_, err = s.exchanges(c.worker, hub.token(s, main), scope)
	refused(t, "a branch's token", err, "AADSTS70021")

	edit(s, trust, func(o *v1alpha1.FederatedCredential) {
		o.Spec.GitHub = &v1alpha1.GitHubSubject{Organization: "example", Repository: "payments-api", Branch: "main"}
	})
	s.ready(trust)
	if _, err := s.exchanges(c.worker, hub.token(s, main), scope); err != nil {
		t.Errorf("the branch's token, now: %v", err)
	}
	_, err = s.exchanges(c.worker, hub.token(s, prod), scope)
	refused(t, "the environment's token, now", err, "AADSTS70021")
	s.leaves(trust)
	_, err = s.exchanges(c.worker, hub.token(s, main), scope)
	refused(t, "after the trust's end", err, "AADSTS70021")
}

const (
	runnerID       = "77777777-0000-4000-8000-000000000001"
	runnerClientID = "77777777-0000-4000-8000-000000000002"
)

// runner is a managed identity of the tenant.
func runner(_ *stage, o *emulator.Options) {
	o.Population.ManagedIdentities = []directory.SeedIdentity{{ID: runnerID, ClientID: runnerClientID, DisplayName: "runner"}}
}

func TestAManagedIdentityActsForAnApplicationForAsLongAsItIsTrusted(t *testing.T) {
	t.Parallel()
	s := newStage(t, runner, allowing(v1alpha1.PolicyRule{Federate: &v1alpha1.FederateRule{
		ManagedIdentity: &v1alpha1.ManagedIdentityRule{ObjectIDs: []string{runnerID}},
	}}))
	c := s.enters()
	trust := s.trustOf("runner", "", nil)
	trust.Spec.ServiceAccount, trust.Spec.ManagedIdentity = nil, &v1alpha1.DirectoryObjectReference{ObjectID: runnerID}
	scope := c.api.Status.IdentifierURIs[0] + "/.default"
	assertion := func() string {
		token, err := s.entra.IdentityToken(runnerID, "api://AzureADTokenExchange")
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	_, err := s.exchanges(c.worker, assertion(), scope)
	refused(t, "before", err, "AADSTS70021")
	s.create(trust)
	s.ready(trust)
	token, err := s.exchanges(c.worker, assertion(), scope)
	if err != nil {
		t.Fatal(err)
	}
	s.isOf(c.api, token, claims{Roles: []string{"Orders.Read.All"}, Azp: c.worker.Status.AppID, OID: c.worker.Status.ServicePrincipalObjectID, Ver: "2.0"})
	s.leaves(trust)
	_, err = s.exchanges(c.worker, assertion(), scope)
	refused(t, "after", err, "AADSTS70021")
}

func TestAManagedIdentityHasARoleForAsLongAsItIsGivenIt(t *testing.T) {
	t.Parallel()
	for name, ref := range map[string]v1alpha1.ManagedIdentityReference{"by object ID": {ObjectID: runnerID}, "by client ID": {ClientID: runnerClientID}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, runner, allowing(assigning(v1alpha1.PrincipalManagedIdentity, ownAPIs, "*")))
			api := s.app("orders-api", exposing("Orders.Read.All"))
			s.create(api)
			s.ready(api)
			given := s.assignment("runner-reads", "", "orders-api", "Orders.Read.All")
			given.Spec.Principal = v1alpha1.PrincipalReference{ManagedIdentity: &ref}
			_, err := s.entra.IdentityToken(runnerID, api.Status.IdentifierURIs[0])
			refused(t, "before", err, "AADSTS501051")
			s.create(given)
			s.ready(given)
			token, err := s.entra.IdentityToken(runnerID, api.Status.IdentifierURIs[0])
			if err != nil {
				t.Fatal(err)
			}
			same(t, "roles", []string{"Orders.Read.All"}, s.claimsOf(token).Roles)
			s.leaves(given)
			_, err = s.entra.IdentityToken(runnerID, api.Status.IdentifierURIs[0])
			refused(t, "after", err, "AADSTS501051")
		})
	}
}

func TestTheLimitOfTrustsIsSaidBeforeEntraSaysIt(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	worker := s.app("orders-worker")
	s.create(worker)
	s.ready(worker)
	for range 20 {
		s.somebody(addsAnyTrust(), worker.Status.ObjectID)
	}
	s.later()
	s.forget()
	trust := s.trust("one-more", "orders-worker", "orders-worker")
	s.create(trust)
	message := s.has(trust, v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonInvalid)
	s.says(message, "20")
	s.clock.leap(t, 3*time.Hour)
	s.writesNothing()
}
