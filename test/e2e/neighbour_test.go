package e2e

import (
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// street is an API in one namespace and a worker in another, whose role waits for the owner of the API.
type street struct {
	*stage
	api, worker *v1alpha1.AppRegistration
	given       *v1alpha1.AppRoleAssignment
}

func (s *stage) street(props ...func(*v1alpha1.AppRegistrationSpec)) street {
	s.t.Helper()
	st := street{
		stage: s, api: s.app("orders-api", append(props, exposing("Orders.Read.All", "Orders.Write.All"))...), worker: s.app("orders-worker"),
		given: s.assignment("orders-worker-reads", "orders-worker", "", "Orders.Read.All"),
	}
	st.given.Spec.API = ofApp(s.neighbour, "orders-api")
	trust := s.trust("orders-worker", "orders-worker", "orders-worker")
	s.inNeighbour(st.api)
	s.create(s.account("orders-worker"), st.api, st.worker, trust, st.given)
	s.ready(st.api, st.worker, trust)
	return st
}

func (st street) token() (string, error) {
	st.t.Helper()
	return st.signIn(st.api.Status.IdentifierURIs[0] + "/.default")
}

// waits fails where the assignment does not say what it waits for.
func (st street) waits() {
	st.t.Helper()
	message := st.has(st.given, v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonWaiting)
	st.says(message, st.neighbour+"/orders-api", "allowedConsumers", st.namespace)
}

func TestARoleOfAnotherNamespacesAPILastsForAsLongAsItsOwnerLetsIt(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(street){
		"the entry is taken away": func(st street) {
			edit(st.stage, st.api, func(o *v1alpha1.AppRegistration) { o.Spec.AllowedConsumers = nil })
		},
		"the entry lists another role": func(st street) {
			edit(st.stage, st.api, func(o *v1alpha1.AppRegistration) {
				o.Spec.AllowedConsumers[0].AppRoles = []string{"Orders.Write.All"}
			})
		},
		"the entry is for groups now": func(st street) {
			edit(st.stage, st.api, func(o *v1alpha1.AppRegistration) {
				o.Spec.AllowedConsumers[0].Principals = []v1alpha1.PrincipalKind{v1alpha1.PrincipalGroup}
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			st := s.street()
			st.waits()
			_, err := st.token()
			refused(t, "before", err, "AADSTS501051")

			edit(s, st.api, func(o *v1alpha1.AppRegistration) { letting(s.namespace, []string{"Orders.Read.All"}, nil)(&o.Spec) })
			s.ready(st.given)
			token, err := st.token()
			if err != nil {
				t.Fatal(err)
			}
			want := claims{Roles: []string{"Orders.Read.All"}, Azp: st.worker.Status.AppID, OID: st.worker.Status.ServicePrincipalObjectID, Ver: "2.0"}
			s.isOf(st.api, token, want)

			end(st)
			st.waits()
			_, err = st.token()
			refused(t, "after", err, "AADSTS501051")
			s.isOf(st.api, token, want)
		})
	}
}

func TestARoleOfAnotherNamespacesAPIIsTakenBackWhenTheAPIIsLeftToItself(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	st := s.street(letting(s.namespace, []string{"Orders.Read.All"}, nil), func(spec *v1alpha1.AppRegistrationSpec) {
		spec.DeletionPolicy = v1alpha1.DeletionOrphan
	})
	s.ready(st.given)
	s.leaves(st.api)
	st.waits()
	_, err := st.token()
	refused(t, "the API lives on in Entra", err, "AADSTS501051")
}

func TestNobodyCanTellAHiddenAPIFromNone(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	st := s.street()
	st.waits()
	hidden := st.has(st.given, v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonWaiting)
	s.leaves(st.api)
	s.look(st.given)
	same(t, "the message", hidden, st.has(st.given, v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonWaiting))

	raw := s.assignment("by-id", "orders-worker", "", "Orders.Read.All")
	raw.Spec.API = v1alpha1.APIReference{AppID: st.api.Status.AppID}
	s.create(raw)
	s.has(raw, v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonWaiting)
	s.holds(census{applications: 1, principals: 1, credentials: 1, deleted: 1})
}

func TestAScopeOfAnotherNamespacesAPILastsForAsLongAsItsOwnerLetsIt(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	api := s.app("orders-api", scoped("Orders.Read"))
	s.inNeighbour(api)
	theirs := ofApp(s.neighbour, "orders-api")
	p := portal{
		stage: s, api: api, web: s.app("portal", onAPage, needing(theirs, []string{"Orders.Read"})),
		consent: s.grant("portal-reads", "portal", theirs, "Orders.Read"), ada: s.person("ada"),
	}
	s.create(api, p.web, p.consent)
	s.ready(api)
	s.waitsFor(p.web, "spec.permissions[0]", "allowedConsumers", s.neighbour+"/orders-api")
	s.waitsFor(p.consent, "allowedConsumers", s.neighbour+"/orders-api")

	edit(s, api, func(o *v1alpha1.AppRegistration) { letting(s.namespace, nil, []string{"Orders.Read"})(&o.Spec) })
	s.ready(p.web, p.consent)
	code, err := p.ada.code(p.web, callback, p.scope())
	if err != nil {
		t.Fatal(err)
	}
	given, err := s.redeemed(p.web, "https://orders.example.com", callback, code)
	if err != nil {
		t.Fatal(err)
	}
	s.isOf(api, given.Access, p.adas())

	edit(s, api, func(o *v1alpha1.AppRegistration) { o.Spec.AllowedConsumers = nil })
	s.waitsFor(p.consent, "allowedConsumers", s.neighbour+"/orders-api")
	same(t, "granted", []string(nil), s.granted(p.web))
	_, err = s.refreshed(p.web, "https://orders.example.com", given.Refresh, p.scope())
	refused(t, "after", err, "AADSTS65001")
	s.isOf(api, given.Access, p.adas())
}
