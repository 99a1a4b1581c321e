package e2e

import (
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

func TestASecondTrustInTheSameServiceAccountSaysWhichIsTheFirst(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	worker, first := s.app("orders-worker"), s.trust("first", "orders-worker", "orders-worker")
	s.create(worker, first)
	s.ready(worker, first)
	s.forget()
	second := s.trust("second", "orders-worker", "orders-worker")
	s.create(second)
	message := s.has(second, v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonConflict)
	s.says(message, "system:serviceaccount:"+s.namespace+":orders-worker", s.namespace+"/first", "once")
	s.clock.leap(t, 3*time.Hour)
	s.writesNothing()

	s.delete(first)
	s.gone(first)
	s.look(second)
	s.ready(second)
	s.holds(census{applications: 1, principals: 1, credentials: 1})
}

func TestARoleThatApplicationsCannotHaveIsAskedForOnceItIsOpened(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		close func(*v1alpha1.AppRole)
		says  string
	}{
		"for users only": {func(r *v1alpha1.AppRole) { r.AllowedMemberTypes = []v1alpha1.MemberType{v1alpha1.MemberUser} }, "add Application to its allowedMemberTypes"},
		"disabled":       {func(r *v1alpha1.AppRole) { r.Enabled = new(bool) }, "enable it there"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			api, worker := s.app("orders-api", exposing("Orders.Read.All")), s.app("orders-worker")
			open := api.Spec.DeepCopy()
			c.close(&api.Spec.AppRoles[0])
			s.create(api, worker)
			s.ready(api, worker)
			s.forget()
			given := s.assignment("orders-worker", "orders-worker", "orders-api", "Orders.Read.All")
			s.create(given)
			s.says(s.has(given, v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonWaiting), "Orders.Read.All", "orders-api", c.says)
			s.clock.leap(t, 3*time.Hour)
			s.writesNothing()

			edit(s, api, func(obj *v1alpha1.AppRegistration) { obj.Spec = *open })
			if took := s.ready(given); took > time.Minute {
				t.Errorf("healed after %s", took)
			}
			s.holds(census{applications: 2, principals: 2, assignments: 1})
		})
	}
}
