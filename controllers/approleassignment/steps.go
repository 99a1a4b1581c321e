package approleassignment

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/permission"
)

type (
	give = permission.Give[World, *World]
	take = permission.Take[World, *World]

	readAPI struct{}
)

func (readAPI) String() string { return "read the API" }

// Do confirms the API's service principal.
func (readAPI) Do(ctx context.Context, clients engine.Clients, world *World) error {
	return world.ReadAPI(ctx, clients.Directory)
}

// steps towards what was compared, each about one role.
func (k *Kind) steps(obj *v1alpha1.AppRoleAssignment, world World, c permission.Comparison, now time.Time) []engine.Step[World] {
	change := func(role v1alpha1.NamedID, action, verb, preposition string) permission.Step {
		return permission.Step{
			Text: world.tell(verb, preposition, role), IDs: []string{role.ID},
			Audit: engine.Change{
				Action:     action,
				Principal:  engine.NameAndID(world.ObservedPrincipal.Value.DisplayName, world.ObservedPrincipal.Value.ObjectID),
				API:        engine.NameAndID(world.API.DisplayName, world.API.ObjectID),
				Permission: engine.NameAndID(role.Value, role.ID), Justification: obj.Spec.Justification,
			},
		}
	}
	var steps []engine.Step[World]
	for _, role := range slices.Concat(c.Take, c.Forced) {
		steps = append(steps, take{
			Step: change(role, "revoke", "take", "from"), Self: client.ObjectKeyFromObject(obj), Now: now,
			Discount: k.discount(obj, world, role, slices.Contains(c.Forced, role), now),
		})
	}
	for _, role := range c.Give {
		steps = append(steps, give{Step: change(role, "grant", "give", "to")})
	}
	return steps
}

// tell is what a step does, in words.
func (w World) tell(verb, preposition string, roles ...v1alpha1.NamedID) string {
	names := make([]string, len(roles))
	for i, role := range roles {
		names[i] = "role " + role.Value
		if role.ID == entra.DefaultAccess {
			names[i] = "the default access"
		}
	}
	return fmt.Sprintf("%s %s of %s %s %s", verb, strings.Join(names, ", "), w.API.Label(), preposition, w.Principal.Title)
}

// Key is the principal and the API.
func (w *World) Key() []string { return []string{w.ObservedPrincipal.Value.ObjectID, w.API.ObjectID} }

// Present are the IDs of the roles that the principal has.
func (w *World) Present() []string {
	var ids []string
	for _, a := range w.ObservedPrincipal.Value.Assignments {
		if a.SameAs(w.assignment(a.AppRoleID)) {
			ids = append(ids, a.AppRoleID)
		}
	}
	return ids
}

// Shown reports whether the principal has the roles.
func (w *World) Shown(ids []string) bool {
	return permission.All(ids, w.Present())
}

// ReadAgain reads the principal with its roles.
func (w *World) ReadAgain(ctx context.Context, reader entra.Reader) error {
	principal, err := w.Principal.read(ctx, reader, w.API.ObjectID)
	switch {
	case err != nil:
		return fmt.Errorf("read what already exists: %w", err)
	case !principal.IsPresent():
		return entra.ErrLagging
	}
	w.ObservedPrincipal = principal
	return nil
}

// Give assigns roles.
func (w *World) Give(ctx context.Context, directory entra.Directory, ids []string) error {
	for _, id := range ids {
		assignment, err := directory.Assign(ctx, w.assignment(id))
		if err != nil {
			return err
		}
		w.ObservedPrincipal.Value.Assignments = append(slices.Clone(w.ObservedPrincipal.Value.Assignments), assignment)
	}
	return nil
}

// Remove unassigns roles.
func (w *World) Remove(ctx context.Context, directory entra.Directory, ids []string) error {
	for _, assignment := range w.ObservedPrincipal.Value.Assignments {
		if !assignment.SameAs(w.assignment(assignment.AppRoleID)) || !slices.Contains(ids, assignment.AppRoleID) {
			continue
		}
		if err := directory.Unassign(ctx, assignment); err != nil {
			return err
		}
		w.ObservedPrincipal.Value.Assignments = slices.DeleteFunc(slices.Clone(w.ObservedPrincipal.Value.Assignments), assignment.SameAs)
	}
	return nil
}

func (w *World) assignment(roleID string) entra.Assignment {
	return entra.Assignment{PrincipalID: w.ObservedPrincipal.Value.ObjectID, ResourceID: w.API.ObjectID, AppRoleID: roleID}
}
