package binding

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/ptr"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// cloud is where a tenant's token service and Graph are, and what audience its federated credentials have.
type cloud struct{ authority, graph, audience string }

// clouds are Microsoft's own; both US Government clouds share one token service.
var clouds = map[v1alpha1.Cloud]cloud{
	v1alpha1.CloudPublic:   {"https://login.microsoftonline.com", "https://graph.microsoft.com", "api://AzureADTokenExchange"},
	v1alpha1.CloudUSGov:    {"https://login.microsoftonline.us", "https://graph.microsoft.us", "api://AzureADTokenExchangeUSGov"},
	v1alpha1.CloudUSGovDoD: {"https://login.microsoftonline.us", "https://dod-graph.microsoft.us", "api://AzureADTokenExchangeUSGov"},
	v1alpha1.CloudChina: {
		"https://login.partner.microsoftonline.cn", "https://microsoftgraph.chinacloudapi.cn", "api://AzureADTokenExchangeChina",
	},
}

// cloudOf gives a tenant's endpoints; a Custom one brings its own.
func cloudOf(spec v1alpha1.EntraTenantSpec) cloud {
	if spec.Cloud == v1alpha1.CloudCustom && spec.Endpoints != nil {
		audience := cmp.Or(spec.Endpoints.FederationAudience, clouds[v1alpha1.CloudPublic].audience)
		return cloud{spec.Endpoints.Authority, spec.Endpoints.Graph, audience}
	}
	return clouds[cmp.Or(spec.Cloud, v1alpha1.CloudPublic)]
}

// Open gives the connection of a tenant, whether it has been reached before or not.
func (b Binder) Open(ctx context.Context, tenant *v1alpha1.EntraTenant) (entra.Reader, error) {
	auth, field := b.auth(tenant)
	connection := connectionTo(tenant.Spec, auth)
	version := fmt.Sprintf("%d", tenant.Generation)
	if ref := auth.SecretRef; ref != nil {
		var secret corev1.Secret
		name := types.NamespacedName{Namespace: b.OperatorNamespace, Name: ref.Name}
		if err := b.Live.Get(ctx, name, &secret); err != nil {
			if apierrors.IsNotFound(err) {
				return nil, engine.Wait{What: fmt.Sprintf("Secret %s, which %s.secretRef names, does not exist", name, field)}
			}
			return nil, fmt.Errorf("get the tenant's credential: %w", err)
		}
		if err := addCredential(&connection.Auth, &secret, field); err != nil {
			return nil, err
		}
		version += "/" + secret.ResourceVersion
	}
	return b.Tenants.Open(b.key(tenant), version, connection)
}

// auth is how we sign in, and the field that says so.
func (b Binder) auth(tenant *v1alpha1.EntraTenant) (v1alpha1.TenantAuth, string) {
	if b.key(tenant).Privileged {
		return *tenant.Spec.PrivilegedAuth, "spec.privilegedAuth"
	}
	return tenant.Spec.Auth, "spec.auth"
}

func (b Binder) key(tenant *v1alpha1.EntraTenant) entra.TenantKey {
	return entra.TenantKey{UID: string(tenant.UID), Privileged: b.Privileged && tenant.Spec.PrivilegedAuth != nil}
}

func connectionTo(spec v1alpha1.EntraTenantSpec, auth v1alpha1.TenantAuth) entra.Connection {
	where := cloudOf(spec)
	return entra.Connection{
		TenantID: string(spec.TenantID), Authority: where.authority, Graph: where.graph,
		Custom: spec.Cloud == v1alpha1.CloudCustom, Size: string(spec.TenantSize),
		Auth:     entra.Auth{Type: string(auth.Type), ClientID: string(auth.ClientID)},
		CABundle: ptr.Deref(spec.Endpoints, v1alpha1.CustomEndpoints{}).CABundle,
	}
}

// addCredential waits for a Secret that does not hold it yet, as for one that is not there.
func addCredential(auth *entra.Auth, secret *corev1.Secret, field string) error {
	keys := map[string]*entra.Sensitive{"client-secret": &auth.Secret}
	if auth.Type == string(v1alpha1.AuthClientCertificate) {
		keys = map[string]*entra.Sensitive{corev1.TLSCertKey: &auth.Certificate, corev1.TLSPrivateKeyKey: &auth.Key}
	}
	var missing []string
	for key, field := range keys {
		if len(secret.Data[key]) == 0 {
			missing = append(missing, key)
		}
		*field = entra.Hide(string(secret.Data[key]))
	}
	if len(missing) > 0 {
		slices.Sort(missing)
		return engine.Wait{What: fmt.Sprintf("Secret %s/%s, which %s.secretRef names, has no key %s",
			secret.Namespace, secret.Name, field, strings.Join(missing, " and "))}
	}
	return nil
}
