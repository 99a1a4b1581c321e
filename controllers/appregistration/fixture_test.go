package appregistration

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	clocktesting "k8s.io/utils/clock/testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine/enginetest"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

const (
	tenantID    = "8b2c0000-0000-4000-8000-000000000001"
	operatorApp = "5f0a0000-0000-4000-8000-00000000000a"
	operatorID  = "5f0a0000-0000-4000-8000-00000000000b"
	appID       = "aaaa0000-0000-4000-8000-000000000001"
	objectID    = "bbbb0000-0000-4000-8000-000000000001"
	principalID = "cccc0000-0000-4000-8000-000000000001"
	firstName   = "k8s.c1.shop.orders-api"
	secondName  = "k8s.c1.shop.orders-api_0a1b2c3d"
)

var (
	created = time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
	now     = created.Add(time.Minute)
)

// object is an API with a scope and a role, just created.
func object(edits ...func(*v1alpha1.AppRegistration)) *v1alpha1.AppRegistration {
	obj := &v1alpha1.AppRegistration{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: "shop", Name: "orders-api", UID: "0a1b2c3d-0000-4000-8000-000000000009", Generation: 1,
			CreationTimestamp: metav1.NewTime(created),
		},
		Spec: v1alpha1.AppRegistrationSpec{
			DisplayName: "Orders API",
			API:         &v1alpha1.API{Scopes: []v1alpha1.Scope{{Value: "Orders.Read"}}},
			AppRoles: []v1alpha1.AppRole{
				{Value: "Orders.Read.All", DisplayName: "Read all orders", AllowedMemberTypes: []v1alpha1.MemberType{v1alpha1.MemberApplication}},
			},
		},
	}
	for _, edit := range edits {
		edit(obj)
	}
	return obj
}

// bound has the status of an object in sync.
func bound(obj *v1alpha1.AppRegistration) {
	obj.Status.TenantBinding = v1alpha1.TenantBinding{TenantName: "corp", TenantID: tenantID}
	obj.Status.UniqueName, obj.Status.AppID, obj.Status.ObjectID = firstName, appID, objectID
	obj.Status.ServicePrincipalObjectID, obj.Status.SecretName = principalID, "orders-api-entra"
}

func deleting(obj *v1alpha1.AppRegistration) {
	obj.DeletionTimestamp = new(metav1.NewTime(now))
	obj.Finalizers = []string{v1alpha1.Finalizer}
}

// testBinding is to the tenant corp, as its Binder would make it.
func testBinding() binding.Binding {
	login := "https://login.microsoftonline.com/"
	return binding.Binding{
		Namespace: binding.Namespace{Name: "shop", UID: "ns-uid"},
		Tenant: binding.Tenant{
			Name: "corp", ID: tenantID, ClusterID: "c1", ClusterUIDs: []string{"0123456789abcdef"},
			ClientIDs: []string{operatorApp}, ObjectID: operatorID, Operator: []string{operatorApp, operatorID}, AuthorityHost: login,
			ResyncInterval: time.Hour,
			Endpoints: entra.Endpoints{
				Issuer: login + tenantID + "/v2.0", Authorization: login + tenantID + "/oauth2/v2.0/authorize",
				Token: login + tenantID + "/oauth2/v2.0/token", DeviceAuthorization: login + tenantID + "/oauth2/v2.0/devicecode",
				EndSession: login + tenantID + "/oauth2/v2.0/logout", JWKS: login + tenantID + "/discovery/v2.0/keys",
				Discovery: login + tenantID + "/v2.0/.well-known/openid-configuration",
			},
		},
	}
}

func kind() *Kind {
	return &Kind{Gate: policy.Gate{Baseline: policy.DefaultBaseline()}, Clock: clocktesting.NewFakePassiveClock(now)}
}

// decide makes a decision, and fails the test where it is not pure.
func decide(t *testing.T, obj *v1alpha1.AppRegistration, world World) decision {
	t.Helper()
	return enginetest.Decide(t, kind(), obj, world, now)
}

// allowing is a policy for every namespace.
func allowing(rules ...v1alpha1.PolicyRule) func(*World) {
	return ruling(v1alpha1.RegistrationPolicySpec{Allow: rules})
}

// ruling is a policy for every namespace, enforced.
func ruling(spec v1alpha1.RegistrationPolicySpec) func(*World) {
	rules := v1alpha1.RegistrationPolicy{ObjectMeta: metav1.ObjectMeta{Name: "rules"}, Spec: spec}
	rules.Spec.Namespaces.All = true
	return func(w *World) { w.Policies = append(slices.Clone(w.Policies), rules) }
}

// lines of a decision, as tables compare them.
func lines(d decision) []string {
	var text []string
	for _, read := range d.Reads {
		text = append(text, "read: "+read.String())
	}
	for _, step := range d.Steps {
		text = append(text, step.String())
	}
	if d.Refusal != nil {
		text = append(text, fmt.Sprintf("refuse %s: %s", d.Refusal.Reason, d.Refusal.Message))
	}
	if d.Wait != nil {
		text = append(text, "wait: "+d.Wait.What)
	}
	if d.Again > 0 {
		text = append(text, "look again in "+d.Again.String())
	}
	if d.Err != nil {
		text = append(text, d.Err.Error())
	}
	if d.Remark != "" {
		text = append(text, "remark: "+d.Remark)
	}
	if d.Unsynced != nil {
		text = append(text, fmt.Sprintf("unsynced %s: %s", d.Unsynced.Reason, d.Unsynced.Message))
	}
	return text
}

// othersSecret has the name that ours would have.
func othersSecret() *corev1.Secret {
	return &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "orders-api-entra", UID: "theirs", ResourceVersion: "7"}}
}

// retag replaces the value of one of our marks.
func retag(tags []string, prefix, value string) []string {
	tags = slices.Clone(tags)
	for i, tag := range tags {
		if strings.HasPrefix(tag, prefix) {
			tags[i] = prefix + value
		}
	}
	return tags
}
