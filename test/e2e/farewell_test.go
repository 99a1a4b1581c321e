package e2e

import (
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

func TestADeletionInTroubleEndsWhenItIsOver(t *testing.T) {
	t.Parallel()
	for _, name := range someTroubles {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			trouble := troubles[name]
			s := newStage(t)
			objs := s.settled()
			s.clock.linger(t, 2*time.Minute)
			trouble.begins(s)
			s.delete(objs...)
			s.clock.linger(t, outage)
			for _, obj := range ours(objs) {
				if trouble.stops && !s.get(obj) {
					t.Errorf("%s is gone, and Entra was never told", obj.GetName())
				}
			}
			trouble.ends(s)
			s.gone(objs...)
			s.holds(census{deleted: 2})
			s.isCool()
		})
	}
}

func TestAnAbandonedTenantLetsGoWithoutACall(t *testing.T) {
	t.Parallel()
	for name, abandonedFirst := range map[string]bool{"abandoned, then deleted": true, "deleted, then abandoned": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			objs := s.settled()
			s.clock.quiet(t)
			s.entra.SetDown(true)
			if !abandonedFirst {
				s.delete(objs...)
				s.delete(s.tenantObject())
				s.clock.linger(t, outage)
			}
			s.entra.ResetExchanges()
			edit(s, s.tenantObject(), func(tenant *v1alpha1.EntraTenant) { tenant.Spec.Abandoned = true })
			if abandonedFirst {
				message := s.has(s.app("orders-api"), v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonWaiting)
				if !strings.Contains(message, "is abandoned") {
					t.Errorf("the message does not say why nothing happens: %s", message)
				}
			}
			s.delete(objs...)
			s.delete(s.tenantObject())
			s.gone(objs...)
			s.gone(s.tenantObject())
			s.clock.quiet(t)
			if calls := s.entra.Exchanges(); len(calls) > 0 {
				t.Errorf("an abandoned tenant was called: %+v", calls)
			}
			s.holds(storyInEntra)
		})
	}
}

func TestOrphansStayInEntra(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	worker := s.app("orders-worker", func(spec *v1alpha1.AppRegistrationSpec) { spec.DeletionPolicy = v1alpha1.DeletionOrphan })
	s.create(worker)
	s.ready(worker)
	s.forget()
	s.delete(worker)
	s.gone(worker)
	s.costs("the farewell of an orphan", 0, 0)
	s.holds(census{applications: 1, principals: 1})
}

// What stops an object's ordinary path must not stop its farewell.
func TestNothingButTroubleStopsAFarewell(t *testing.T) {
	t.Parallel()
	for name, hinder := range map[string]func(*stage, []client.Object){
		"suspended": func(s *stage, _ []client.Object) {
			edit(s, s.app("orders-api"), func(o *v1alpha1.AppRegistration) { o.Spec.Suspend = true })
			edit(s, s.app("orders-worker"), func(o *v1alpha1.AppRegistration) { o.Spec.Suspend = true })
			edit(s, s.trust("orders-worker", "", ""), func(o *v1alpha1.FederatedCredential) { o.Spec.Suspend = true })
			edit(s, s.assignment("orders-worker-reads", "", ""), func(o *v1alpha1.AppRoleAssignment) { o.Spec.Suspend = true })
			s.has(s.app("orders-api"), v1alpha1.ConditionSynced, metav1.ConditionFalse, v1alpha1.ReasonSuspended)
		},
		"denied": func(s *stage, _ []client.Object) {
			for _, name := range []string{"orders-api", "orders-worker"} {
				edit(s, s.app(name), func(o *v1alpha1.AppRegistration) {
					o.Spec.SignInAudience = v1alpha1.AudienceMultipleOrgs
				})
				s.has(s.app(name), v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonDenied)
			}
		},
		"disabled in Entra": func(s *stage, _ []client.Object) {
			for _, name := range []string{"orders-api", "orders-worker"} {
				s.entra.Directory().Set(s.identities(name).principalID, map[string]any{"accountEnabled": false})
				s.look(s.app(name))
				s.has(s.app(name), v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonDisabled)
			}
		},
		"a kind that is switched off": func(s *stage, _ []client.Object) {
			s.settings.AppRoleAssignments = false
			s.restartManager()
			s.has(s.assignment("orders-worker-reads", "", ""), v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonDisabled)
		},
		"a tenant that takes the namespace no more": func(s *stage, _ []client.Object) {
			edit(s, s.tenantObject(), func(o *v1alpha1.EntraTenant) { o.Spec.Namespaces = nil })
			message := s.has(s.app("orders-api"), v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonWaiting)
			if !strings.Contains(message, s.namespace) {
				s.t.Errorf("the message does not name the namespace: %s", message)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			objs := s.settled()
			hinder(s, objs)
			s.delete(s.assignment("orders-worker-reads", "", ""), s.trust("orders-worker", "", ""))
			s.gone(s.assignment("orders-worker-reads", "", ""), s.trust("orders-worker", "", ""))
			s.holds(census{applications: 2, principals: 2})
			s.delete(objs...)
			s.gone(objs...)
			s.holds(census{deleted: 2})
		})
	}
}
