package entratenant

import (
	"math"
	"strings"

	"k8s.io/utils/ptr"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

const (
	maxGranted     = 256
	maxDisplayName = 256
)

// writeStatus says what answered. A tenant that is not the one in spec is never recorded as reached, so that no object is bound to it.
func writeStatus(obj *v1alpha1.EntraTenant, world World, matches bool, identities []identity) {
	status := &obj.Status
	status.Objects = int32(min(len(world.Objects), math.MaxInt32))
	if !world.Reached || !matches {
		return
	}
	status.TenantID = string(obj.Spec.TenantID)
	status.ClusterID = clusterID(obj, world)
	status.AppID, status.ServicePrincipalObjectID = world.Self.AppID, world.Self.ObjectID
	if world.Organization.DisplayName != "" {
		status.DisplayName = clip(world.Organization.DisplayName)
	}
	status.Permissions, status.PrivilegedPermissions = nil, nil
	for _, i := range identities {
		if i.field == authField {
			status.Permissions = i.permissions()
		} else {
			status.PrivilegedPermissions = i.permissions()
		}
	}
	writePrivileged(obj, world)
}

// writePrivileged says who privilegedAuth is, so that every process keeps it from being a principal or a target.
func writePrivileged(obj *v1alpha1.EntraTenant, world World) {
	appID := string(ptr.Deref(obj.Spec.PrivilegedAuth, v1alpha1.TenantAuth{}).ClientID)
	if status := &obj.Status; status.PrivilegedAppID != appID || world.Privileged.ObjectID != "" {
		status.PrivilegedAppID, status.PrivilegedServicePrincipalObjectID = appID, world.Privileged.ObjectID
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
