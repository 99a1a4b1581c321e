package e2e

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/go-logr/logr"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
	"github.com/entra-registrar/entra-registrar/hack/controlplane"
	"github.com/entra-registrar/entra-registrar/test/emulator"
)

const (
	operatorClientID = "5f0a6c2e-0000-4000-8000-000000000001"
	operatorSecret   = "canary-operator-secret-7f3a" // searched for by the canary test
)

// operatorRoles are what the operator's identity holds in Graph with role assignments and consent switched on.
var operatorRoles = []string{
	"Application.ReadWrite.OwnedBy", "Application.Read.All", "AppRoleAssignment.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All",
}

// stage is one test's world: a tenant, a namespace, a clock, and a manager that sees nothing else.
type stage struct {
	t         testing.TB
	plane     *controlplane.ControlPlane
	clock     *timepiece
	entra     *emulator.Emulator
	admin     client.Client // a cluster admin, reading past every cache
	namespace string
	// neighbour is another namespace that the manager sees; a test that needs it creates it.
	neighbour string
	tenant    string
	// policies that are there before the manager starts.
	policies []*v1alpha1.RegistrationPolicy
	// issuerCA is of an issuer that stands in for one of the world, PEM.
	issuerCA []byte
	settings controllers.Settings
	logger   logr.Logger // of the manager; nowhere where a test does not set it
	// wire stands under Graph and the API server: tests crash and cut it.
	wire *wire
	stop context.CancelFunc
	done chan struct{}
	eyes *eyes
}

// prop changes a stage before it opens.
type prop func(*stage, *emulator.Options)

var stages atomic.Int64

// newStage opens a stage: emulator, namespace, tenant and a running manager.
func newStage(t testing.TB, props ...prop) *stage {
	t.Helper()
	number := stages.Add(1)
	s := &stage{
		t: t, plane: cluster, clock: newTimepiece(), wire: &wire{},
		namespace: fmt.Sprintf("shop-%d", number), neighbour: fmt.Sprintf("docks-%d", number), tenant: fmt.Sprintf("corp-%d", number),
	}
	options := emulator.Options{
		Clock: s.clock, Seed: 1, TenantID: fmt.Sprintf("c0a1e5ce-0000-4000-8000-%012x", number),
		Client: emulator.Client{ID: operatorClientID, Secret: operatorSecret, Roles: operatorRoles},
	}
	baseline, err := policy.ParseBaseline("Default")
	if err != nil {
		t.Fatal(err)
	}
	s.settings = controllers.Settings{
		OperatorNamespace: operatorNamespace, AppRoleAssignments: true, DelegatedGrants: true,
		Gate:  policy.Gate{Baseline: baseline, Ledger: policy.NewVerdictCache()},
		Clock: s.clock.FakeClock, NewQueue: s.clock.newQueue,
		Transport: func(next http.RoundTripper) http.RoundTripper { return s.wire.under(next) },
	}
	for _, change := range props {
		change(s, &options)
	}
	options.IssuerCA, s.settings.ServiceAccountIssuer = slices.Concat(s.plane.CA(), s.issuerCA), s.plane.Issuer()
	if s.entra, err = emulator.Start(options); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.entra.Close() })
	s.settings.CustomEndpointHosts = []string{s.host()}
	s.admin = adminClient(t, s.plane)
	s.eyes = watchStatus(s)
	s.create(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: s.namespace}})
	s.create(s.credential(), s.entraTenant())
	for _, p := range s.policies {
		s.create(p)
	}
	s.startManager()
	t.Cleanup(s.stopManager)
	return s
}

func adminClient(t testing.TB, plane *controlplane.ControlPlane) client.Client {
	t.Helper()
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{clientgoscheme.AddToScheme, v1alpha1.AddToScheme} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	config := plane.Config()
	config.QPS, config.Burst = -1, -1
	admin, err := client.New(config, client.Options{Scheme: scheme})
	if err != nil {
		t.Fatal(err)
	}
	return admin
}

// host of the emulator, as --custom-endpoint-hosts takes it.
func (s *stage) host() string { return strings.TrimPrefix(s.entra.URL(), "https://") }

func (s *stage) credential() *corev1.Secret {
	return &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: operatorNamespace, Name: s.tenant + "-credential"},
		StringData: map[string]string{"client-secret": operatorSecret},
	}
}

// label of the tenants that belong to the stage.
func (s *stage) label() map[string]string { return map[string]string{"stage": s.namespace} }

func (s *stage) entraTenant() *v1alpha1.EntraTenant {
	return &v1alpha1.EntraTenant{
		ObjectMeta: metav1.ObjectMeta{Name: s.tenant, Labels: s.label()},
		Spec: v1alpha1.EntraTenantSpec{
			TenantID: s.entra.TenantID(), Cloud: v1alpha1.CloudCustom, ClusterID: "c1", Default: true,
			Endpoints:  &v1alpha1.CustomEndpoints{Authority: s.entra.URL(), Graph: s.entra.URL(), CABundle: string(s.entra.CA())},
			Auth:       v1alpha1.TenantAuth{Type: v1alpha1.AuthClientSecret, ClientID: operatorClientID, SecretRef: &v1alpha1.SecretReference{Name: s.tenant + "-credential"}},
			Namespaces: &v1alpha1.NamespaceSelection{All: true},
		},
	}
}

// create makes objects as a cluster admin.
func (s *stage) create(objs ...client.Object) {
	s.t.Helper()
	for _, obj := range objs {
		if err := s.admin.Create(s.t.Context(), obj); err != nil {
			s.t.Fatalf("create %T %s: %v", obj, obj.GetName(), err)
		}
	}
}

// delete asks for the deletion of objects.
func (s *stage) delete(objs ...client.Object) {
	s.t.Helper()
	for _, obj := range objs {
		if err := client.IgnoreNotFound(s.admin.Delete(s.t.Context(), obj)); err != nil {
			s.t.Fatalf("delete %T %s: %v", obj, obj.GetName(), err)
		}
	}
}

// get reads an object again; it reports whether it is there.
func (s *stage) get(obj client.Object) bool {
	s.t.Helper()
	err := s.admin.Get(s.t.Context(), client.ObjectKeyFromObject(obj), obj)
	if client.IgnoreNotFound(err) != nil {
		s.t.Fatalf("get %T %s: %v", obj, obj.GetName(), err)
	}
	return err == nil
}

// edit changes an object as a user would, and writes it.
func edit[T client.Object](s *stage, obj T, change func(T)) {
	s.t.Helper()
	poll(s.t, "edit "+obj.GetName(), func() bool {
		if !s.get(obj) {
			s.t.Fatalf("%s is not there", obj.GetName())
		}
		change(obj)
		return s.admin.Update(s.t.Context(), obj) == nil
	})
}
