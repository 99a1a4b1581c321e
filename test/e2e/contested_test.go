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
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

func TestAnEditThatComesBackAtEveryResyncIsContestedAndCostsOneWriteEach(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	edit(s, s.tenantObject(), func(o *v1alpha1.EntraTenant) { o.Spec.ResyncInterval = &metav1.Duration{Duration: 5 * time.Minute} })
	worker := s.app("orders-worker")
	s.create(worker)
	s.ready(worker)
	s.later()
	s.forget()
	for look := 1; look <= 4; look++ {
		s.somebody(patchesTheApplication(odata.Document{"displayName": "Mine"}), worker.Status.ObjectID)
		s.clock.Step(6 * time.Minute)
		s.clock.quiet(t)
		if s.get(worker); (contested(worker) != "") != (look == 4) {
			t.Errorf("after look %d Synced says %q", look, contested(worker))
		}
	}
	if diff := cmp.Diff([]string{"PATCH [displayName]", "PATCH [displayName]", "PATCH [displayName]"}, s.writtenProperties()); diff != "" {
		t.Errorf("the writes (-want +got)\n%s", diff)
	}
	if message := contested(worker); !strings.Contains(message, "update application: displayName") || !isReady(worker) {
		t.Errorf("Ready %t, Synced: %s", isReady(worker), message)
	}
	s.look(worker)
	s.has(worker, v1alpha1.ConditionSynced, metav1.ConditionTrue, v1alpha1.ReasonInSync)
	if at, most := s.clock.hottest(); most > 10 {
		t.Errorf("a hot loop: %s %s was looked at %d times in a minute", at.queue, at.object, most)
	}
}

func TestAControllerThatUndoesWhatWeWriteInTheClusterDrawsUsIntoNoRace(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		prey func(*stage) client.Object
		undo func(client.Object) bool // whether there was something to undo
		of   func(cast) object
		step string
	}{
		"the Secret's key": {
			prey: func(s *stage) client.Object { return s.workersSecret() },
			undo: func(o client.Object) bool {
				data := o.(*corev1.Secret).Data
				mine := string(data["AZURE_CLIENT_ID"]) == "mine"
				data["AZURE_CLIENT_ID"] = []byte("mine")
				return !mine
			},
			of:   func(c cast) object { return c.worker },
			step: "write Secret orders-worker-entra",
		},
		"the ServiceAccount's annotation": {
			prey: func(s *stage) client.Object { return s.account("orders-worker") },
			undo: func(o client.Object) bool {
				annotations := o.GetAnnotations()
				_, there := annotations["azure.workload.identity/client-id"]
				delete(annotations, "azure.workload.identity/client-id")
				o.SetAnnotations(annotations)
				return there
			},
			of:   func(c cast) object { return c.trust },
			step: "annotate ServiceAccount orders-worker",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			obj := c.of(s.enters())
			s.later()
			s.forget()
			undone := 0
			prey := c.prey(s)
			s.clock.until(t, "the contest", settleTime, func() bool {
				if s.get(prey) && c.undo(prey) && s.admin.Update(t.Context(), prey) == nil {
					undone++
				}
				return s.get(obj) && contested(obj) != ""
			})
			if message := contested(obj); !strings.Contains(message, c.step) || undone > 4 {
				t.Errorf("after %d edits: %s", undone, message)
			}
			s.costs("the contest", 8, 0)
			if at, most := s.clock.hottest(); most > 10 {
				t.Errorf("a hot loop: %s %s was looked at %d times in a minute", at.queue, at.object, most)
			}
		})
	}
}

// contested is what an object says about it; empty where it is not.
func contested(obj object) string {
	c := meta.FindStatusCondition(obj.Common().Conditions, v1alpha1.ConditionSynced)
	if c == nil || c.Status != metav1.ConditionFalse || c.Reason != string(v1alpha1.ReasonContested) {
		return ""
	}
	return c.Message
}

func (s *stage) workersSecret() *corev1.Secret {
	return &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: s.namespace, Name: "orders-worker-entra"}}
}
