package env

import (
	"testing"

	authorizationv1 "k8s.io/api/authorization/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/poll"
)

// NewWithTenantUser makes an environment, and Mallory, who has the ClusterRole edit in its namespace and nothing else.
func NewWithTenantUser(t testing.TB, options ...Option) (e *Env, mallory User) {
	t.Helper()
	e = New(t, options...)
	return e, e.AsTenantUser("mallory-" + e.Namespace)
}

// AsTenantUser impersonates a user to whom the namespace's admin has given the ClusterRole edit.
func (e *Env) AsTenantUser(name string) User {
	e.T.Helper()
	e.Cluster.Create(&rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Namespace: e.Namespace, Name: name},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "edit"},
		Subjects:   []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: rbacv1.UserKind, Name: name}},
	})
	config := e.ControlPlane.Config()
	config.QPS, config.Burst = -1, -1
	config.Impersonate = rest.ImpersonationConfig{UserName: name, Groups: []string{"system:authenticated"}}
	limited, err := client.New(config, client.Options{Scheme: e.Cluster.Client.Scheme()})
	if err != nil {
		e.T.Fatal(err)
	}
	user := e.newUser(limited)
	poll.Until(e.T, "the aggregated role to reach "+name, func() bool { return user.Cluster.Allows("create", "appregistrations", "") })
	return user
}

// Allows asks the API server what it would let this user do in the environment's namespace.
func (c *Cluster) Allows(verb, resource, subresource string) bool {
	c.t.Helper()
	review := &authorizationv1.SelfSubjectAccessReview{Spec: authorizationv1.SelfSubjectAccessReviewSpec{
		ResourceAttributes: &authorizationv1.ResourceAttributes{
			Namespace: c.namespace, Verb: verb, Group: v1alpha1.GroupVersion.Group, Resource: resource, Subresource: subresource,
		},
	}}
	if err := c.Client.Create(c.t.Context(), review); err != nil {
		c.t.Fatal(err)
	}
	return review.Status.Allowed
}
