package policy

import (
	"fmt"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// Review is what one object asks for. It is kept by the VerdictCache: nobody may change what it refers to.
type Review struct {
	// Kind of the object: AppRegistration, FederatedCredential, AppRoleAssignment or DelegatedPermissionGrant.
	Kind string
	// Namespace and Name of the object. Without a name the VerdictCache does not note it.
	Namespace, Name string
	// Labels of the namespace.
	Labels map[string]string
	// Tenant is the name of the EntraTenant.
	Tenant string
	// Policies are all of the cluster; the gate selects.
	Policies []v1alpha1.RegistrationPolicy
	// Operator is the operator's own IDs in this tenant. What names one of them as principal, client or target is denied whatever a rule
	// says.
	Operator entra.OperatorIDs
	// Targets are the IDs of what would be written to: appIds and object IDs, as far as they are known.
	Targets []string
	// Justification that the object gives. It is judged for AppRoleAssignment and DelegatedPermissionGrant, when something is new.
	Justification string
	// Requests are what is new: additions.
	Requests []Request
	// Held are what this object was allowed before, made, and still names. They are never denied, only reported, and may come back
	// with Revoke: what exists in Entra and this object did not make belongs in Requests, or an object could name a stranger's
	// permission to have it taken away.
	Held []Request
}

// Request is one thing that is asked for, resolved. One rule must allow all of it: no two rules add up. Its String says what is
// asked in one phrase, with everything a user wrote quoted.
type Request interface {
	fmt.Stringer
	// where is the field that asks, as in spec.web.redirectURIs[0].
	where() string
	// names are the IDs of principals and clients in it.
	names() []string
	// allowedBy reports whether the rule allows all of it.
	allowedBy(rule *v1alpha1.PolicyRule) bool
	// deniedBy reports whether the rule, among the denies of a policy, covers it. Where an allow needs an exact entry, a deny
	// does not.
	deniedBy(rule *v1alpha1.PolicyRule) bool
	// remedy is the narrowest rule that allows it. False where none can.
	remedy() (v1alpha1.PolicyRule, bool)
}

// permitting is a Request about a permission of an API.
type permitting interface {
	Request
	permission() permission
}

// lasting is a Request with a lifetime.
type lasting interface {
	Request
	// brief is the same for the shortest of times.
	brief() Request
}
