package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	authorizationv1 "k8s.io/api/authorization/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// besieged opens a stage, and gives it twice: as a cluster admin sees it, and as Mallory does, who has the ClusterRole edit in its
// namespace and nothing else.
func besieged(t *testing.T, props ...prop) (admin, mallory *stage) {
	t.Helper()
	s := newStage(t, props...)
	return s, s.as("mallory-" + s.namespace)
}

// as is the stage with the rights of a user whom the namespace's admin gave the ClusterRole edit.
func (s *stage) as(user string) *stage {
	s.t.Helper()
	s.create(&rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Namespace: s.namespace, Name: user},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "edit"},
		Subjects:   []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: rbacv1.UserKind, Name: user}},
	})
	config := cluster.Config()
	config.QPS, config.Burst = -1, -1
	config.Impersonate = rest.ImpersonationConfig{UserName: user, Groups: []string{"system:authenticated"}}
	limited, err := client.New(config, client.Options{Scheme: s.admin.Scheme()})
	if err != nil {
		s.t.Fatal(err)
	}
	theirs := *s
	theirs.admin = limited
	poll(s.t, "the aggregated role to reach "+user, func() bool { return theirs.may("create", "appregistrations", "") })
	return &theirs
}

// may asks the API server what it would let this user do.
func (s *stage) may(verb, resource, subresource string) bool {
	s.t.Helper()
	review := &authorizationv1.SelfSubjectAccessReview{Spec: authorizationv1.SelfSubjectAccessReviewSpec{
		ResourceAttributes: &authorizationv1.ResourceAttributes{
			Namespace: s.namespace, Verb: verb, Group: v1alpha1.GroupVersion.Group, Resource: resource, Subresource: subresource,
		},
	}}
	if err := s.admin.Create(s.t.Context(), review); err != nil {
		s.t.Fatal(err)
	}
	return review.Status.Allowed
}

// refused waits until an object is Stalled for a reason, and checks that the message says what it should.
func (s *stage) refused(obj object, reason v1alpha1.Reason, words ...string) {
	s.t.Helper()
	s.says(s.has(obj, v1alpha1.ConditionStalled, metav1.ConditionTrue, reason), words...)
}

// contends waits until an object is Ready although somebody else's is in its way, and checks what is said of that.
func (s *stage) contends(obj object, words ...string) {
	s.t.Helper()
	s.says(s.has(obj, v1alpha1.ConditionSynced, metav1.ConditionFalse, v1alpha1.ReasonConflict), words...)
	if !isReady(obj) {
		s.t.Errorf("%s is not Ready:\n%s", obj.GetName(), s.unready(obj))
	}
}

func (s *stage) says(message string, words ...string) {
	s.t.Helper()
	if !containsAll(message, words) {
		s.t.Errorf("the message does not say %q:\n%s", words, message)
	}
	if strings.ContainsAny(message, "\r\n") {
		s.t.Errorf("the message has more than one line: %q", message)
	}
}

// untouched remembers the directory, for a check that an attack has changed nothing in it.
func (s *stage) untouched() func() {
	s.t.Helper()
	s.clock.quiet(s.t)
	before := s.entra.Directory().Snapshot()
	return func() {
		s.t.Helper()
		s.clock.quiet(s.t)
		if diff := cmp.Diff(before, s.entra.Directory().Snapshot(), anyOrder); diff != "" {
			s.t.Errorf("Entra has changed:\n%s", diff)
		}
	}
}

// kept remembers one object of the directory, for a check that nothing in it has changed.
func (s *stage) kept(objectID string) func() {
	s.t.Helper()
	before := s.sees(objectID)
	return func() {
		s.t.Helper()
		s.clock.quiet(s.t)
		if diff := cmp.Diff(before, s.sees(objectID), anyOrder); diff != "" {
			s.t.Errorf("object %s in Entra has changed:\n%s", objectID, diff)
		}
	}
}

// sees an entry of the directory, live or deleted.
func (s *stage) sees(objectID string) directory.Entry {
	s.t.Helper()
	snapshot := s.entra.Directory().Snapshot()
	for _, entry := range append(snapshot.Live, snapshot.Deleted...) {
		if entry.ID == objectID {
			return entry
		}
	}
	s.t.Fatalf("there is no object %s in Entra", objectID)
	return directory.Entry{}
}

// clears the status of an object, as a restore without statuses does: the operator loses all record of what it made.
func (s *stage) clears(obj object, blank func()) {
	s.t.Helper()
	s.clock.quiet(s.t)
	poll(s.t, "clearing the status of "+obj.GetName(), func() bool {
		s.get(obj)
		blank()
		return s.admin.Status().Update(context.Background(), obj) == nil
	})
	s.clock.quiet(s.t)
}

// name of an application in Entra.
func (s *stage) uniqueName(name string) string { return fmt.Sprintf("k8s.c1.%s.%s", s.namespace, name) }
