package appregistration

import (
	"cmp"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/appregistration/application"
	"github.com/entra-registrar/entra-registrar/controllers/appregistration/secret"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// evaluate asks the gate for all that is new, and whether it would still allow what Entra has already. Fields are never revoked, only
// reported: what they say has no state in which it is gone.
func (s *stages) evaluate(gate policy.Gate) policy.Verdict {
	verdict := gate.Evaluate(s.review())
	for i := range verdict.Excess {
		if _, is := verdict.Excess[i].Request.(policy.Field); is {
			verdict.Excess[i].Revoke = false
		}
	}
	return verdict
}

func (s *stages) review() policy.Review {
	app := s.world.application.Value
	review := reviewOf(s.world)
	if app.AppID != "" {
		review.Targets = []string{app.AppID, app.ObjectID}
	}
	if app.AppID == "" || s.obj.Spec.DeletionPolicy == v1alpha1.DeletionPurge {
		review.Requests = append(review.Requests, deletionRequest(s.obj.Spec))
	}
	held := map[string]bool{}
	for _, entry := range append(s.diff.Entries, s.otherEntries()...) {
		switch {
		case entry.Request == nil:
			held[entry.Path] = entry.Held()
		case entry.Held():
			review.Held = append(review.Held, entry.Request)
		default:
			review.Requests = append(review.Requests, entry.Request)
		}
	}
	for _, field := range policy.Fields(kindName, s.obj.Spec) {
		if heldAt(held, field.Path) {
			review.Held = append(review.Held, field)
		} else {
			review.Requests = append(review.Requests, field)
		}
	}
	return review
}

// heldAt reports whether the field, or one that it is part of, is held.
func heldAt(held map[string]bool, path string) bool {
	for {
		if is, known := held[path]; known {
			return is
		}
		at := strings.LastIndexAny(path, ".[")
		if at < 0 {
			return false
		}
		path = path[:at]
	}
}

func reviewOf(world World) policy.Review {
	return policy.Review{
		Kind: kindName, Namespace: world.Namespace.Name, Labels: world.Namespace.Labels, Tenant: world.Tenant.Name,
		Policies: world.Policies, Operator: world.Tenant.Operator,
	}
}

func deletionRequest(spec v1alpha1.AppRegistrationSpec) policy.Request {
	return policy.Deletion{Path: "spec.deletionPolicy", Policy: cmp.Or(spec.DeletionPolicy, v1alpha1.DeletionDelete)}
}

// otherEntries are what the spec asks for beside the application itself. Nothing of it is held before there is an application.
func (s *stages) otherEntries() []application.Entry {
	exists := s.world.application.IsPresent()
	entry := func(path string, present bool) application.Entry {
		present = present && exists
		return application.Entry{State: policy.State{Recorded: present, Present: present, Wanted: true}, Path: path}
	}
	principal := s.world.principal
	return []application.Entry{
		entry("spec.tenantRef", tenantRef(s.obj) != "" && tenantRef(s.obj) == s.obj.Status.TenantName),
		entry("spec.servicePrincipal", principal.IsPresent() && principal.Value.AssignmentRequired == s.diff.AssignmentRequired),
		entry("spec.secret", s.secretIsAsWanted()),
	}
}

func (s *stages) secretIsAsWanted() bool {
	own := secret.BelongsTo(s.world.secret, s.obj)
	if !secret.Enabled(s.obj) {
		return !own
	}
	return own && secret.ContentOf(s.obj, s.world.Tenant, s.world.application.Value).IsIn(s.world.secret)
}
