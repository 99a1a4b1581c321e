package e2e

import (
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// settleTime is how long objects may take to reach Ready, of the clock.
const settleTime = 15 * time.Minute

// object is one of ours.
type object interface {
	client.Object
	Common() *v1alpha1.CommonStatus
}

func (s *stage) app(name string, change ...func(*v1alpha1.AppRegistrationSpec)) *v1alpha1.AppRegistration {
	app := &v1alpha1.AppRegistration{
		ObjectMeta: metav1.ObjectMeta{Namespace: s.namespace, Name: name},
		Spec:       v1alpha1.AppRegistrationSpec{DisplayName: name},
	}
	for _, c := range change {
		c(&app.Spec)
	}
	return app
}

// exposing gives an application roles to hand out.
func exposing(roles ...string) func(*v1alpha1.AppRegistrationSpec) {
	return func(spec *v1alpha1.AppRegistrationSpec) {
		for _, role := range roles {
			spec.AppRoles = append(spec.AppRoles, v1alpha1.AppRole{Value: role, AllowedMemberTypes: []v1alpha1.MemberType{v1alpha1.MemberApplication}})
		}
	}
}

// scoped gives an application scopes to expose.
func scoped(scopes ...string) func(*v1alpha1.AppRegistrationSpec) {
	return func(spec *v1alpha1.AppRegistrationSpec) {
		spec.API = &v1alpha1.API{}
		for _, scope := range scopes {
			spec.API.Scopes = append(spec.API.Scopes, v1alpha1.Scope{Value: scope})
		}
	}
}

func (s *stage) trust(name, app, account string) *v1alpha1.FederatedCredential {
	return &v1alpha1.FederatedCredential{
		ObjectMeta: metav1.ObjectMeta{Namespace: s.namespace, Name: name},
		Spec: v1alpha1.FederatedCredentialSpec{
			AppRegistrationRef: v1alpha1.LocalReference{Name: app}, ServiceAccount: &v1alpha1.ServiceAccountSubject{Name: account},
		},
	}
}

func (s *stage) assignment(name, principal, api string, roles ...string) *v1alpha1.AppRoleAssignment {
	return &v1alpha1.AppRoleAssignment{
		ObjectMeta: metav1.ObjectMeta{Namespace: s.namespace, Name: name},
		Spec: v1alpha1.AppRoleAssignmentSpec{
			Principal: v1alpha1.PrincipalReference{AppRegistrationRef: &v1alpha1.AppRegistrationReference{Name: principal}},
			API:       ofApp("", api),
			Roles:     roles,
		},
	}
}

func (s *stage) account(name string) *corev1.ServiceAccount {
	return &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: s.namespace, Name: name}}
}

// story is what a user writes: an API with a role, a worker, its trust and its role.
func (s *stage) story() []client.Object {
	return []client.Object{
		s.account("orders-worker"),
		s.app("orders-api", exposing("Orders.Read.All")),
		s.app("orders-worker"),
		s.trust("orders-worker", "orders-worker", "orders-worker"),
		s.assignment("orders-worker-reads", "orders-worker", "orders-api", "Orders.Read.All"),
	}
}

// ready lets time pass until all objects are Ready for the generation that they have.
func (s *stage) ready(objs ...object) time.Duration {
	s.t.Helper()
	defer func() {
		if s.t.Failed() {
			s.t.Logf("not Ready:\n%s", s.unready(objs...))
		}
	}()
	return s.clock.until(s.t, "Ready of "+objs[0].GetName(), settleTime, func() bool { return s.allReady(objs...) })
}

// allReady reads the objects that were not Ready when they were read last.
func (s *stage) allReady(objs ...object) bool {
	for _, obj := range objs {
		if !isReady(obj) && (!s.get(obj) || !isReady(obj)) {
			return false
		}
	}
	return true
}

func isReady(obj object) bool {
	c := meta.FindStatusCondition(obj.Common().Conditions, v1alpha1.ConditionReady)
	return c != nil && c.Status == metav1.ConditionTrue && c.ObservedGeneration == obj.GetGeneration()
}

// has lets time pass until an object has a condition with a reason, for its generation, and gives its message.
func (s *stage) has(obj object, condition string, status metav1.ConditionStatus, reason v1alpha1.Reason) string {
	s.t.Helper()
	var message string
	s.clock.until(s.t, obj.GetName()+": "+condition+"="+string(status)+"/"+string(reason), settleTime, func() bool {
		if !s.get(obj) {
			return false
		}
		c := meta.FindStatusCondition(obj.Common().Conditions, condition)
		if c == nil || c.Status != status || c.Reason != string(reason) || c.ObservedGeneration != obj.GetGeneration() {
			return false
		}
		message = c.Message
		return true
	})
	return message
}

// gone lets time pass until objects are gone from the cluster.
func (s *stage) gone(objs ...client.Object) {
	s.t.Helper()
	s.clock.until(s.t, "the end of "+objs[0].GetName(), 2*settleTime, func() bool { return !slices.ContainsFunc(objs, s.get) })
}

// ours filters the objects of our kinds.
func ours(objs []client.Object) []object {
	var found []object
	for _, obj := range objs {
		if o, ok := obj.(object); ok {
			found = append(found, o)
		}
	}
	return found
}

// unready describes what is not Ready yet, for a test that fails.
func (s *stage) unready(objs ...object) string {
	var lines []string
	for _, obj := range objs {
		if s.get(obj) && isReady(obj) {
			continue
		}
		lines = append(lines, fmt.Sprintf("%T %s", obj, obj.GetName()))
		for _, c := range obj.Common().Conditions {
			lines = append(lines, fmt.Sprintf("    %s=%s %s: %s", c.Type, c.Status, c.Reason, c.Message))
		}
	}
	return strings.Join(lines, "\n")
}
