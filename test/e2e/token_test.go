package e2e

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/rule"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/signin"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
)

// A workload's token carries the role for as long as it is given.
func TestToken_CarriesRoleWhileGiven(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	api, worker := e.AppRegistration("orders-api", with.AppRoles("Orders.Read.All")), e.AppRegistration("orders-worker")
	credential := e.FederatedCredential("orders-worker", "orders-worker", "orders-worker")
	assignment := e.Assignment("orders-worker-reads", "orders-worker", "orders-api", "Orders.Read.All")
	e.Cluster.Create(e.ServiceAccount("orders-worker"), api, worker, credential)
	e.Status.WaitReady(api, worker, credential)
	scope := api.Status.IdentifierURIs[0] + "/.default"

	_, err := signin.Workload(e, scope)
	signin.CheckRefused(t, "before the assignment", err, "AADSTS501051")

	e.Cluster.Create(assignment)
	e.Status.WaitReady(assignment)
	old, err := signin.Workload(e, scope)
	if err != nil {
		t.Fatalf("after the assignment: %v", err)
	}
	who := signin.ClaimsOf(worker)
	holds := who
	holds.Roles = []string{"Orders.Read.All"}
	signin.CheckClaims(e, api, old, holds)

	e.Cluster.Delete(assignment)
	e.Status.WaitGone(assignment)
	_, err = signin.Workload(e, scope)
	signin.CheckRefused(t, "after the assignment's end", err, "AADSTS501051")

	env.Edit(e.Cluster, api, func(o *v1alpha1.AppRegistration) {
		o.Spec.ServicePrincipal = &v1alpha1.ServicePrincipal{AssignmentRequired: new(false)}
	})
	e.Status.WaitReady(api)
	fresh, err := signin.Workload(e, scope)
	if err != nil {
		t.Fatalf("where no assignment is required: %v", err)
	}
	signin.CheckClaims(e, api, fresh, who)
	signin.CheckClaims(e, api, old, holds) // what was given lasts until it expires

	e.Cluster.Delete(credential)
	e.Status.WaitGone(credential)
	account := e.ServiceAccount("orders-worker")
	if e.Cluster.Get(account); account.Annotations["azure.workload.identity/client-id"] != "" {
		t.Errorf("the ServiceAccount still names an application: %v", account.Annotations)
	}
	env.Edit(e.Cluster, account, func(o *corev1.ServiceAccount) {
		o.Annotations = map[string]string{
			"azure.workload.identity/client-id": worker.Status.AppID, "azure.workload.identity/tenant-id": worker.Status.TenantID,
		}
	})
	_, err = signin.Workload(e, scope)
	signin.CheckRefused(t, "after the trust's end", err, "AADSTS70021")
}

// The Secret of an API says what discovery says, and its tokens prove it.
func TestSecret_OfAPIAgreesWithDiscovery(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	c := e.CreateOrders()
	env.Edit(e.Cluster, c.API, func(o *v1alpha1.AppRegistration) {
		o.Spec.Secret = &v1alpha1.Secret{Formats: []v1alpha1.SecretFormat{v1alpha1.FormatOIDC}}
	})
	e.Status.WaitReady(c.API)
	secret := signin.SecretData(e, "orders-api")
	token, err := signin.Workload(e, secret["scope"])
	if err != nil {
		t.Fatal(err)
	}
	got, err := signin.Verify(e, secret["issuer-uri"], secret["audience"], token)
	if err != nil {
		t.Fatalf("what the Secret says does not verify a token: %v", err)
	}
	env.CheckEqual(t, "roles", []string{"Orders.Read.All"}, got.Roles)
	env.CheckEqual(t, "the Secret and what go-oidc discovers", discover(e, secret["issuer-uri"]), map[string]string{
		"authorization": secret["authorization-uri"], "token": secret["token-uri"], "device": secret["device-authorization-uri"],
		"end session": secret["end-session-uri"], "keys": secret["jwk-set-uri"],
	})
	env.CheckEqual(t, "the Secret and the status", *c.API.Status.Endpoints, v1alpha1.Endpoints{
		Issuer: secret["issuer-uri"], Authorization: secret["authorization-uri"], Token: secret["token-uri"],
		OpenIDConfiguration: secret["discovery-uri"], JWKS: secret["jwk-set-uri"],
	})
}

func TestToken_Version1CarriesEitherNameOfAPI(t *testing.T) {
	t.Parallel()
	e := env.New(t, env.WithPolicy(rule.Field("spec.api.requestedAccessTokenVersion", "1")))
	c := e.CreateOrders()
	env.Edit(e.Cluster, c.API, func(o *v1alpha1.AppRegistration) {
		o.Spec.API.RequestedAccessTokenVersion = new(int32(1))
		o.Spec.Secret = &v1alpha1.Secret{Formats: []v1alpha1.SecretFormat{v1alpha1.FormatOIDC}}
	})
	e.Status.WaitReady(c.API)
	secret := signin.SecretData(e, "orders-api")
	names := strings.Split(secret["audience"], ",")
	env.CheckEqual(t, "audiences", []string{c.API.Status.AppID, "api://" + c.API.Status.AppID}, names)
	// Only Microsoft's own clouds have an issuer of version 1 that is known. It is better not told than told wrong.
	env.CheckEqual(t, "issuer", "", secret["issuer-uri"]+c.API.Status.Endpoints.Issuer)
	for _, name := range names {
		token, err := signin.Workload(e, name+"/.default")
		if err != nil {
			t.Fatal(err)
		}
		got, err := signin.Verify(e, e.Tenant.URL()+"/"+e.Tenant.TenantID()+"/", name, token)
		if err != nil {
			t.Fatalf("asked for as %s: %v", name, err)
		}
		env.CheckEqual(t, "claims", signin.Claims{
			Roles: []string{"Orders.Read.All"}, AppID: c.Worker.Status.AppID, OID: c.Worker.Status.ServicePrincipalObjectID, Ver: "1.0",
		}, got)
	}
}

func TestBaseline_DeniesTokensOfVersion1(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	api := e.AppRegistration("orders-api", with.Scopes("Orders.Read"))
	api.Spec.API.RequestedAccessTokenVersion = new(int32(1))
	e.Cluster.Create(api)
	message := e.Status.WaitCondition(api, v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonDenied)
	if !strings.Contains(message, "spec.api.requestedAccessTokenVersion") {
		t.Errorf("the message does not name the field: %s", message)
	}
	e.Tenant.CheckInventory(env.Inventory{})
}
