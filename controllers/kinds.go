package controllers

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/manager"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/appregistration"
	"github.com/entra-registrar/entra-registrar/controllers/approleassignment"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/delegatedpermissiongrant"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entratenant"
	"github.com/entra-registrar/entra-registrar/controllers/federatedcredential"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
	"github.com/entra-registrar/entra-registrar/controllers/registrationpolicy"
)

// EntraTenant counts the objects of every kind that binds to a tenant:
// +kubebuilder:rbac:groups=entra-registrar.dev,resources=appregistrations;federatedcredentials;approleassignments;delegatedpermissiongrants,verbs=get;list;watch

// registry is all kinds, in the order in which they are added. Whoever must know all of them loops over it, or is held against it by a test.
func registry() []registration {
	return []registration{
		register(&v1alpha1.EntraTenant{}, nil, func(w wiring) engine.Kind[*v1alpha1.EntraTenant, entratenant.World] {
			return &entratenant.Kind{Binder: w.binder, Bound: bound(), Privileges: w.privileges()}
		}),
		register(&v1alpha1.RegistrationPolicy{}, nil, func(w wiring) engine.Kind[*v1alpha1.RegistrationPolicy, registrationpolicy.World] {
			return &registrationpolicy.Kind{Cache: w.binder.Cache, Verdicts: w.verdicts}
		}),
		register(&v1alpha1.AppRegistration{}, &v1alpha1.AppRegistrationList{},
			func(w wiring) engine.Kind[*v1alpha1.AppRegistration, appregistration.World] {
				return &appregistration.Kind{Binder: w.binder, Gate: w.Gate, Clock: w.Clock}
			}),
		register(&v1alpha1.FederatedCredential{}, &v1alpha1.FederatedCredentialList{},
			func(w wiring) engine.Kind[*v1alpha1.FederatedCredential, federatedcredential.World] {
				return &federatedcredential.Kind{Binder: w.binder, Gate: w.Gate, Issuer: w.ServiceAccountIssuer}
			}),
		register(&v1alpha1.AppRoleAssignment{}, &v1alpha1.AppRoleAssignmentList{},
			func(w wiring) engine.Kind[*v1alpha1.AppRoleAssignment, approleassignment.World] {
				return &approleassignment.Kind{Binder: w.privileged(), Cache: w.binder.Cache, Gate: w.Gate, Enabled: w.AppRoleAssignments}
			}).needs("AppRoleAssignment.ReadWrite.All", "06b708a9-e830-4db3-a914-8e69da51d44f",
			func(s Settings) bool { return s.AppRoleAssignments }),
		register(&v1alpha1.DelegatedPermissionGrant{}, &v1alpha1.DelegatedPermissionGrantList{},
			func(w wiring) engine.Kind[*v1alpha1.DelegatedPermissionGrant, delegatedpermissiongrant.World] {
				return &delegatedpermissiongrant.Kind{Binder: w.privileged(), Cache: w.binder.Cache, Gate: w.Gate, Enabled: w.DelegatedGrants}
			}).needs("DelegatedPermissionGrant.ReadWrite.All", "8e8e4742-1d95-4f68-9d56-6ee75648c72a",
			func(s Settings) bool { return s.DelegatedGrants }),
	}
}

// registration is a kind as the manager knows it.
type registration struct {
	// name of the kind, as objects and --kinds have it.
	name string
	// object and list are examples; list is nil for a kind that neither binds to a tenant nor is judged by the gate.
	object client.Object
	list   client.ObjectList
	// permission of Microsoft Graph that a privileged kind needs, as good as Global Administrator, and whether it is switched on.
	permission entratenant.Permission
	enabled    func(Settings) bool
	// add puts it under the manager.
	add func(wiring) error
}

func register[T engine.Object, W engine.World](example T, list client.ObjectList, build func(wiring) engine.Kind[T, W]) registration {
	name := reflect.TypeOf(example).Elem().Name()
	return registration{name: name, object: example, list: list, add: func(w wiring) error {
		var watches []engine.Watch
		if list != nil {
			watches = append(watches, policyWatch(w.binder.Cache, w.verdicts, name, list))
		}
		return engine.Add(w.manager, w.options, name, example, build(w), watches...)
	}}
}

// needs makes it a privileged kind, behind a switch.
func (r registration) needs(permission, id string, enabled func(Settings) bool) registration {
	r.permission, r.enabled = entratenant.Permission{Value: permission, ID: id}, enabled
	return r
}

// wiring is what every kind is made of.
type wiring struct {
	Settings
	manager  manager.Manager
	options  engine.Options
	binder   binding.Binder
	verdicts *policy.VerdictCache
}

// privileged is the binder of kinds that change what somebody may do.
func (w wiring) privileged() binding.Binder {
	binder := w.binder
	binder.Privileged = true
	return binder
}

// privileges are what the privileged kinds need, and what this process does about each.
func (w wiring) privileges() []entratenant.Privilege {
	var privileges []entratenant.Privilege
	for _, r := range registry() {
		if r.enabled == nil {
			continue
		}
		privilege := entratenant.Privilege{Kind: r.name, Permission: r.permission, Switch: entratenant.Off}
		switch {
		case !slices.Contains(w.Kinds, r.name):
			privilege.Switch = entratenant.OtherProcess
		case r.enabled(w.Settings):
			privilege.Switch = entratenant.On
		}
		privileges = append(privileges, privilege)
	}
	return privileges
}

// bound are the kinds that bind to a tenant.
func bound() []entratenant.Bound {
	var kinds []entratenant.Bound
	for _, r := range registry() {
		if r.list != nil {
			kinds = append(kinds, entratenant.Bound{Kind: r.name, Object: r.object, List: r.list})
		}
	}
	return kinds
}

// Kinds are the names of all kinds, in the order in which they are added.
func Kinds() []string {
	var names []string
	for _, r := range registry() {
		names = append(names, r.name)
	}
	return names
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
