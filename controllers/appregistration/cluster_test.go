package appregistration

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/engine/enginetest"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// cluster is a fake API server and a fake tenant.
type cluster struct {
	t         *testing.T
	kube      client.Client
	directory *directory
	// writer is the directory as steps get it.
	writer entra.Directory
	kind   *Kind
	now    time.Time
}

func newCluster(t *testing.T, objects ...client.Object) *cluster {
	t.Helper()
	scheme := enginetest.Scheme(t)
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
	c := &cluster{t: t, kube: kube, directory: directory, writer: directory, kind: kind(), now: now}
	c.kind.Binder = binding.Binder{Cache: kube, Live: kube, Tenants: directory}
	return c
}

// read an object's world.
func (c *cluster) read(obj *v1alpha1.AppRegistration) (World, error) {
	return c.kind.Read(c.t.Context(), obj)
}

// clients that write to the cluster and its tenant.
func (c *cluster) clients() engine.Clients {
	return engine.Clients{Directory: c.writer, Kube: c.kube, OwnWrites: &engine.OwnWrites{}}
}

// reconcile an object, write its status, and say what was done. As in the engine, status has the intent before the first step.
func (c *cluster) reconcile(obj *v1alpha1.AppRegistration) []string {
	c.t.Helper()
	world, err := c.read(obj)
	if err != nil {
		return []string{"read: " + err.Error()}
	}
	before := obj.DeepCopy()
	obj.Status = enginetest.Decide(c.t, c.kind, before, world, c.now).Object.Status
	settled := enginetest.Settle(c.t, c.kind, before, world, c.now, c.clients())
	obj.Status = settled.Object.Status
	if settled.Err != nil {
		return append(settled.Done, "failed: "+settled.Err.Error())
	}
	return append(settled.Done, lines(settled.Decision)...)
}

// requests that were made since the last time.
func (c *cluster) requests() []string {
	log := c.directory.log
	c.directory.log = nil
	return log
}

// same compares two values.
func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s, want - got +\n%s", what, diff)
	}
}
