package policy

import (
	"fmt"
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// Review is what one object asks for. Its Verdict refers to it: nobody may change it afterwards.
type Review struct {
	// Kind of the object: AppRegistration, FederatedCredential, AppRoleAssignment or DelegatedPermissionGrant.
	Kind string
	// Namespace of the object, and its labels.
	Namespace string
	Labels    map[string]string
	// Tenant is the name of the EntraTenant.
	Tenant string
	// Policies are all of the cluster; the gate selects.
	Policies []v1alpha1.RegistrationPolicy
	// Operator is the operator's own IDs in this tenant. What names one of them as principal, client or target is denied whatever a rule
	// says.
	Operator entra.OperatorIDs
	// Targets are the IDs of what would be written to: appIDs and object IDs, as far as they are known.
	Targets []string
	// Justification that the object gives. Policies can require one of AppRoleAssignment and DelegatedPermissionGrant, when something is new.
	Justification string
	// Requests are what is new.
	Requests []Request
	// Held are what this object was allowed before, made, and still asks for. They are never denied, only reported, and may come back
	// with Revoke. What exists in Entra and this object did not make belongs in Requests: else an object could name a permission that
	// somebody else gave, to have it taken away.
	Held []Request
}

// Request is one thing that is asked for, resolved. One rule must allow all of it: no two rules add up. Its String says what is
// asked in one phrase, with everything a user wrote quoted.
type Request interface {
	fmt.Stringer
	// path is the field that asks, as in spec.web.redirectURIs[0].
	path() string
	// identities are the IDs of the principals and clients in it.
	identities() []string
	// allowedBy reports whether the rule allows all of it.
	allowedBy(rule *v1alpha1.PolicyRule) bool
	// deniedBy reports whether the rule, among the denies of a policy, covers it. Where an allow needs an exact entry, a deny
	// does not.
	deniedBy(rule *v1alpha1.PolicyRule) bool
	// narrowestRule is the narrowest rule that allows it; false where none can.
	narrowestRule() (v1alpha1.PolicyRule, bool)
}

// permissionRequest is a Request for a permission of an API.
type permissionRequest interface {
	Request
	permission() permission
}

// limitedRequest is a Request for something that may have an end.
type limitedRequest interface {
	Request
	// lasting is the same request with another lifetime.
	lasting(lifetime time.Duration) Request
}

// State is what is known of one entry of a difference between a spec and Entra.
type State struct {
	// Recorded is true where the object's status says that it was allowed, and made or taken over by it.
	Recorded bool
	// Present is true where Entra shows it.
	Present bool
	// Wanted is true where the spec asks for it.
	Wanted bool
}

// Held reports whether the object has it and keeps it: the gate never denies it, and reports where it would today.
func (s State) Held() bool { return s.Recorded && s.Present && s.Wanted }

// Added reports whether it is new for the object: the gate must allow it.
func (s State) Added() bool { return s.Wanted && !s.Held() }

// Lost reports whether somebody else took it away.
func (s State) Lost() bool { return s.Recorded && !s.Present && s.Wanted }

// Leftover reports whether the object has it and does not ask for it any more.
func (s State) Leftover() bool { return s.Recorded && s.Present && !s.Wanted }
