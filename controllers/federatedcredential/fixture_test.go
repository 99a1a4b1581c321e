package federatedcredential

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine/enginetest"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

const (
	ourCluster   = "0123456789abcdef"
	tenantIssuer = "https://login.example/tenant-id/v2.0"
)

// changes to the credential of these tests, and to a world in which it is about to be made.
type changes struct {
	kind  func(*Kind)
	obj   func(*v1alpha1.FederatedCredential)
	world func(*World)
}

// outcome of a decision, in words.
type outcome struct {
	reads  []string
	steps  []string
	wait   string
	again  time.Duration
	reason v1alpha1.Reason
	says   string // in the refusal, or in what is unsynced
	// unsynced is the reason of what is told beside an otherwise good decision.
	unsynced v1alpha1.Reason
}

func (c changes) apply() (*Kind, *v1alpha1.FederatedCredential, World) {
	kind := &Kind{Gate: policy.Gate{Baseline: policy.DefaultBaseline()}, Issuer: "https://issuer.example"}
	obj := &v1alpha1.FederatedCredential{
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "orders-worker"},
		Spec: v1alpha1.FederatedCredentialSpec{
			AppRegistrationRef: v1alpha1.LocalReference{Name: "orders-worker"},
			ServiceAccount:     &v1alpha1.ServiceAccountSubject{Name: "orders-worker"},
		},
	}
	world := World{
		Binding: binding.Binding{Tenant: binding.Tenant{
			Name: "corp", ID: "tenant-id", ClusterUIDs: []string{ourCluster}, ClientIDs: []string{"operator-app"},
			ObjectID: "operator", Operator: entra.OperatorIDs{"operator-app", "operator"}, FederationAudience: "api://AzureADTokenExchange",
			Endpoints: entra.Endpoints{Issuer: tenantIssuer},
		}, Namespace: binding.Namespace{Name: "shop"}},
		App: reference.App{TenantName: "corp", ObjectID: "app-object", AppID: "app-id", UniqueName: "k8s.c1.shop.orders-worker"},
		Trust: entra.Present(entra.Trust{
			ApplicationID: "app-object", UniqueName: "k8s.c1.shop.orders-worker", Tags: tags("shop/orders-worker", ourCluster),
		}),
		Account: &Account{Name: "orders-worker", UID: "account"},
	}
	if c.kind != nil {
		c.kind(kind)
	}
	if c.obj != nil {
		c.obj(obj)
	}
	if c.world != nil {
		c.world(&world)
	}
	if name := accountToAnnotate(obj); name == "" || world.Account != nil && world.Account.Name != name {
		world.Account = nil
	}
	return kind, obj, world
}

func decidePurely(t *testing.T, kind *Kind, obj *v1alpha1.FederatedCredential, world World) decision {
	t.Helper()
	return enginetest.Decide(t, kind, obj, world, today)
}

func (c changes) check(t *testing.T, want outcome) {
	t.Helper()
	kind, obj, world := c.apply()
	decided := decidePurely(t, kind, obj, world)
	got := outcome{again: decided.Again}
	for _, read := range decided.Reads {
		got.reads = append(got.reads, read.String())
	}
	for _, step := range decided.Steps {
		got.steps = append(got.steps, step.String())
	}
	if decided.Wait != nil {
		got.wait = decided.Wait.What
	}
	message := ""
	if decided.Refusal != nil {
		got.reason, message = decided.Refusal.Reason, decided.Refusal.Message
	}
	if decided.Unsynced != nil {
		got.unsynced, message = decided.Unsynced.Reason, decided.Unsynced.Message
	}
	if got.says = message; want.says != "" && strings.Contains(message, want.says) {
		got.says = want.says
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(outcome{})); diff != "" {
		t.Error(diff)
	}
}

func tags(object, cluster string) []string {
	return []string{"managed-by:entra-registrar", "k8s-cluster:c1", "k8s-cluster-uid:" + cluster, "k8s-object:" + object}
}

// settled is a world that has what the credential of these tests asks for.
func settled(w *World) {
	w.Trust.Value.Credentials = []entra.FederatedCredential{{
		ID: "credential", Name: "k8s-orders-worker", Issuer: "https://issuer.example",
		Subject: "system:serviceaccount:shop:orders-worker", Audience: "api://AzureADTokenExchange",
	}}
	w.Account = annotatedAccount("orders-worker")
}

func annotatedAccount(name string) *Account {
	return &Account{
		Name: name, UID: "account",
		ClientID: Annotation{Value: "app-id", Present: true, Ours: true},
		TenantID: Annotation{Value: "tenant-id", Present: true, Ours: true},
	}
}

