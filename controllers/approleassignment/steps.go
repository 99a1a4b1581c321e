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

// removals plans to take away what is surplus.
func removals(obj *v1alpha1.AppRoleAssignment, world World) []engine.Step[World] {
	var steps []engine.Step[World]
	for _, role := range world.surplus(obj) {
		steps = append(steps, take{role: role, api: world.Resource.Name, principal: world.Principal.Name})
	}
	return steps
}

// give gives a role to the principal.
type give struct {
	role           v1alpha1.NamedID
	api, principal string
}

func (s give) String() string {
	return fmt.Sprintf("give role %s of %s to %s", s.role.Value, s.api, s.principal)
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
	principal, err := directory.Client(ctx, world.Principal.ID)
	if err != nil {
		return fmt.Errorf("read what already exists: %w", err)
	}
	world.Client = entra.Seen(principal)
	if _, given := world.given(s.role.ID); !given {
		return entra.ErrLagging
	}
	return nil
}

// take takes a role away from the principal.
type take struct {
	role           v1alpha1.NamedID
	api, principal string
}

func (s take) String() string {
	return fmt.Sprintf("take role %s of %s from %s", s.role.Value, s.api, s.principal)
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
