package controllers

import (
	"fmt"
	"slices"
	"strings"

	"sigs.k8s.io/controller-runtime/pkg/manager"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/appregistration"
	"github.com/entra-registrar/entra-registrar/controllers/approleassignment"
	"github.com/entra-registrar/entra-registrar/controllers/delegatedpermissiongrant"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entratenant"
	"github.com/entra-registrar/entra-registrar/controllers/federatedcredential"
	"github.com/entra-registrar/entra-registrar/controllers/registrationpolicy"
)

// Names of kinds, as --kinds has them.
const (
	kindTenant     = "EntraTenant"
	kindPolicy     = "RegistrationPolicy"
	kindApp        = "AppRegistration"
	kindFederated  = "FederatedCredential"
	kindAssignment = "AppRoleAssignment"
	kindGrant      = "DelegatedPermissionGrant"
)

// Kinds are the names of all kinds, in the order in which they are added.
func Kinds() []string {
	return []string{kindTenant, kindPolicy, kindApp, kindFederated, kindAssignment, kindGrant}
}

// ParseKinds reads a comma-separated list of kinds. An empty one means all of them.
func ParseKinds(list string) ([]string, error) {
	if list == "" {
		return Kinds(), nil
	}
	var kinds []string
	for kind := range strings.SplitSeq(list, ",") {
		if !slices.Contains(Kinds(), kind) {
			return nil, fmt.Errorf("no kind is called %q: known are %s", kind, strings.Join(Kinds(), ", "))
		}
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	return slices.Compact(kinds), nil
}

// LeaseName is what the processes with these kinds elect their leader by. Processes with other kinds have another: both lead.
func LeaseName(kinds []string) string {
	if len(kinds) == len(Kinds()) {
		return v1alpha1.FieldManager
	}
	return v1alpha1.FieldManager + "-" + strings.ToLower(strings.Join(kinds, "-"))
}

// house is what every kind is made of.
type house struct {
	Settings
	manager manager.Manager
	options engine.Options
	binder  engine.Binder
}

// privileged is the binder of kinds that change what somebody may do.
func (h house) privileged() engine.Binder {
	binder := h.binder
	binder.Privileged = true
	return binder
}

// add puts a kind under the manager.
func (h house) add(kind string) error {
	cache, live := h.manager.GetCache(), h.manager.GetAPIReader()
	switch name := strings.ToLower(kind); kind {
	case kindTenant:
		return engine.Add(h.manager, h.options, name, &v1alpha1.EntraTenant{}, &entratenant.Kind{
			Binder: h.binder, Cache: cache,
			AppRoleAssignments:        h.switched(kindAssignment, h.AppRoleAssignments),
			DelegatedPermissionGrants: h.switched(kindGrant, h.DelegatedGrants),
		})
	case kindPolicy:
		return engine.Add(h.manager, h.options, name, &v1alpha1.RegistrationPolicy{}, &registrationpolicy.Kind{Cache: cache, Ledger: h.Gate.Ledger})
	case kindApp:
		return engine.Add(h.manager, h.options, name, &v1alpha1.AppRegistration{},
			&appregistration.Kind{Binder: h.binder, Gate: h.Gate, Echo: &engine.Echo{}, Clock: h.Clock},
			h.judged(kind, &v1alpha1.AppRegistrationList{}))
	case kindFederated:
		return engine.Add(h.manager, h.options, name, &v1alpha1.FederatedCredential{},
			&federatedcredential.Kind{Binder: h.binder, Cache: cache, Live: live, Gate: h.Gate, Issuer: h.ServiceAccountIssuer},
			h.judged(kind, &v1alpha1.FederatedCredentialList{}))
	case kindAssignment:
		return engine.Add(h.manager, h.options, name, &v1alpha1.AppRoleAssignment{},
			&approleassignment.Kind{Binder: h.privileged(), Cache: cache, Gate: h.Gate, Clock: h.Clock, Enabled: h.AppRoleAssignments},
			h.judged(kind, &v1alpha1.AppRoleAssignmentList{}))
	case kindGrant:
		return engine.Add(h.manager, h.options, name, &v1alpha1.DelegatedPermissionGrant{},
			&delegatedpermissiongrant.Kind{Binder: h.privileged(), Cache: cache, Gate: h.Gate, Clock: h.Clock, Enabled: h.DelegatedGrants},
			h.judged(kind, &v1alpha1.DelegatedPermissionGrantList{}))
	default:
		return fmt.Errorf("no kind is called %q", kind)
	}
}

// switched is what this process does about a privileged kind.
func (h house) switched(kind string, enabled bool) entratenant.Switch {
	switch {
	case !slices.Contains(h.Kinds, kind):
		return entratenant.Elsewhere
	case enabled:
		return entratenant.On
	default:
		return entratenant.Off
	}
}
