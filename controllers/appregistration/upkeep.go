package appregistration

import (
	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// upkeep brings a live application of ours, and what hangs on it, to what is wanted. What is missing elsewhere is waited for last.
func (k *Kind) upkeep(obj *v1alpha1.AppRegistration, world World, d desired, verdict policy.Verdict) plan {
	var p plan
	c := changeOf(world, d)
	app := world.application.Value
	if !c.patch.Empty() {
		p.Steps = append(p.Steps, updateApplication{objectID: app.ObjectID, patch: c.patch, words: c.words})
	}
	step, pending := principalStep(obj, world, d)
	if step != nil {
		p.Steps = append(p.Steps, step)
	}
	steps, finding := k.secretSteps(obj, world, c)
	p.Steps = append(p.Steps, steps...)
	held := heldRoles(world, c.kept)
	p.Unsynced = findings(verdict.Kept(), finding, held)
	switch {
	case len(p.Steps) > 0:
	case world.references.trouble != nil:
		p.Steps = []engine.Step[World]{unanswered{world.references.trouble}}
	case pending || c.pending:
		p.Again = engine.Lag
	case !world.references.complete():
		p.Wait = world.references.wait(append([]string{verdict.Kept(), finding}, held...)...)
	default:
		p.Remark = engine.Joined(remark(obj, world), verdict.Shadowed())
	}
	return p
}

// findings are what a person should know while the application works: the gravest gives the reason.
func findings(kept, secret string, roles []string) *engine.Refusal {
	reason := v1alpha1.ReasonWaiting
	switch {
	case secret != "":
		reason = v1alpha1.ReasonConflict
	case kept != "":
		reason = v1alpha1.ReasonDenied
	case len(roles) == 0:
		return nil
	}
	return &engine.Refusal{Reason: reason, Message: engine.Joined(append([]string{kept, secret}, roles...)...)}
}
