package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
)

// otherDefault is another EntraTenant, marked default as the first is. It is the same directory, under another name.
func otherDefault(e *env.Env) *v1alpha1.EntraTenant {
	other := e.NewEntraTenant()
	other.Name += "-other"
	return other
}

func TestDefaultTenant_TwoAreNone(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	objs := env.OperatorObjects(e.CreateOrdersObjects())
	e.Cluster.Create(otherDefault(e))
	e.Status.WaitReady(otherDefault(e))
	for _, names := range [][2]*v1alpha1.EntraTenant{{e.EntraTenant(), otherDefault(e)}, {otherDefault(e), e.EntraTenant()}} {
		message := e.Status.WaitCondition(names[0], v1alpha1.ConditionSynced, metav1.ConditionFalse, v1alpha1.ReasonConflict)
		if !strings.Contains(message, names[1].Name) {
			t.Errorf("%s does not name the other default: %s", names[0].Name, message)
		}
	}

	nobodys := e.AppRegistration("reports")
	named := e.AppRegistration("invoices", func(spec *v1alpha1.AppRegistrationSpec) {
		spec.TenantRef = &v1alpha1.TenantReference{Name: e.TenantName}
	})
	e.Cluster.Create(nobodys, named)
	e.Status.WaitReady(named)
	message := e.Status.WaitCondition(nobodys, v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonWaiting)
	if !strings.Contains(message, "exactly one EntraTenant with default: true") {
		t.Errorf("the message does not say what to do: %s", message)
	}
	for _, obj := range objs {
		e.Reconcile(obj)
	}
	e.Status.WaitReady(objs...)

	env.Edit(e.Cluster, otherDefault(e), func(o *v1alpha1.EntraTenant) { o.Spec.Default = false })
	e.Status.WaitReady(nobodys)
	if nobodys.Status.TenantName != e.TenantName {
		t.Errorf("bound to %q, want %q", nobodys.Status.TenantName, e.TenantName)
	}
	e.Status.WaitSynced([]env.Object{e.EntraTenant(), otherDefault(e)}...)
}

// A default that moves changes nothing for objects that are bound.
func TestDefaultTenant_MoveLeavesBoundObjects(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	objs := env.OperatorObjects(e.CreateOrdersObjects())
	before := e.Status.Conditions(objs)
	other := otherDefault(e)
	other.Spec.Default = false
	e.Cluster.Create(other)
	e.Status.WaitReady(other)
	e.Requests.Reset()
	env.Edit(e.Cluster, e.EntraTenant(), func(o *v1alpha1.EntraTenant) { o.Spec.Default = false })
	env.Edit(e.Cluster, otherDefault(e), func(o *v1alpha1.EntraTenant) { o.Spec.Default = true })
	e.Clock.Pass(time.Minute)
	for _, obj := range objs {
		e.Reconcile(obj)
	}
	if writes := e.Requests.Traffic().Writes; len(writes) > 0 {
		t.Errorf("a default that moves wrote %q", writes)
	}
	if diff := cmp.Diff(before, e.Status.Conditions(objs), cmp.AllowUnexported(env.Conditions{})); diff != "" {
		t.Error("before - after +\n" + diff)
	}
	next := e.AppRegistration("reports")
	e.Cluster.Create(next)
	e.Status.WaitReady(next)
	if next.Status.TenantName != other.Name {
		t.Errorf("bound to %q, want %q", next.Status.TenantName, other.Name)
	}
	for _, obj := range objs {
		e.Cluster.Delete(obj)
		e.Status.WaitGone(obj)
	}
}
