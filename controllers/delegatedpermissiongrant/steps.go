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

// steps towards what was compared.
func steps(obj *v1alpha1.DelegatedPermissionGrant, world World, c permission.Comparison, now time.Time) []engine.Step[World] {
	about := about(obj, world)
	var steps []engine.Step[World]
	if len(c.Give) > 0 {
		steps = append(steps, give{about, permission.IDs(c.Give)})
	}
	if len(c.Take) > 0 {
		steps = append(steps, take{consent: about, scopes: permission.IDs(c.Take), self: client.ObjectKeyFromObject(obj), now: now})
	}
	if len(c.Forced) > 0 {
		steps = append(steps, take{
			consent: about, scopes: permission.IDs(c.Forced), self: client.ObjectKeyFromObject(obj), now: now,
			discount: permission.Discount{Namespace: obj.Namespace},
		})
	}
	return steps
}

// consent is what the steps of one object have in common.
type consent struct {
	client, api string
	key         entra.GrantKey
	change      engine.Change
}

func about(obj *v1alpha1.DelegatedPermissionGrant, world World) consent {
	return consent{
		client: world.Client.Name, api: world.API.Label(), key: world.key(),
		change: engine.Change{
			Principal:     engine.NameAndID(cmp.Or(world.clientShown().DisplayName, obj.Status.ClientName), world.Client.ServicePrincipalObjectID),
			API:           engine.NameAndID(world.API.DisplayName, world.API.ObjectID),
			Justification: obj.Spec.Justification,
		},
	}
}

// lock is for the grant.
func (c consent) lock(clients engine.Clients) (unlock func()) {
	return clients.Locks.Lock(c.key.ClientID, c.key.ResourceID, c.key.UserID)
}

func (c consent) users() string {
	if c.key.UserID != "" {
		return "user " + c.key.UserID
	}
	return "all users"
}

// tell is what a step does, in words.
func (c consent) tell(verb string, scopes []string) string {
	return fmt.Sprintf("%s %s of %s by %s for %s", verb, strings.Join(scopes, " "), c.api, c.client, c.users())
}

// changed is what the audit log is told.
func (c consent) changed(action string, scopes []string) engine.Change {
	c.change.Action, c.change.Permission = action, fmt.Sprintf("%s (delegated, for %s)", strings.Join(scopes, " "), c.users())
	return c.change
}

// readPrincipals confirms the client, and the API where an AppRegistration's status tells of it.
type readPrincipals struct{ api bool }

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

// confirmScopes looks again at scopes that were consented to before this object named them: one who named them before may have taken them
// away since, without knowing that this object does now.
type confirmScopes struct {
	consent
	scopes []string
}

func (s confirmScopes) String() string { return s.tell("confirm the consent to use", s.scopes) }

func (s confirmScopes) Do(ctx context.Context, clients engine.Clients, world *World) error {
	defer s.lock(clients)()
	return world.readAgain(ctx, clients.Directory, s.scopes)
}

// give consents to scopes.
type give struct {
	consent
	scopes []string
}

func (s give) String() string { return s.tell("consent to use", s.scopes) }

// Change is what the audit log tells.
func (s give) Change() engine.Change { return s.changed("grant", s.scopes) }

func (s give) Do(ctx context.Context, clients engine.Clients, world *World) error {
	defer s.lock(clients)()
	grant, exists := world.grant()
	var err error
	if exists {
		grant, err = clients.Directory.ChangeGrant(ctx, grant, entra.GrantChange{Add: s.scopes})
	} else {
		grant.Scopes = s.scopes
		grant, err = clients.Directory.CreateGrant(ctx, grant)
	}
	switch {
	case errors.Is(err, entra.ErrExists):
		return s.found(ctx, clients.Directory, world)
	case err != nil:
		return s.explain(err)
	}
	world.fold(grant)
	world.confirm(s.scopes)
	return nil
}

// found reads the grant that already exists. Where it is not shown, Entra lags.
func (s give) found(ctx context.Context, directory entra.Reader, world *World) error {
	if err := world.readAgain(ctx, directory, s.scopes); err != nil {
		return err
	}
	if _, shown := world.grant(); !shown {
		return entra.ErrLagging
	}
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

// take takes scopes away, but for those that another object claims.
type take struct {
	consent
	scopes   []string
	self     client.ObjectKey
	discount permission.Discount
	// now is when a claim must not have expired.
	now time.Time
}

func (s take) String() string { return s.tell("take back the consent to use", s.scopes) }

// Change is what the audit log tells.
func (s take) Change() engine.Change { return s.changed("revoke", s.scopes) }

func (s take) Do(ctx context.Context, clients engine.Clients, world *World) error {
	defer s.lock(clients)()
	var err error
	if world.Claims, err = world.readClaims(ctx, clients.Live, s.self); err != nil {
		return err
	}
	scopes := slices.DeleteFunc(slices.Clone(s.scopes), func(scope string) bool { return s.discount.Claimed(world.Claims, scope, s.now) })
	grant, exists := world.grant()
	if len(scopes) == 0 || !exists {
		return engine.ErrFound
	}
	left, err := clients.Directory.ChangeGrant(ctx, grant, entra.GrantChange{Remove: scopes})
	if err != nil {
		return err
	}
	world.fold(left)
	world.Taken = slices.Concat(world.Taken, scopes)
	return nil
}

// readAgain reads the grants afresh, and confirms those of the scopes that are consented to.
func (w *World) readAgain(ctx context.Context, directory entra.Reader, scopes []string) error {
	grants, err := directory.Grants(ctx, w.Client.ServicePrincipalObjectID)
	if err != nil {
		return fmt.Errorf("read what already exists: %w", err)
	}
	w.Grants = entra.Present(grants)
	w.confirm(scopes)
	return nil
}

// fold puts a grant as it was written in place of the one that was read; one without scopes is gone.
func (w *World) fold(grant entra.Grant) {
	grants := slices.DeleteFunc(slices.Clone(w.Grants.Value), func(g entra.Grant) bool { return g.GrantKey == w.key() })
	if len(grant.Scopes) > 0 {
		grants = append(grants, grant)
	}
	w.Grants = entra.Present(grants)
}

// confirm notes those of the scopes that the grant has.
func (w *World) confirm(scopes []string) {
	grant, _ := w.grant()
	w.Confirmed = slices.Concat(w.Confirmed, only(scopes, grant.Scopes))
}
