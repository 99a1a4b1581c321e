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

// transfers plans to take away what is surplus, and to give what is missing.
func transfers(obj *v1alpha1.AppRoleAssignment, world World, r reckoning) []engine.Step[World] {
	words := func(role v1alpha1.NamedID) transfer {
		return transfer{role: role, api: apiTitle(world), principal: world.Principal.Title, change: engine.Change{
			Principal:  titled(world.Client.Value.DisplayName, world.Client.Value.ObjectID),
			API:        titled(world.API.DisplayName, world.API.ObjectID),
			Permission: titled(role.Value, role.ID), Justification: obj.Spec.Justification,
		}}
	}
	var steps []engine.Step[World]
	for _, role := range r.take {
		steps = append(steps, take{words(role)})
	}
	for _, a := range r.give {
		steps = append(steps, give{words(a.NamedID)})
	}
	return steps
}

// transfer is a role of an API and a principal, in words.
type transfer struct {
	role           v1alpha1.NamedID
	api, principal string
	change         engine.Change
}

// give gives a role to the principal.
type give struct{ transfer }

func (s give) String() string {
	return fmt.Sprintf("give %s of %s to %s", words(s.role), s.api, s.principal)
}

func (s give) Change() engine.Change {
	s.change.Action = "grant"
	return s.change
}

func (s give) Do(ctx context.Context, hands engine.Hands, world *World) error {
	directory, err := hands.Tenants.Directory(world.Tenant.Key)
	if err != nil {
		return err
	}
	given, err := directory.Assign(ctx, world.assignment(s.role.ID))
	if errors.Is(err, entra.ErrExists) {
		return s.lookAgain(ctx, directory, world)
	}
	if err != nil {
		return err
	}
	world.Client.Value.Assignments = append(slices.Clone(world.Client.Value.Assignments), given)
	return nil
}

// lookAgain reads the assignment that already exists. Where it is not shown, Entra lags.
func (s give) lookAgain(ctx context.Context, directory entra.Reader, world *World) error {
	principal, err := world.Principal.look(ctx, directory, world.API.ObjectID)
	if err != nil {
		return fmt.Errorf("read what already exists: %w", err)
	}
	if !principal.IsPresent() {
		return entra.ErrLagging
	}
	world.Client = principal
	if _, given := world.given(s.role.ID); !given {
		return entra.ErrLagging
	}
	return engine.ErrFound
}

// take takes a role away from the principal.
type take struct{ transfer }

func (s take) String() string {
	return fmt.Sprintf("take %s of %s from %s", words(s.role), s.api, s.principal)
}

func (s take) Change() engine.Change {
	s.change.Action = "revoke"
	return s.change
}

func (s take) Do(ctx context.Context, hands engine.Hands, world *World) error {
	directory, err := hands.Tenants.Directory(world.Tenant.Key)
	if err != nil {
		return err
	}
	assignment, given := world.given(s.role.ID)
	if !given {
		return nil
	}
	if err := directory.Unassign(ctx, assignment); err != nil {
		return err
	}
	world.Client.Value.Assignments = slices.DeleteFunc(slices.Clone(world.Client.Value.Assignments), assignment.SameAs)
	world.Taken = append(slices.Clone(world.Taken), s.role.ID)
	return nil
}

// words are how a role is called.
func words(role v1alpha1.NamedID) string {
	if role.ID == entra.DefaultAccess {
		return "the default access"
	}
	return "role " + role.Value
}

// apiTitle is how steps call the API.
func apiTitle(world World) string {
	switch api := world.API; {
	case api.Managed == nil:
		return api.Title
	case api.Own:
		return api.Managed.Name
	default:
		return api.Managed.String()
	}
}

// titled is an ID with its name, as Entra's own audit log has both.
func titled(name, id string) string {
	if name == "" {
		return id
	}
	return fmt.Sprintf("%s (%s)", name, id)
}
