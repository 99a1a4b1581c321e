package delegatedpermissiongrant

import (
	"cmp"
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

type (
	give = permission.Give[World, *World]
	take = permission.Take[World, *World]

	// readPrincipals confirms the client, and the API where an AppRegistration's status tells of it.
	readPrincipals struct{ api bool }
)

func (s readPrincipals) String() string {
	if s.api {
		return "read the client and the API"
	}
	return "read the client"
}

func (s readPrincipals) Do(ctx context.Context, clients engine.Clients, world *World) error {
	observed, err := entra.Observe(clients.Directory.Client(ctx, world.Client.ServicePrincipalObjectID))
	if err != nil {
		return err
	}
	if s.api && !observed.IsAbsent() {
		if err := world.ReadAPI(ctx, clients.Directory); err != nil {
			return err
		}
	}
	world.ObservedClient = &observed
	return nil
}

// steps towards what was compared, each about several scopes.
func steps(obj *v1alpha1.DelegatedPermissionGrant, world World, c permission.Comparison, now time.Time) []engine.Step[World] {
	change := func(action, verb string, scopes []v1alpha1.NamedID) permission.Step {
		return permission.Step{
			Text: world.tell(verb, scopes), IDs: permission.IDs(scopes),
			Audit: engine.Change{
				Action:     action,
				Principal:  engine.NameAndID(cmp.Or(world.clientShown().DisplayName, obj.Status.ClientName), world.Client.ServicePrincipalObjectID),
				API:        engine.NameAndID(world.API.DisplayName, world.API.ObjectID),
				Permission: fmt.Sprintf("%s (delegated, for %s)", join(scopes), world.users()), Justification: obj.Spec.Justification,
			},
		}
	}
	var steps []engine.Step[World]
	if len(c.Give) > 0 {
		steps = append(steps, give{Step: change("grant", "consent to use", c.Give)})
	}
	takeAway := func(scopes []v1alpha1.NamedID, discount permission.Discount) {
		if len(scopes) > 0 {
			step := change("revoke", "take back the consent to use", scopes)
			steps = append(steps, take{Step: step, Self: client.ObjectKeyFromObject(obj), Discount: discount, Now: now})
		}
	}
	takeAway(c.Take, permission.Discount{})
	takeAway(c.Forced, permission.Discount{Namespace: obj.Namespace})
	return steps
}

// tell is what a step does, in words.
func (w World) tell(verb string, scopes []v1alpha1.NamedID) string {
	return fmt.Sprintf("%s %s of %s by %s for %s", verb, join(scopes), w.API.Label(), w.Client.Name, w.users())
}

func join(scopes []v1alpha1.NamedID) string { return strings.Join(permission.IDs(scopes), " ") }

func (w World) users() string {
	if w.UserID != "" {
		return "user " + w.UserID
	}
	return "all users"
}

// Key is the client, the API and the user.
func (w *World) Key() []string { return []string{w.key().ClientID, w.key().ResourceID, w.key().UserID} }

// Present are the scopes that are consented to.
func (w *World) Present() []string {
	grant, _ := w.grant()
	return grant.Scopes
}

// Shown reports whether there is a grant.
func (w *World) Shown([]string) bool {
	_, shown := w.grant()
	return shown
}

// ReadAgain reads the client's grants.
func (w *World) ReadAgain(ctx context.Context, reader entra.Reader) error {
	grants, err := reader.Grants(ctx, w.Client.ServicePrincipalObjectID)
	if err != nil {
		return fmt.Errorf("read what already exists: %w", err)
	}
	w.Grants = entra.Present(grants)
	return nil
}

// Give consents to scopes.
func (w *World) Give(ctx context.Context, directory entra.Directory, scopes []string) error {
	grant, exists := w.grant()
	var err error
	if exists {
		grant, err = directory.ChangeGrant(ctx, grant, entra.GrantChange{Add: scopes})
	} else {
		grant.Scopes = scopes
		grant, err = directory.CreateGrant(ctx, grant)
	}
	refused, is := errors.AsType[entra.Refused](err)
	switch {
	case is && refused.Reason == entra.RefusedInvalid && w.UserID != "": // of the key, the user alone was confirmed by nobody
		return fmt.Errorf("spec.user.objectID must be a user of the tenant: %w", err)
	case err != nil:
		return err
	}
	w.fold(grant)
	return nil
}

// Remove takes the consent to scopes away.
func (w *World) Remove(ctx context.Context, directory entra.Directory, scopes []string) error {
	grant, _ := w.grant()
	left, err := directory.ChangeGrant(ctx, grant, entra.GrantChange{Remove: scopes})
	if err == nil {
		w.fold(left)
	}
	return err
}

// fold puts a grant as it was written in place of the one that was read; one without scopes is gone.
func (w *World) fold(grant entra.Grant) {
	grants := slices.DeleteFunc(slices.Clone(w.Grants.Value), func(g entra.Grant) bool { return g.GrantKey == w.key() })
	if len(grant.Scopes) > 0 {
		grants = append(grants, grant)
	}
	w.Grants = entra.Present(grants)
}
