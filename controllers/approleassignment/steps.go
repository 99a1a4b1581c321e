package approleassignment

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// steps towards what was reckoned.
func (k *Kind) steps(obj *v1alpha1.AppRoleAssignment, world World, r reckoning) []engine.Step[World] {
	about := func(role v1alpha1.NamedID) transfer {
		return transfer{role: role, api: world.API.Label(), principal: world.Principal.Title, turns: &k.turns, change: engine.Change{
			Principal:  engine.Titled(world.Client.Value.DisplayName, world.Client.Value.ObjectID),
			API:        engine.Titled(world.API.DisplayName, world.API.ObjectID),
			Permission: engine.Titled(role.Value, role.ID), Justification: obj.Spec.Justification,
		}}
	}
	removal := func(role v1alpha1.NamedID, forced bool) take {
		return take{transfer: about(role), claimed: func(ctx context.Context, world World) (bool, error) {
			return k.claimed(ctx, obj, world, role, forced)
		}}
	}
	var steps []engine.Step[World]
	for _, role := range r.take {
		steps = append(steps, removal(role, false))
	}
	for _, role := range r.forced {
		steps = append(steps, removal(role, true))
	}
	for _, role := range r.adopt {
		steps = append(steps, adopt{about(role)})
	}
	for _, role := range r.give {
		steps = append(steps, give{about(role)})
	}
	return steps
}

// transfer is a role of an API and a principal, in words.
type transfer struct {
	role           v1alpha1.NamedID
	api, principal string
	turns          *engine.Turns
	change         engine.Change
}

// tell is what a step does, in words.
func (t transfer) tell(verb, preposition string) string {
	role := "role " + t.role.Value
	if t.role.ID == entra.DefaultAccess {
		role = "the default access"
	}
	return fmt.Sprintf("%s %s of %s %s %s", verb, role, t.api, preposition, t.principal)
}

// told is what the audit log is told.
func (t transfer) told(action string) engine.Change {
	t.change.Action = action
	return t.change
}

// turn waits for this object's turn to write, and gives the open connection.
func (t transfer) turn(hands engine.Hands, world *World) (entra.Directory, func(), error) {
	directory, err := hands.Tenants.Directory(world.Tenant.Key)
	if err != nil {
		return nil, nil, err
	}
	return directory, t.turns.Take(world.Client.Value.ObjectID, world.API.ObjectID), nil
}

// lookAgain reads the principal afresh, and tells whether it has the role.
func (t transfer) lookAgain(ctx context.Context, directory entra.Reader, world *World) (bool, error) {
	principal, err := world.Principal.look(ctx, directory, world.API.ObjectID)
	switch {
	case err != nil:
		return false, fmt.Errorf("read what already exists: %w", err)
	case !principal.IsPresent():
		return false, entra.ErrLagging
	}
	world.Client = principal
	_, given := world.given(t.role.ID)
	if given {
		world.Confirmed = append(slices.Clone(world.Confirmed), t.role.ID)
	}
	return given, nil
}

// adopt makes sure of a role that the principal had before this object named it: one who named it before may have taken it away since,
// without knowing that this object does now.
type adopt struct{ transfer }

func (s adopt) String() string { return s.tell("take as it is:", "for") }

func (s adopt) Do(ctx context.Context, hands engine.Hands, world *World) error {
	directory, end, err := s.turn(hands, world)
	if err != nil {
		return err
	}
	defer end()
	if _, err := s.lookAgain(ctx, directory, world); err != nil {
		return err
	}
	return engine.ErrFound
}

// give gives a role to the principal.
type give struct{ transfer }

func (s give) String() string { return s.tell("give", "to") }

// Change is what the audit log tells.
func (s give) Change() engine.Change { return s.told("grant") }

func (s give) Do(ctx context.Context, hands engine.Hands, world *World) error {
	directory, end, err := s.turn(hands, world)
	if err != nil {
		return err
	}
	defer end()
	given, err := directory.Assign(ctx, world.assignment(s.role.ID))
	if errors.Is(err, entra.ErrExists) {
		return s.found(ctx, directory, world)
	}
	if err != nil {
		return err
	}
	world.Client.Value.Assignments = append(slices.Clone(world.Client.Value.Assignments), given)
	world.Confirmed = append(slices.Clone(world.Confirmed), s.role.ID)
	return nil
}

// found reads the assignment that already exists. Where it is not shown, Entra lags.
func (s give) found(ctx context.Context, directory entra.Reader, world *World) error {
	given, err := s.lookAgain(ctx, directory, world)
	if err == nil && !given {
		err = entra.ErrLagging
	}
	if err != nil {
		return err
	}
	return engine.ErrFound
}

// take takes a role away from the principal, unless another object claims it.
type take struct {
	transfer
	claimed func(context.Context, World) (bool, error)
}

func (s take) String() string { return s.tell("take", "from") }

// Change is what the audit log tells.
func (s take) Change() engine.Change { return s.told("revoke") }

func (s take) Do(ctx context.Context, hands engine.Hands, world *World) error {
	directory, end, err := s.turn(hands, world)
	if err != nil {
		return err
	}
	defer end()
	switch claimed, err := s.claimed(ctx, *world); {
	case err != nil:
		return err
	case claimed:
		world.Spared = append(slices.Clone(world.Spared), s.role.ID)
		return engine.ErrFound
	}
	assignment, given := world.given(s.role.ID)
	if !given {
		return engine.ErrFound
	}
	if err := directory.Unassign(ctx, assignment); err != nil {
		return err
	}
	world.Client.Value.Assignments = slices.DeleteFunc(slices.Clone(world.Client.Value.Assignments), assignment.SameAs)
	world.Taken = append(slices.Clone(world.Taken), s.role.ID)
	return nil
}
