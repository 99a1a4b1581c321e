package appregistration

import (
	"fmt"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/appregistration/secret"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
)

// update brings a live application of ours, and what hangs on it, to what is wanted. What is missing elsewhere is waited for last.
func (s *stages) update() decision {
	var d decision
	app := s.world.application.Value
	if !s.diff.Patch.Empty() {
		d.Steps = append(d.Steps, updateApplication{objectID: app.ObjectID, patch: s.diff.Patch, description: s.diff.Description})
	}
	step, lagging := s.principalStep()
	if step != nil {
		d.Steps = append(d.Steps, step)
	}
	steps, othersSecret := s.secretSteps()
	d.Steps = append(d.Steps, steps...)
	kept, held := s.verdict.KeptMessage(), s.diff.HeldRoles
	d.Unsynced = unsynced(kept, othersSecret, held)
	switch {
	case len(d.Steps) > 0:
	case s.resolved.err != nil:
		d.Err = s.resolved.err
	case lagging || s.diff.Lagging || s.diff.Unobserved:
		d.Again = engine.Lag
	case s.resolved.Incomplete:
		d.Wait = s.resolved.wait(append([]string{kept, othersSecret}, held...)...)
	default:
		d.Remark = engine.JoinMessages(s.consentRemark(), s.verdict.WouldDenyMessage())
	}
	return d
}

// unsynced is what a person should know while the application works: the gravest gives the reason.
func unsynced(kept, othersSecret string, heldRoles []string) *engine.Refusal {
	reason := v1alpha1.ReasonWaiting
	switch {
	case othersSecret != "":
		reason = v1alpha1.ReasonConflict
	case kept != "":
		reason = v1alpha1.ReasonDenied
	case len(heldRoles) == 0:
		return nil
	}
	return engine.Refuse(reason, "%s", engine.JoinMessages(append([]string{kept, othersSecret}, heldRoles...)...))
}

// secretSteps bring the Secret to what is wanted, and delete the one of a former name. The message tells of somebody else's Secret in our
// way. The Secret says what Entra has, and waits for changes of that.
func (s *stages) secretSteps() (steps []engine.Step[World], message string) {
	if secret.BelongsTo(s.world.formerSecret, s.obj) {
		steps = append(steps, deleteSecret{s.world.formerSecret})
	}
	patch, own := s.diff.Patch, secret.BelongsTo(s.world.secret, s.obj)
	switch enabled := secret.Enabled(s.obj); {
	case !enabled && own:
		steps = append(steps, deleteSecret{s.world.secret})
	case !enabled, patch.IdentifierURIs != nil || patch.SignInAudience != nil || patch.AccessTokenVersion != nil:
	case s.world.secret != nil && !own:
		message = fmt.Sprintf("Secret %s belongs to somebody else and is left alone: name another in spec.secret.name, or remove it", s.world.secret.Name)
	case !s.secretIsAsWanted():
		content := secret.ContentOf(s.obj, s.world.Tenant, s.world.application.Value)
		steps = append(steps, writeSecret{content.Over(s.obj, s.world.secret)})
	}
	return steps, message
}
