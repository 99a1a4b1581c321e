package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/outofband"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// An edit that comes back at every resync costs one write each, and is Contested after three.
func TestContested_RepeatedEditCostsOneWriteEach(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	env.Edit(e.Cluster, e.EntraTenant(), func(o *v1alpha1.EntraTenant) { o.Spec.ResyncInterval = &metav1.Duration{Duration: 5 * time.Minute} })
	worker := e.AppRegistration("orders-worker")
	e.Cluster.Create(worker)
	e.Status.WaitReady(worker)
	e.SkipTenMinutes()
	e.Requests.Reset()
	for attempt := 1; attempt <= 4; attempt++ {
		e.Tenant.OutOfBand(outofband.PatchApplication(odata.Document{"displayName": "Mine"}), worker.Status.ObjectID)
		e.Clock.Step(6 * time.Minute)
		e.Quiet()
		if e.Cluster.Get(worker); (contestedMessage(worker) != "") != (attempt == 4) {
			t.Errorf("after edit %d Synced says %q", attempt, contestedMessage(worker))
		}
	}
	if diff := cmp.Diff([]string{"PATCH [displayName]", "PATCH [displayName]", "PATCH [displayName]"}, e.Requests.WrittenProperties()); diff != "" {
		t.Errorf("the writes (-want +got)\n%s", diff)
	}
	if message := contestedMessage(worker); !strings.Contains(message, "update application: displayName") || !env.IsReady(worker) {
		t.Errorf("Ready %t, Synced: %s", env.IsReady(worker), message)
	}
	e.Reconcile(worker)
	e.Status.WaitCondition(worker, v1alpha1.ConditionSynced, metav1.ConditionTrue, v1alpha1.ReasonInSync)
	e.Clock.CheckNoHotLoop()
}

// A controller that undoes what the operator writes in the cluster draws it into no race.
func TestContested_OtherControllerCausesNoRace(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		target func(*env.Env) client.Object
		undo   func(client.Object) bool // whether there was something to undo
		of     func(env.Orders) env.Object
		step   string
	}{
		"the Secret's key": {
			target: func(e *env.Env) client.Object { return e.Secret("orders-worker-entra") },
			undo: func(o client.Object) bool {
				data := o.(*corev1.Secret).Data
				mine := string(data["AZURE_CLIENT_ID"]) == "mine"
				data["AZURE_CLIENT_ID"] = []byte("mine")
				return !mine
			},
			of:   func(c env.Orders) env.Object { return c.Worker },
			step: "write Secret orders-worker-entra",
		},
		"the ServiceAccount's annotation": {
			target: func(e *env.Env) client.Object { return e.ServiceAccount("orders-worker") },
			undo: func(o client.Object) bool {
				annotations := o.GetAnnotations()
				_, there := annotations["azure.workload.identity/client-id"]
				delete(annotations, "azure.workload.identity/client-id")
				o.SetAnnotations(annotations)
				return there
			},
			of:   func(c env.Orders) env.Object { return c.Credential },
			step: "annotate ServiceAccount orders-worker",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := env.New(t)
			obj := c.of(e.CreateOrders())
			e.SkipTenMinutes()
			e.Requests.Reset()
			undone := 0
			target := c.target(e)
			e.Clock.WaitUntil("Contested", env.SettleTime, func() bool {
				if e.Cluster.Get(target) && c.undo(target) && e.Cluster.Client.Update(t.Context(), target) == nil {
					undone++
				}
				return e.Cluster.Get(obj) && contestedMessage(obj) != ""
			})
			if message := contestedMessage(obj); !strings.Contains(message, c.step) || undone > 4 {
				t.Errorf("after %d edits: %s", undone, message)
			}
			e.Requests.CheckCost("Contested", 8, 0)
			e.Clock.CheckNoHotLoop()
		})
	}
}

// contestedMessage is what an object says about it; empty where it is not.
func contestedMessage(obj env.Object) string {
	c := meta.FindStatusCondition(obj.Common().Conditions, v1alpha1.ConditionSynced)
	if c == nil || c.Status != metav1.ConditionFalse || c.Reason != string(v1alpha1.ReasonContested) {
		return ""
	}
	return c.Message
}
