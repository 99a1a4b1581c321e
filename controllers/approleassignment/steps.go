package approleassignment

import (
	"context"
	"errors"
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

// steps towards what was compared.
func (k *Kind) steps(obj *v1alpha1.AppRoleAssignment, world World, c permission.Comparison, now time.Time) []engine.Step[World] {
	about := func(role v1alpha1.NamedID) transfer {
		return transfer{role: role, api: world.API.Label(), principal: world.Principal.Title, change: engine.Change{
			Principal:  engine.NameAndID(world.ObservedPrincipal.Value.DisplayName, world.ObservedPrincipal.Value.ObjectID),
			API:        engine.NameAndID(world.API.DisplayName, world.API.ObjectID),
			Permission: engine.NameAndID(role.Value, role.ID), Justification: obj.Spec.Justification,
		}}
	}
	var steps []engine.Step[World]
	for _, role := range slices.Concat(c.Take, c.Forced) {
		steps = append(steps, take{
			transfer: about(role), self: client.ObjectKeyFromObject(obj), now: now,
			discount: k.discount(obj, world, role, slices.Contains(c.Forced, role), now),
		})
	}
	for _, role := range c.Give {
		steps = append(steps, give{about(role)})
	}
	return steps
}

// readAPI confirms the API's service principal.
type readAPI struct{}

func (readAPI) String() string { return "read the API" }

func (readAPI) Do(ctx context.Context, clients engine.Clients, world *World) error {
	return world.ReadAPI(ctx, clients.Directory)
}

// confirmRoles looks again at roles that the principal had before this object named them: one who named them before may have taken them
// away since, without knowing that this object does now.
type confirmRoles struct {
	roles          []v1alpha1.NamedID
	api, principal string
}

func (w World) confirmRoles(roles []v1alpha1.NamedID) confirmRoles {
	return confirmRoles{roles: roles, api: w.API.Label(), principal: w.Principal.Title}
}

func (s confirmRoles) String() string {
	names := make([]string, len(s.roles))
	for i, role := range s.roles {
		names[i] = title(role)
	}
	return fmt.Sprintf("confirm %s of %s for %s", strings.Join(names, ", "), s.api, s.principal)
}

func (s confirmRoles) Do(ctx context.Context, clients engine.Clients, world *World) error {
	defer world.lock(clients)()
	return world.readAgain(ctx, clients.Directory, permission.IDs(s.roles))
}

// lock is for the principal and the API.
func (w World) lock(clients engine.Clients) (unlock func()) {
	return clients.Locks.Lock(w.ObservedPrincipal.Value.ObjectID, w.API.ObjectID)
}

// readAgain reads the principal afresh, and confirms those of the roles that it has.
func (w *World) readAgain(ctx context.Context, directory entra.Reader, roleIDs []string) error {
	principal, err := w.Principal.read(ctx, directory, w.API.ObjectID)
	switch {
	case err != nil:
		return fmt.Errorf("read what already exists: %w", err)
	case !principal.IsPresent():
		return entra.ErrLagging
	}
	w.ObservedPrincipal = principal
	w.Confirmed = slices.Clone(w.Confirmed)
	for _, id := range roleIDs {
		if _, is := w.assigned(id); is {
			w.Confirmed = append(w.Confirmed, id)
		}
	}
	return nil
}

// transfer is a role of an API and a principal, in words.
type transfer struct {
	role           v1alpha1.NamedID
	api, principal string
	change         engine.Change
}

// tell is what a step does, in words.
func (t transfer) tell(verb, preposition string) string {
	return fmt.Sprintf("%s %s of %s %s %s", verb, title(t.role), t.api, preposition, t.principal)
}

func title(role v1alpha1.NamedID) string {
	if role.ID == entra.DefaultAccess {
		return "the default access"
	}
	return "role " + role.Value
}

// changed is what the audit log is told.
func (t transfer) changed(action string) engine.Change {
	t.change.Action = action
	return t.change
}

// give gives a role to the principal.
type give struct{ transfer }

func (s give) String() string { return s.tell("give", "to") }

// Change is what the audit log tells.
func (s give) Change() engine.Change { return s.changed("grant") }

func (s give) Do(ctx context.Context, clients engine.Clients, world *World) error {
	defer world.lock(clients)()
	assignment, err := clients.Directory.Assign(ctx, world.assignment(s.role.ID))
	switch {
	case errors.Is(err, entra.ErrExists):
		return s.found(ctx, clients.Directory, world)
	case err != nil:
		return err
	}
	world.ObservedPrincipal.Value.Assignments = append(slices.Clone(world.ObservedPrincipal.Value.Assignments), assignment)
	world.Confirmed = append(slices.Clone(world.Confirmed), s.role.ID)
	return nil
}

// found reads the assignment that already exists. Where it is not shown, Entra lags.
func (s give) found(ctx context.Context, directory entra.Reader, world *World) error {
	if err := world.readAgain(ctx, directory, []string{s.role.ID}); err != nil {
		return err
	}
	if _, is := world.assigned(s.role.ID); !is {
		return entra.ErrLagging
	}
	return engine.ErrFound
}

// take takes a role away from the principal, unless another object claims it.
type take struct {
	transfer
	self     client.ObjectKey
	discount permission.Discount
	// now is when a claim must not have expired.
	now time.Time
}

func (s take) String() string { return s.tell("take", "from") }

// Change is what the audit log tells.
func (s take) Change() engine.Change { return s.changed("revoke") }

func (s take) Do(ctx context.Context, clients engine.Clients, world *World) error {
	defer world.lock(clients)()
	claims, err := world.readClaims(ctx, clients.Live, clients.Kube, s.self)
	if err != nil {
		return err
	}
	world.Claims = claims
	if s.discount.Claimed(claims, s.role.ID, s.now) {
		world.Spared = append(slices.Clone(world.Spared), s.role.ID)
		return engine.ErrFound
	}
	assignment, is := world.assigned(s.role.ID)
	if !is {
		return engine.ErrFound
	}
	if err := clients.Directory.Unassign(ctx, assignment); err != nil {
		return err
	}
	world.ObservedPrincipal.Value.Assignments = slices.DeleteFunc(slices.Clone(world.ObservedPrincipal.Value.Assignments), assignment.SameAs)
	world.Taken = append(slices.Clone(world.Taken), s.role.ID)
	return nil
}
