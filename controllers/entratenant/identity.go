package entratenant

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/policy/tier0"
)

// microsoftGraph is Microsoft Graph's application (client) ID, the same in every cloud.
var microsoftGraph = entra.WellKnown(string(v1alpha1.MicrosoftGraph))

// Permission is an application permission of Microsoft Graph.
type Permission struct {
	// Value as tokens carry it, and the app role's ID.
	Value, ID string
	// Broader permissions serve as well.
	Broader []string
}

var (
	changeOwned = Permission{"Application.ReadWrite.OwnedBy", "18a4783c-866b-4cc7-a460-3d5e5662c884", []string{"Application.ReadWrite.All"}}
	readAll     = Permission{"Application.Read.All", "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30", []string{
		"Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All",
	}}
)

// identity is one of those that the operator signs in with here, and what it needs.
type identity struct {
	field string
	auth  v1alpha1.TenantAuth
	self  entra.Identity
	needs []Permission
}

// identities that this process signs in with. Who changes permissions has to read what they are of, too.
func (k *Kind) identities(obj *v1alpha1.EntraTenant, world World) []identity {
	base := identity{authField, obj.Spec.Auth, world.Self, []Permission{changeOwned, readAll}}
	switch {
	case obj.Spec.PrivilegedAuth == nil:
		base.needs = append(base.needs, k.needed()...)
		return []identity{base}
	case world.Privileged.AppID == "":
		return []identity{base}
	default:
		needs := append([]Permission{readAll}, k.needed()...)
		return []identity{base, {privilegedField, *obj.Spec.PrivilegedAuth, world.Privileged, needs}}
	}
}

// The fields that identities come from.
const (
	authField       = "spec.auth"
	privilegedField = "spec.privilegedAuth"
)

// needed are the permissions of the privileged kinds that are on in this process.
func (k *Kind) needed() []Permission {
	var needed []Permission
	for _, privilege := range k.Privileges {
		if privilege.Switch == On {
			needed = append(needed, privilege.Permission)
		}
	}
	return needed
}

// missing are the permissions that neither are granted nor covered by a broader one.
func (i identity) missing() []Permission {
	var missing []Permission
	for _, p := range i.needs {
		if !slices.ContainsFunc(append([]string{p.Value}, p.Broader...), func(role string) bool { return slices.Contains(i.self.Roles, role) }) {
			missing = append(missing, p)
		}
	}
	return missing
}

// excess are the permissions as good as Global Administrator that it has and does not need.
func (i identity) excess() []string {
	return slices.DeleteFunc(sorted(i.self.Roles), func(role string) bool {
		return !tier0.Role(microsoftGraph, "", role) || slices.Contains(names(i.needs), role)
	})
}

// permissions are for the status.
func (i identity) permissions() *v1alpha1.TenantPermissions {
	granted := sorted(i.self.Roles)
	return &v1alpha1.TenantPermissions{Granted: granted[:min(len(granted), maxGranted)], Missing: names(i.missing())}
}

// String says who it is and may do.
func (i identity) String() string {
	text := fmt.Sprintf("%s signs in as application %s with what it needs (%s)", i.field, i.self.AppID, strings.Join(names(i.needs), ", "))
	if excess := i.excess(); len(excess) > 0 {
		text += ", and with more, as good as Global Administrator (" + strings.Join(excess, ", ") + ")"
	}
	return text
}

func names(permissions []Permission) []string {
	var values []string
	for _, p := range permissions {
		values = append(values, p.Value)
	}
	return values
}

// howToGrant tells a tenant admin what to do.
func (i identity) howToGrant() string {
	missing := i.missing()
	text := fmt.Sprintf("%s (application %s, service principal %s) lacks these application permissions of Microsoft Graph: %s. ",
		i.who(), i.self.AppID, i.self.ObjectID, strings.Join(names(missing), ", "))
	if i.auth.Type == v1alpha1.AuthManagedIdentity {
		return text + "A tenant admin gives them to the managed identity as app roles of Microsoft Graph (" + ids(missing, "") +
			"): POST /servicePrincipals/" + i.self.ObjectID + "/appRoleAssignments. New tokens carry them."
	}
	return text + "A tenant admin grants them: az ad app permission add --id " + i.self.AppID + " --api " + microsoftGraph +
		" --api-permissions " + ids(missing, "=Role") + " && az ad app permission admin-consent --id " + i.self.AppID +
		" (or in the portal: API permissions, Grant admin consent). New tokens carry them."
}

func (i identity) who() string {
	if i.field == authField {
		return "the operator"
	}
	return i.field
}

func ids(permissions []Permission, suffix string) string {
	var all []string
	for _, p := range permissions {
		all = append(all, p.ID+suffix)
	}
	return strings.Join(all, " ")
}

func sorted(values []string) []string { return slices.Compact(slices.Sorted(slices.Values(values))) }
