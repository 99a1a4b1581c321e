package delegatedpermissiongrant

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// steps towards what was reckoned.
func (k *Kind) steps(obj *v1alpha1.DelegatedPermissionGrant, world World, r reckoning) []engine.Step[World] {
	about := about{
		client: world.Client.Name, api: world.API.Label(), key: world.key(), turns: &k.turns,
		change: engine.Change{
			Principal: engine.Titled(cmp.Or(world.Principal.Value.DisplayName, obj.Status.ClientName), world.Client.ID),
			API:       engine.Titled(world.API.DisplayName, world.API.ObjectID), Justification: obj.Spec.Justification,
		},
	}
	others := func(ctx context.Context) ([]claim, error) { return k.claims(ctx, k.Binder.Live, obj, world.key()) }
	var steps []engine.Step[World]
	if len(r.adopt) > 0 {
		steps = append(steps, adopt{about, r.adopt})
	}
	if len(r.give) > 0 {
		steps = append(steps, give{about, r.give})
	}
	if len(r.take) > 0 {
		steps = append(steps, take{about: about, scopes: r.take, others: others})
	}
	if len(r.forced) > 0 {
		steps = append(steps, take{about: about, scopes: r.forced})
	}
	return steps
}

// adopt makes sure of scopes that were consented to before this object named them: one who named them before may have taken them away
// since, without knowing that this object does now.
type adopt struct {
	about
	scopes []string
}

func (s adopt) String() string { return s.tell("take as it is: use", s.scopes) }

func (s adopt) Do(ctx context.Context, hands engine.Hands, world *World) error {
	directory, end, err := s.turn(hands, world)
	if err != nil {
		return err
	}
	defer end()
	if err := world.lookAgain(ctx, directory); err != nil {
		return err
	}
	world.confirm(s.scopes)
	return engine.ErrFound
}

// give consents to scopes.
type give struct {
	about
	scopes []string
}

func (s give) String() string { return s.tell("consent to use", s.scopes) }

// Change is what the audit log tells.
func (s give) Change() engine.Change { return s.told("grant", s.scopes) }

func (s give) Do(ctx context.Context, hands engine.Hands, world *World) error {
	directory, end, err := s.turn(hands, world)
	if err != nil {
		return err
	}
	defer end()
	grant, exists := world.grant()
	if exists {
		grant, err = directory.ChangeGrant(ctx, grant, entra.GrantChange{Add: s.scopes})
	} else {
		grant.Scopes = s.scopes
		grant, err = directory.CreateGrant(ctx, grant)
	}
	if errors.Is(err, entra.ErrExists) {
		return s.lookAgain(ctx, directory, world)
	}
	if err != nil {
		return s.explain(err)
	}
	world.fold(grant)
	world.confirm(s.scopes)
	return nil
}

// lookAgain reads the grant that already exists. Where it is not shown, Entra lags.
func (s give) lookAgain(ctx context.Context, directory entra.Reader, world *World) error {
	if err := world.lookAgain(ctx, directory); err != nil {
		return err
	}
	if _, shown := world.grant(); !shown {
		return entra.ErrLagging
	}
	world.confirm(s.scopes)
	return engine.ErrFound
}

// explain adds the field that Entra's complaint is most likely about: the user is the only one of the three that nobody has confirmed.
func (s give) explain(err error) error {
	refused, is := errors.AsType[entra.Refused](err)
	if is && refused.Reason == entra.RefusedInvalid && s.key.UserID != "" {
		return fmt.Errorf("spec.user.objectID must be a user of the tenant: %w", err)
	}
	return err
}

// take takes scopes away.
type take struct {
	about
	scopes []string
	// others are asked at the last moment, past the cache, what they name; nil where that makes no difference.
	others func(context.Context) ([]claim, error)
}

func (s take) String() string { return s.tell("take back the consent to use", s.scopes) }

// Change is what the audit log tells.
func (s take) Change() engine.Change { return s.told("revoke", s.scopes) }

func (s take) Do(ctx context.Context, hands engine.Hands, world *World) error {
	directory, end, err := s.turn(hands, world)
	if err != nil {
		return err
	}
	defer end()
	scopes := s.scopes
	if s.others != nil {
		if world.Claims, err = s.others(ctx); err != nil {
			return err
		}
		scopes = only(scopes, func(scope string) bool { return !world.claimed(scope) })
	}
	grant, exists := world.grant()
	if len(scopes) == 0 || !exists {
		return engine.ErrFound
	}
	left, err := directory.ChangeGrant(ctx, grant, entra.GrantChange{Remove: scopes})
	if err != nil {
		return err
	}
	world.fold(left)
	world.Taken = slices.Concat(world.Taken, scopes)
	return nil
}

// lookAgain reads the grants afresh.
func (w *World) lookAgain(ctx context.Context, directory entra.Reader) error {
	grants, err := directory.Grants(ctx, w.Client.ID)
	if err != nil {
		return fmt.Errorf("read what already exists: %w", err)
	}
	w.Grants = entra.Present(grants)
	return nil
}

// fold lays a grant as it was written over those that were read; one without scopes is gone.
func (w *World) fold(grant entra.Grant) {
	grants := slices.DeleteFunc(slices.Clone(w.Grants.Value), func(g entra.Grant) bool { return g.GrantKey == w.key() })
	if len(grant.Scopes) > 0 {
		grants = append(grants, grant)
	}
	w.Grants = entra.Present(grants)
}

// confirm notes those of the scopes that the grant has.
func (w *World) confirm(scopes []string) {
	w.Confirmed = slices.Concat(w.Confirmed, only(scopes, w.holds))
}