// annotatedBefore is settled, with annotations that have to go.
func annotatedBefore(w *World) {
	settled(w)
	w.FormerAccounts = []Account{*annotatedAccount("orders-worker")}
}

func fill(w *World, count int) {
	for i := range count {
		w.Trust.Value.Credentials = append(w.Trust.Value.Credentials, entra.FederatedCredential{
			ID: fmt.Sprint(i), Name: fmt.Sprintf("hand-%d", i), Issuer: "https://issuer.example", Subject: fmt.Sprint(i),
		})
	}
}

func beingDeleted(f *v1alpha1.FederatedCredential) {
	f.DeletionTimestamp = &metav1.Time{}
	f.DeletionTimestamp.Time = time.Unix(1, 0)
	f.Status = v1alpha1.FederatedCredentialStatus{
		TenantBinding:       v1alpha1.TenantBinding{TenantName: "corp", TenantID: "tenant-id"},
		ApplicationObjectID: "app-object", ApplicationUniqueName: "k8s.c1.shop.orders-worker", CredentialName: "k8s-orders-worker",
		AnnotatedServiceAccount: "orders-worker",
	}
}

// recorded is the status of an object that has made what it asks for.
func recorded(f *v1alpha1.FederatedCredential) {
	f.Status.Issuer, f.Status.Subject = "https://issuer.example", "system:serviceaccount:shop:orders-worker"
	f.Status.Audience = "api://AzureADTokenExchange"
}

func spelledOut(f *v1alpha1.FederatedCredential) {
	f.Spec.ServiceAccount = nil
	f.Spec.OIDC = &v1alpha1.OIDCSubject{Issuer: gitHubIssuer, Subject: "repo:example/shop:ref:refs/heads/main"}
}

func gitHub(f *v1alpha1.FederatedCredential) {
	f.Spec.ServiceAccount = nil
	f.Spec.GitHub = &v1alpha1.GitHubSubject{Organization: "example", Repository: "shop", Environment: "prod"}
}

func identity(f *v1alpha1.FederatedCredential) {
	f.Spec.ServiceAccount = nil
	f.Spec.ManagedIdentity = &v1alpha1.DirectoryObjectReference{ObjectID: "identity"}
}

func denyAll(k *Kind) { k.Gate = policy.Gate{} }

// addPolicy that selects the namespace of these tests.
func addPolicy(w *World, allow ...v1alpha1.FederateRule) {
	added := v1alpha1.RegistrationPolicy{ObjectMeta: metav1.ObjectMeta{Name: "pipelines"}}
	added.Spec.Namespaces.Names = []string{"shop"}
	for i := range allow {
		added.Spec.Allow = append(added.Spec.Allow, v1alpha1.PolicyRule{Federate: &allow[i]})
	}
	w.Policies = append(w.Policies, added)
}

// revoking is a policy that takes away what is not allowed any longer.
func revoking(w *World) {
	addPolicy(w)
	w.Policies[0].Spec.OnTightening, w.Policies[0].Spec.Baseline = v1alpha1.TighteningRevoke, v1alpha1.BaselineNone
}

func allowGitHub(w *World) {
	addPolicy(w, v1alpha1.FederateRule{GitHub: &v1alpha1.GitHubRule{
		Organization: "example", Repositories: []string{"shop"}, Environments: []string{"prod"}, Branches: []string{"main"},
	}})
}

func allowIdentity(w *World) {
	addPolicy(w, v1alpha1.FederateRule{ManagedIdentity: &v1alpha1.ManagedIdentityRule{ObjectIDs: []v1alpha1.GUID{"identity"}}})
	w.ObservedIdentity = new(entra.Present(entra.ServicePrincipal{ObjectID: "identity", Type: "ManagedIdentity"}))
}

// objectFor is another object on the same application: older where its name is, with a ServiceAccount of the same name.
func objectFor(name, account string) v1alpha1.FederatedCredential {
	other := v1alpha1.FederatedCredential{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: name}}
	other.Spec.AppRegistrationRef.Name = "orders-worker"
	other.Spec.ServiceAccount = &v1alpha1.ServiceAccountSubject{Name: account}
	return other
}

// credentialFor is the credential that the object of that name has.
func credentialFor(name, account string) entra.FederatedCredential {
	return entra.FederatedCredential{
		ID: name, Name: "k8s-" + name, Issuer: "https://issuer.example", Subject: "system:serviceaccount:shop:" + account,
		Audience: "api://AzureADTokenExchange",
	}
}

// today is long after the objects of these tests were created.
var today = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
