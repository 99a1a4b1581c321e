package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/emulator/faults"
)

// holdsDeletions makes Entra put off every deletion of an application.
func (s *stage) holdsDeletions() {
	s.entra.SetFaultFunc(func(r *http.Request, _ int) faults.Fault {
		if r.Method == http.MethodDelete && strings.HasPrefix(r.URL.Path, "/v1.0/applications/") && !strings.Contains(r.URL.Path, "federated") {
			return faults.ServerError(http.StatusServiceUnavailable)
		}
		return faults.Fault{}
	})
}

// waits lets a watch wake an object, and no more time pass than that takes, until it says what it waits for.
func (s *stage) waits(obj object, what string) {
	s.t.Helper()
	s.clock.until(s.t, obj.GetName()+": "+what, time.Minute, func() bool {
		s.get(obj)
		ready := meta.FindStatusCondition(obj.Common().Conditions, v1alpha1.ConditionReady)
		return ready != nil && ready.Reason == string(v1alpha1.ReasonWaiting) && ready.Message == what
	})
}

func TestADeletionThatStartsUnsettlesNobodyAndTakesNobodyNew(t *testing.T) {
	t.Parallel()
	for name, leaving := range map[string]string{"the principal": "orders-worker", "the API": "orders-api"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.settled()
			other := s.app("reports", exposing("Reports.Read.All"))
			s.create(other)
			s.ready(other)
			bound := []object{s.trust("orders-worker", "", ""), s.assignment("orders-worker-reads", "", "")}
			s.holdsDeletions()
			s.delete(s.app(leaving))
			s.has(s.app(leaving), v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonDeleting)

			before := s.postures(bound)
			for _, obj := range bound {
				s.look(obj)
			}
			unsettled(t, bound, before, s.postures(bound))
			late := []object{
				s.trust("late", leaving, "late"),
				s.assignment("late-principal", leaving, "reports", "Reports.Read.All"),
				s.assignment("late-api", "reports", "orders-api", "Orders.Read.All"),
			}
			if leaving != "orders-api" {
				late = late[:2]
			}
			for _, obj := range late {
				s.create(obj)
				s.waits(obj, `AppRegistration "`+leaving+`" is being deleted: nothing new is bound to it`)
			}

			s.entra.SetFaultFunc(nil)
			s.gone(s.app(leaving))
			for _, obj := range append(late, bound[1]) {
				s.waits(obj, `AppRegistration "`+leaving+`" does not exist`)
			}
			for _, obj := range append(late, bound...) {
				s.delete(obj)
			}
			for _, obj := range append(late, bound...) {
				s.gone(obj)
			}
			s.holds(census{applications: 2, principals: 2, deleted: 1})
		})
	}
}
