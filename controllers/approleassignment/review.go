package approleassignment

import (
	"fmt"
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// judge asks the gate. One denial keeps back all that is new; what is held and must go is marked. Of an API that is missing nothing
// is known that could be judged.
func (k *Kind) judge(obj *v1alpha1.AppRoleAssignment, world World, asked []request, r *reckoning) {
	if !world.complete(obj) {
		return
	}
	verdict := k.Gate.Evaluate(world.ask(obj, asked))
	denied := verdict.Denied
	for _, excess := range verdict.Excess {
		if !excess.Revoke {
			continue
		}
		denied = append(denied, excess.Denial)
		for i := range asked {
			asked[i].revoked = asked[i].revoked || asked[i].path == excess.Path
		}
	}
	if len(denied) > 0 {
		r.refusal = &engine.Refusal{Reason: v1alpha1.ReasonDenied, Message: policy.Message(denied)}
	}
	r.kept, r.shadow = verdict.Kept(), verdict.Shadowed()
}

func (w World) ask(obj *v1alpha1.AppRoleAssignment, asked []request) policy.Review {
	ask := policy.Review{
		Kind: "AppRoleAssignment", Namespace: obj.Namespace, Name: obj.Name, Labels: w.Namespace.Labels, Tenant: w.Tenant.Name,
		Policies: w.Policies, Operator: w.Tenant.OperatorIDs, Justification: obj.Spec.Justification,
	}
	for _, a := range asked {
		tuple := w.tuple(a.path, a.NamedID, w.API, lifetime(obj, w.Now))
		switch {
		case !a.lets || a.lost:
		case a.held():
			ask.Held = append(ask.Held, tuple)
		case a.fault == "":
			ask.Requests = append(ask.Requests, tuple)
		}
	}
	return ask
}

func (w World) tuple(path string, role v1alpha1.NamedID, api reference.API, life time.Duration) policy.Assignment {
	return policy.Assignment{
		Path: path, PrincipalKind: w.Principal.Kind, PrincipalID: w.Client.Value.ObjectID, PrincipalAppID: w.Client.Value.AppID,
		API: api.Asked(api.LetsAppRole(role.Value, w.Principal.Kind)), RoleID: role.ID, Role: role.Value, Lifetime: life,
	}
}

// lifetime is how long the roles will be given; zero for ever.
func lifetime(obj *v1alpha1.AppRoleAssignment, now time.Time) time.Duration {
	if obj.Spec.NotAfter == nil {
		return 0
	}
	return obj.Spec.NotAfter.Sub(now)
}

func ended(obj *v1alpha1.AppRoleAssignment, now time.Time) bool {
	return obj.Spec.NotAfter != nil && !now.Before(obj.Spec.NotAfter.Time)
}

// obstruct finds what stands against giving, the gate aside.
func (r *reckoning) obstruct(world World) {
	if len(r.give) == 0 {
		return
	}
	principal := fmt.Sprintf("AppRegistration %q", world.Principal.App.Name)
	if world.Principal.App.Name == "" {
		principal = world.Principal.Title
	}
	switch {
	case world.Principal.App.Leaving:
		wait := reference.LeavingWait(world.Principal.App.Name)
		r.wait = &wait
	case world.API.Leaving:
		wait := reference.LeavingWait(world.API.Managed.Name)
		r.wait = &wait
	case world.Principal.App.Disabled || world.Client.Value.Disabled:
		r.refusal = reference.DisabledRefusal(principal)
	case world.API.Disabled || world.Resource.Value.Disabled:
		r.refusal = reference.DisabledRefusal(world.API.Title)
	default:
		return
	}
	r.give = nil
}
