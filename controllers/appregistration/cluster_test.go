package appregistration

import (
	"context"
	"errors"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// cluster is a fake API server and a fake tenant, and walks the path as the engine does.
type cluster struct {
	t         *testing.T
	kube      client.Client
	directory *directory
	tenants   entra.Tenants
	kind      *Kind
	now       time.Time
}

func newCluster(t *testing.T, objects ...client.Object) *cluster {
	t.Helper()
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{corev1.AddToScheme, v1alpha1.AddToScheme} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	tenant := &v1alpha1.EntraTenant{
		ObjectMeta: metav1.ObjectMeta{Name: "corp", UID: "tenant-uid"},
		Spec: v1alpha1.EntraTenantSpec{
			TenantID: tenantID, Default: true, Namespaces: &v1alpha1.NamespaceSelection{All: true},
			Auth: v1alpha1.TenantAuth{Type: v1alpha1.AuthWorkloadIdentity, ClientID: operatorApp},
		},
		Status: v1alpha1.EntraTenantStatus{TenantID: tenantID, ClusterID: "c1"},
	}
	objects = append(objects, tenant,
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "kube-system", UID: "cluster-uid"}},
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "shop", UID: "ns-uid"}})
	kube := fake.NewClientBuilder().WithScheme(scheme).WithObjects(objects...).WithReturnManagedFields().Build()
	directory := newDirectory()
	c := &cluster{t: t, kube: kube, directory: directory, tenants: directory, kind: kind(), now: now}
	c.kind.Binder = engine.Binder{Cache: kube, Live: kube, Tenants: c.directory}
	return c
}

// reconcile an object until its plan has no steps, and say what was done; a crash stands for the loss of everything that was
// not recorded.
func (c *cluster) reconcile(obj *v1alpha1.AppRegistration) (done []string) {
	c.t.Helper()
	ctx := context.Background()
	world, err := c.kind.Read(ctx, obj)
	if err != nil {
		return []string{"read: " + err.Error()}
	}
	hands := handsOf(c)
	for round := range 8 {
		p := c.kind.Decide(obj, world, c.now)
		if len(p.Steps) == 0 {
			c.kind.Record(obj, world)
			return append(done, lines(p)...)
		}
		if round == 0 {
			c.kind.Record(obj, world)
		}
		failed := false
		for _, step := range p.Steps {
			line := step.String()
			if err := step.Do(ctx, hands, &world); err != nil && !errors.Is(err, engine.ErrFound) {
				line, failed = line+": "+err.Error(), true
			}
			done = append(done, line)
		}
		if failed {
			c.kind.Record(obj, world)
			return done
		}
	}
	return append(done, "the plan does not come to an end")
}

// requests that were made since the last time.
func (c *cluster) requests() []string {
	log := c.directory.log
	c.directory.log = nil
	return log
}

func handsOf(c *cluster) engine.Hands { return engine.Hands{Tenants: c.tenants, Kube: c.kube} }
