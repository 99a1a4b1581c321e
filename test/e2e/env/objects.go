package env

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/rbac"
)

// OperatorNamespace is where config/ puts the manager.
const OperatorNamespace = rbac.OperatorNamespace

// Objects makes objects of the environment. They are in its namespace, or carry its label, and are nowhere but in memory.
type Objects struct {
	Namespace string
	// OtherNamespace is one that the manager sees too; InOtherNamespace creates it.
	OtherNamespace string
	TenantName     string
}

// AppRegistration is one with a display name, and with what changes make of it.
func (o Objects) AppRegistration(name string, changes ...func(*v1alpha1.AppRegistrationSpec)) *v1alpha1.AppRegistration {
	app := &v1alpha1.AppRegistration{
		ObjectMeta: metav1.ObjectMeta{Namespace: o.Namespace, Name: name},
		Spec:       v1alpha1.AppRegistrationSpec{DisplayName: name},
	}
	for _, change := range changes {
		change(&app.Spec)
	}
	return app
}

// FederatedCredential lets a ServiceAccount act for an AppRegistration.
func (o Objects) FederatedCredential(name, app, account string) *v1alpha1.FederatedCredential {
	return &v1alpha1.FederatedCredential{
		ObjectMeta: metav1.ObjectMeta{Namespace: o.Namespace, Name: name},
		Spec: v1alpha1.FederatedCredentialSpec{
			AppRegistrationRef: v1alpha1.LocalReference{Name: app}, ServiceAccount: &v1alpha1.ServiceAccountSubject{Name: account},
		},
	}
}

// Assignment gives roles of one AppRegistration to another.
func (o Objects) Assignment(name, principal, api string, roles ...string) *v1alpha1.AppRoleAssignment {
	return &v1alpha1.AppRoleAssignment{
		ObjectMeta: metav1.ObjectMeta{Namespace: o.Namespace, Name: name},
		Spec: v1alpha1.AppRoleAssignmentSpec{
			Principal: v1alpha1.PrincipalReference{AppRegistrationRef: &v1alpha1.LocalReference{Name: principal}},
			API:       v1alpha1.APIReference{AppRegistrationRef: &v1alpha1.AppRegistrationReference{Name: api}},
			Roles:     roles,
		},
	}
}

// Grant consents to scopes of an API for an AppRegistration.
func (o Objects) Grant(name, client string, api v1alpha1.APIReference, scopes ...string) *v1alpha1.DelegatedPermissionGrant {
	return &v1alpha1.DelegatedPermissionGrant{
		ObjectMeta: metav1.ObjectMeta{Namespace: o.Namespace, Name: name},
		Spec: v1alpha1.DelegatedPermissionGrantSpec{
			Client: v1alpha1.GrantClient{AppRegistrationRef: v1alpha1.LocalReference{Name: client}}, API: api, Scopes: scopes,
		},
	}
}

// Policy selects the environment's namespace, and is only seen by its manager.
func (o Objects) Policy(name string, changes ...func(*v1alpha1.RegistrationPolicySpec)) *v1alpha1.RegistrationPolicy {
	policy := &v1alpha1.RegistrationPolicy{
		ObjectMeta: metav1.ObjectMeta{Name: o.Namespace + "-" + name, Labels: o.Labels()},
		Spec:       v1alpha1.RegistrationPolicySpec{Namespaces: v1alpha1.NamespaceSelection{Names: []string{o.Namespace}}},
	}
	for _, change := range changes {
		change(&policy.Spec)
	}
	return policy
}

// ServiceAccount without an annotation.
func (o Objects) ServiceAccount(name string) *corev1.ServiceAccount {
	return &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: o.Namespace, Name: name}}
}

// Secret without content.
func (o Objects) Secret(name string) *corev1.Secret {
	return &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: o.Namespace, Name: name}}
}

// NamespaceObject is the environment's namespace, to be read, changed or deleted.
func (o Objects) NamespaceObject() *corev1.Namespace {
	return &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: o.Namespace}}
}

// EntraTenant is the environment's tenant, to be read, changed or deleted.
func (o Objects) EntraTenant() *v1alpha1.EntraTenant {
	return &v1alpha1.EntraTenant{ObjectMeta: metav1.ObjectMeta{Name: o.TenantName}}
}

// OperatorCredential is the Secret with which the operator signs in.
func (o Objects) OperatorCredential() *corev1.Secret {
	return &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: OperatorNamespace, Name: o.TenantName + "-credential"},
		StringData: map[string]string{"client-secret": OperatorSecret},
	}
}

// Labels of what is not in a namespace and belongs to the environment.
func (o Objects) Labels() map[string]string { return map[string]string{"env": o.Namespace} }

// NewEntraTenant is the environment's tenant as it is created.
func (e *Env) NewEntraTenant() *v1alpha1.EntraTenant {
	return &v1alpha1.EntraTenant{
		ObjectMeta: metav1.ObjectMeta{Name: e.TenantName, Labels: e.Labels()},
		Spec: v1alpha1.EntraTenantSpec{
			TenantID: v1alpha1.GUID(e.Tenant.TenantID()), Cloud: v1alpha1.CloudCustom, ClusterID: "c1", Default: true,
			Endpoints: &v1alpha1.CustomEndpoints{Authority: e.Tenant.URL(), Graph: e.Tenant.URL(), CABundle: string(e.Tenant.CA())},
			Auth: v1alpha1.TenantAuth{
				Type: v1alpha1.AuthClientSecret, ClientID: OperatorClientID, SecretRef: &v1alpha1.SecretReference{Name: e.TenantName + "-credential"},
			},
			Namespaces: &v1alpha1.NamespaceSelection{All: true},
		},
	}
}

// InOtherNamespace moves objects that have not been created yet.
func (e *Env) InOtherNamespace(objs ...Object) {
	e.T.Helper()
	if !e.hasOther {
		e.Cluster.Create(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: e.OtherNamespace}})
		e.hasOther = true
	}
	for _, obj := range objs {
		obj.SetNamespace(e.OtherNamespace)
	}
}
