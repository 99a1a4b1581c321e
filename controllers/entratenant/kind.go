// Package entratenant is the kind EntraTenant: a connection to a tenant. It makes nothing in Entra; it tells who the operator is
// there, what it may do, and what this cluster is called, and it stays while an object of ours names it.
package entratenant

import (
	"math"
	"strings"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
)

// Kind is EntraTenant on the engine's path.
type Kind struct {
	Binder engine.Binder
	// Cache of EntraTenants and of the kinds that name one, kept by watches.
	Cache client.Reader
	// AppRoleAssignments and DelegatedPermissionGrants are the kinds that need permissions of their own.
	AppRoleAssignments, DelegatedPermissionGrants Switch
}

// Switch is what this process does about a privileged kind.
type Switch string

// The switches. A kind is Elsewhere where --kinds leaves it to another process.
const (
	Off       Switch = "off"
	On        Switch = "on"
	Elsewhere Switch = "left to another process"
)

// +kubebuilder:rbac:groups=entra-registrar.dev,resources=entratenants,verbs=get;list;watch;patch
// +kubebuilder:rbac:groups=entra-registrar.dev,resources=entratenants/status,verbs=patch
// +kubebuilder:rbac:groups=entra-registrar.dev,resources=appregistrations;federatedcredentials;approleassignments;delegatedpermissiongrants,verbs=get;list;watch
// +kubebuilder:rbac:groups="",resources=namespaces,verbs=get;list;watch
// +kubebuilder:rbac:groups="",resources=secrets,verbs=get

const (
	maxGranted     = 256
	maxDisplayName = 256
)

// Record tells what answered. A tenant that is not the one in spec is never recorded as reached, so that no object is bound to it.
func (k *Kind) Record(obj *v1alpha1.EntraTenant, world World) {
	status := &obj.Status
	status.Objects = int32(min(len(world.Objects), math.MaxInt32))
	if !world.Reached || strayed(obj, world) != "" {
		return
	}
	status.TenantID = obj.Spec.TenantID
	status.ClusterID = clusterID(obj, world)
	status.AppID, status.ServicePrincipalObjectID = world.Self.AppID, world.Self.ObjectID
	if world.Organization.DisplayName != "" {
		status.DisplayName = clip(world.Organization.DisplayName)
	}
	status.Permissions, status.PrivilegedPermissions = nil, nil
	for _, i := range k.identities(obj, world) {
		if i.field == authField {
			status.Permissions = i.permissions()
		} else {
			status.PrivilegedPermissions = i.permissions()
		}
	}
	recordPrivileged(obj, world)
}

// recordPrivileged tells who privilegedAuth is, so that every process keeps it from being a principal or a target.
func recordPrivileged(obj *v1alpha1.EntraTenant, world World) {
	clientID := ""
	if obj.Spec.PrivilegedAuth != nil {
		clientID = obj.Spec.PrivilegedAuth.ClientID
	}
	if status := &obj.Status; status.PrivilegedAppID != clientID || world.Privileged.ObjectID != "" {
		status.PrivilegedAppID, status.PrivilegedServicePrincipalObjectID = clientID, world.Privileged.ObjectID
	}
}

// clusterID is what spec says, else what was pinned at the first look, else the beginning of the kube-system namespace's UID.
func clusterID(obj *v1alpha1.EntraTenant, world World) string {
	switch {
	case obj.Spec.ClusterID != "":
		return obj.Spec.ClusterID
	case obj.Status.ClusterID != "":
		return obj.Status.ClusterID
	default:
		digits := strings.ReplaceAll(world.ClusterUID, "-", "")
		return digits[:min(len(digits), 8)]
	}
}

// clip keeps a name that somebody in Entra chose within the schema's limit, which counts characters.
func clip(name string) string {
	if characters := []rune(name); len(characters) > maxDisplayName {
		return string(characters[:maxDisplayName])
	}
	return name
}
