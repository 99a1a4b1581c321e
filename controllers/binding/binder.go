package binding

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/ptr"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// Binder finds an object's tenant and namespace and opens the connection: the same way for every kind.
type Binder struct {
	// Cache of EntraTenants and Namespaces, kept by watches.
	Cache client.Reader
	// Live reads Secrets by name, uncached.
	Live client.Reader
	// Tenants gives the connections.
	Tenants entra.Tenants
	// OperatorNamespace holds the Secrets that EntraTenants name.
	OperatorNamespace string
	// Privileged makes it sign in as the tenant's privilegedAuth, where it has one.
	Privileged bool
}

// TenantName is the tenant that an object is bound to, else the one it asks for, else the default. Two defaults are none: a Wait says so.
func (b Binder) TenantName(ctx context.Context, bound v1alpha1.TenantBinding, asked string) (string, error) {
	if name := cmp.Or(bound.TenantName, asked); name != "" {
		return name, nil
	}
	names, err := b.DefaultTenants(ctx)
	switch {
	case err != nil:
		return "", err
	case len(names) != 1:
		return "", engine.Wait{What: "waiting for exactly one EntraTenant with default: true; name one in spec.tenantRef otherwise", Watched: true}
	}
	return names[0], nil
}

// DefaultTenants are the names of the EntraTenants that are marked default and not being deleted, sorted.
func (b Binder) DefaultTenants(ctx context.Context) ([]string, error) {
	var tenants v1alpha1.EntraTenantList
	if err := b.Cache.List(ctx, &tenants); err != nil {
		return nil, fmt.Errorf("list tenants: %w", err)
	}
	var names []string
	for _, tenant := range tenants.Items {
		if tenant.Spec.Default && tenant.DeletionTimestamp.IsZero() {
			names = append(names, tenant.Name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// Bind opens the tenant for an object. It returns a Wait where the tenant is not usable: not there, not reached yet, being deleted
// (for an object that is not bound to it yet), or not for this namespace; the last and the first are told in one message, so that
// nobody can probe. A deletion asks for none of this but the tenant itself; an abandoned tenant gives a nil Reader.
func (b Binder) Bind(ctx context.Context, obj client.Object, tenantName string, bound bool) (Binding, entra.Reader, error) {
	deleting := !obj.GetDeletionTimestamp().IsZero()
	var tenant v1alpha1.EntraTenant
	if err := b.Cache.Get(ctx, types.NamespacedName{Name: tenantName}, &tenant); err != nil {
		if apierrors.IsNotFound(err) {
			return Binding{}, nil, notUsable(tenantName, obj.GetNamespace())
		}
		return Binding{}, nil, fmt.Errorf("get tenant %s: %w", tenantName, err)
	}
	if deleting && tenant.Spec.Abandoned {
		return Binding{Tenant: Tenant{Name: tenant.Name, Abandoned: true}}, nil, nil
	}
	var namespace corev1.Namespace
	if err := b.Cache.Get(ctx, types.NamespacedName{Name: obj.GetNamespace()}, &namespace); err != nil {
		return Binding{}, nil, fmt.Errorf("get namespace: %w", err)
	}
	if err := usable(&tenant, &namespace, bound, deleting); err != nil {
		return Binding{}, nil, err
	}
	reader, err := b.Open(ctx, &tenant)
	if err != nil {
		return Binding{}, nil, err
	}
	described, err := b.describe(ctx, &tenant, reader)
	if err != nil {
		return Binding{}, nil, err
	}
	policies, fingerprint, err := readPolicies(ctx, b.Cache)
	if err != nil {
		return Binding{}, nil, err
	}
	return Binding{
		Tenant:    described,
		Namespace: Namespace{Name: namespace.Name, UID: string(namespace.UID), Labels: namespace.Labels},
		Policies:  policies, policies: fingerprint,
		versions: []version{versionOf(&tenant), versionOf(&namespace)},
	}, reader, nil
}

// usable gives a Wait where a namespace cannot use a tenant, or not yet.
func usable(tenant *v1alpha1.EntraTenant, namespace *corev1.Namespace, bound, deleting bool) error {
	switch {
	case !deleting && !tenant.Spec.Namespaces.Selects(namespace.Name, namespace.Labels):
		return notUsable(tenant.Name, namespace.Name)
	case tenant.Spec.Abandoned:
		return engine.Wait{What: fmt.Sprintf("EntraTenant %q is abandoned: no call is made to it", tenant.Name), Watched: true}
	case !deleting && !bound && !tenant.DeletionTimestamp.IsZero():
		return engine.Wait{What: fmt.Sprintf("EntraTenant %q is being deleted and takes no new object", tenant.Name), Watched: true}
	case tenant.Status.TenantID == "" || tenant.Status.ClusterID == "":
		return engine.Wait{What: fmt.Sprintf("EntraTenant %q has not been reached yet", tenant.Name), Watched: true}
	default:
		return nil
	}
}

func notUsable(tenant, namespace string) engine.Wait {
	return engine.Wait{What: fmt.Sprintf("EntraTenant %q does not exist or is not for namespace %q", tenant, namespace), Watched: true}
}

func (b Binder) describe(ctx context.Context, tenant *v1alpha1.EntraTenant, reader entra.Reader) (Tenant, error) {
	self, err := reader.Self(ctx)
	if err != nil {
		return Tenant{}, fmt.Errorf("sign in to EntraTenant %q: %w", tenant.Name, err)
	}
	if !strings.EqualFold(self.TenantID, string(tenant.Spec.TenantID)) {
		return Tenant{}, entra.Refused{
			Reason: entra.RefusedInvalid, Property: "EntraTenant " + tenant.Name + " spec.auth",
			Message: fmt.Sprintf("it signs in to tenant %s, but spec.tenantID is %s", self.TenantID, tenant.Spec.TenantID),
		}
	}
	endpoints, err := reader.Endpoints(ctx)
	if err != nil {
		return Tenant{}, fmt.Errorf("read the discovery document of EntraTenant %q: %w", tenant.Name, err)
	}
	uid, err := b.ClusterUID(ctx)
	if err != nil {
		return Tenant{}, err
	}
	where := cloudOf(tenant.Spec)
	return Tenant{
		Name: tenant.Name, Key: b.key(tenant), ID: string(tenant.Spec.TenantID),
		ClusterID: tenant.Status.ClusterID, ObjectID: self.ObjectID,
		ClusterUIDs: append([]string{ClusterUIDHash(uid)}, tenant.Spec.FormerClusterUIDs...),
		ClientIDs:   append([]string{self.AppID}, texts(tenant.Spec.FormerClientIDs)...),
		Operator:    operatorIDs(tenant, self),
		Endpoints:   endpoints, AuthorityHost: where.authority + "/", FederationAudience: where.audience,
		ResyncInterval: ptr.Deref(tenant.Spec.ResyncInterval, metav1.Duration{Duration: time.Hour}).Duration, Abandoned: tenant.Spec.Abandoned,
	}, nil
}

// operatorIDs are all that a tenant tells of who we are, and have been.
func operatorIDs(tenant *v1alpha1.EntraTenant, self entra.Identity) entra.OperatorIDs {
	ids := append([]string{
		self.AppID, self.ObjectID, string(tenant.Spec.Auth.ClientID), tenant.Status.AppID, tenant.Status.ServicePrincipalObjectID,
		tenant.Status.PrivilegedAppID, tenant.Status.PrivilegedServicePrincipalObjectID,
		string(ptr.Deref(tenant.Spec.PrivilegedAuth, v1alpha1.TenantAuth{}).ClientID),
	}, texts(tenant.Spec.FormerClientIDs)...)
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return id == "" })
}

func texts(ids []v1alpha1.GUID) []string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = string(id)
	}
	return list
}

// ClusterUID is the UID of the namespace kube-system: what tells one cluster from another.
func (b Binder) ClusterUID(ctx context.Context) (types.UID, error) {
	var kubeSystem corev1.Namespace
	if err := b.Cache.Get(ctx, types.NamespacedName{Name: metav1.NamespaceSystem}, &kubeSystem); err != nil {
		return "", fmt.Errorf("get namespace kube-system: %w", err)
	}
	return kubeSystem.UID, nil
}

// ClusterUIDHash is the value of the tag k8s-cluster-uid: 16 hex digits of the UID's sha256.
func ClusterUIDHash(uid types.UID) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte(uid)))[:16]
}
