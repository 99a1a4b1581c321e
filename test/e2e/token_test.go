package e2e

import (
	"strings"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// cloudAt is a cloud whose token service is at a host, as the Secret names it.
func cloudAt(authority string) cloud.Configuration {
	return cloud.Configuration{ActiveDirectoryAuthorityHost: authority, Services: map[cloud.ServiceName]cloud.ServiceConfiguration{}}
}

func same(t testing.TB, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", what, diff)
	}
}

func TestTheStorysTokenCarriesTheRoleForAsLongAsItIsGiven(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	api, worker := s.app("orders-api", exposing("Orders.Read.All")), s.app("orders-worker")
	trust := s.trust("orders-worker", "orders-worker", "orders-worker")
	given := s.assignment("orders-worker-reads", "orders-worker", "orders-api", "Orders.Read.All")
	s.create(s.account("orders-worker"), api, worker, trust)
	s.ready(api, worker, trust)
	scope := api.Status.IdentifierURIs[0] + "/.default"

	_, err := s.signIn(scope)
	refused(t, "before the assignment", err, "AADSTS501051")

	s.create(given)
	s.ready(given)
	old, err := s.signIn(scope)
	if err != nil {
		t.Fatalf("after the assignment: %v", err)
	}
	who := claims{Azp: worker.Status.AppID, OID: worker.Status.ServicePrincipalObjectID, Ver: "2.0"}
	holds := who
	holds.Roles = []string{"Orders.Read.All"}
	s.isOf(api, old, holds)

	s.delete(given)
	s.gone(given)
	_, err = s.signIn(scope)
	refused(t, "after the assignment's end", err, "AADSTS501051")

	edit(s, api, func(o *v1alpha1.AppRegistration) {
		o.Spec.ServicePrincipal = &v1alpha1.ServicePrincipal{AssignmentRequired: new(false)}
	})
	s.ready(api)
	fresh, err := s.signIn(scope)
	if err != nil {
		t.Fatalf("where no assignment is required: %v", err)
	}
	s.isOf(api, fresh, who)
	s.isOf(api, old, holds) // what was given lasts until it expires

	s.delete(trust)
	s.gone(trust)
	account := s.account("orders-worker")
	if s.get(account); account.Annotations["azure.workload.identity/client-id"] != "" {
		t.Errorf("the ServiceAccount still names an application: %v", account.Annotations)
	}
	edit(s, account, func(o *corev1.ServiceAccount) {
		o.Annotations = map[string]string{
			"azure.workload.identity/client-id": worker.Status.AppID, "azure.workload.identity/tenant-id": worker.Status.TenantID,
		}
	})
	_, err = s.signIn(scope)
	refused(t, "after the trust's end", err, "AADSTS70021")
}

// refused fails where the token service did not refuse with a code.
func refused(t *testing.T, when string, err error, code string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), code) {
		t.Errorf("%s: %v, want %s", when, err, code)
	}
}

func TestTheSecretOfAnAPISaysWhatDiscoverySaysAndItsTokensProveIt(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c := s.enters()
	edit(s, c.api, func(o *v1alpha1.AppRegistration) {
		o.Spec.Secret = &v1alpha1.Secret{Formats: []v1alpha1.SecretFormat{v1alpha1.FormatOIDC}}
	})
	s.ready(c.api)
	secret := s.secretData("orders-api")
	token, err := s.signIn(secret["scope"])
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.verify(secret["issuer-uri"], secret["audience"], token)
	if err != nil {
		t.Fatalf("what the Secret says does not verify a token: %v", err)
	}
	same(t, "roles", []string{"Orders.Read.All"}, got.Roles)
	same(t, "the Secret and what go-oidc discovers", s.discovered(secret["issuer-uri"]), map[string]string{
		"authorization": secret["authorization-uri"], "token": secret["token-uri"], "device": secret["device-authorization-uri"],
		"end session": secret["end-session-uri"], "keys": secret["jwk-set-uri"],
	})
	same(t, "the Secret and the status", *c.api.Status.Endpoints, v1alpha1.Endpoints{
		Issuer: secret["issuer-uri"], Authorization: secret["authorization-uri"], Token: secret["token-uri"],
		OpenIDConfiguration: secret["discovery-uri"], JWKS: secret["jwk-set-uri"],
	})
}

func TestTokensOfVersion1CarryEitherNameOfTheAPI(t *testing.T) {
	t.Parallel()
	s := newStage(t, allowing(v1alpha1.PolicyRule{Field: &v1alpha1.FieldRule{Path: "spec.api.requestedAccessTokenVersion", Values: []string{"1"}}}))
	c := s.enters()
	edit(s, c.api, func(o *v1alpha1.AppRegistration) {
		o.Spec.API.RequestedAccessTokenVersion = new(int32(1))
		o.Spec.Secret = &v1alpha1.Secret{Formats: []v1alpha1.SecretFormat{v1alpha1.FormatOIDC}}
	})
	s.ready(c.api)
	secret := s.secretData("orders-api")
	names := strings.Split(secret["audience"], ",")
	same(t, "audiences", []string{c.api.Status.AppID, "api://" + c.api.Status.AppID}, names)
	// Only Microsoft's own clouds have an issuer of version 1 that is known. It is better not told than told wrong.
	same(t, "issuer", "", secret["issuer-uri"]+c.api.Status.Endpoints.Issuer)
	for _, name := range names {
		token, err := s.signIn(name + "/.default")
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.verify(s.entra.URL()+"/"+s.entra.TenantID()+"/", name, token)
		if err != nil {
			t.Fatalf("asked for as %s: %v", name, err)
		}
		same(t, "claims", claims{
			Roles: []string{"Orders.Read.All"}, AppID: c.worker.Status.AppID, OID: c.worker.Status.ServicePrincipalObjectID, Ver: "1.0",
		}, got)
	}
}

func TestTheBaselineDeniesTokensOfVersion1(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	api := s.app("orders-api", scoped("Orders.Read"))
	api.Spec.API.RequestedAccessTokenVersion = new(int32(1))
	s.create(api)
	message := s.has(api, v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonDenied)
	if !strings.Contains(message, "spec.api.requestedAccessTokenVersion") {
		t.Errorf("the message does not name the field: %s", message)
	}
	s.holds(census{})
}
