package appregistration

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/appregistration/application"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// entitlement is a permission of an API that has been consented to: a role by ID, or a scope by value.
type entitlement struct {
	// apiObjectID is that of the API's service principal.
	apiObjectID string
	kind        v1alpha1.PermissionType
	name        string
}

func entitlementOf(p application.Permission) entitlement {
	name := p.Value
	if p.Type == v1alpha1.PermissionApplication {
		name = p.ID
	}
	return entitlement{apiObjectID: p.API.ObjectID, kind: p.Type, name: name}
}

// consent is what has been consented to for an application, for all users where it is delegated.
type consent struct {
	// known is true where Entra has been asked, at some time.
	known bool
	given map[entitlement]bool
}

// has reports whether a permission is consented to. As long as Entra has not been asked, what the status says stands.
func (c consent) has(p application.Permission, status []v1alpha1.PermissionStatus) bool {
	if c.known || c.given[entitlementOf(p)] {
		return c.given[entitlementOf(p)]
	}
	return slices.ContainsFunc(status, func(s v1alpha1.PermissionStatus) bool {
		return s.API == apiName(p.API) && s.Value == p.Value && s.Type == p.Type && s.Consented
	})
}

// consents remember what Entra said, by an object's UID: it is asked once a resync. Nobody reads the same object twice at a time.
type consents struct{ byUID sync.Map }

type remembered struct {
	at time.Time
	// shown is what Entra showed then, less what objects of this cluster took away since.
	shown map[entitlement]bool
	// here is what such objects gave when they were last looked at.
	here map[entitlement]bool
}

// of is what is remembered of an object; nil where nothing is.
func (c *consents) of(uid types.UID) *remembered {
	last, _ := c.byUID.Load(uid)
	known, _ := last.(*remembered)
	return known
}

// due reports whether Entra is to be asked again. Resyncs come a little early or late.
func (c *consents) due(uid types.UID, now time.Time, resync time.Duration) bool {
	last := c.of(uid)
	return last == nil || now.Sub(last.at) >= resync*9/10
}

func (c *consents) forget(uid types.UID) { c.byUID.Delete(uid) }

func (c *consents) saw(uid types.UID, now time.Time, shown map[entitlement]bool) {
	c.byUID.Store(uid, &remembered{at: now, shown: shown})
}

// with lays what live objects give over what Entra showed. What one of them gave before and none gives now is gone.
func (c *consents) with(uid types.UID, here map[entitlement]bool) consent {
	last := c.of(uid)
	if last == nil {
		return consent{given: here}
	}
	for given := range last.here {
		if !here[given] {
			delete(last.shown, given)
		}
	}
	last.here = here
	all := maps.Clone(here)
	maps.Copy(all, last.shown)
	return consent{known: true, given: all}
}

// principalWithConsent reads the service principal with what it has been given. Where that shows none, the caller looks for certain.
func (r *read) principalWithConsent(ctx context.Context, appID string) (entra.Observed[entra.ServicePrincipal], error) {
	client, err := entra.Observe(r.reader.ClientByAppID(ctx, appID))
	if err != nil || !client.IsPresent() {
		return entra.Observed[entra.ServicePrincipal]{}, err
	}
	if grants, err := r.reader.Grants(ctx, client.Value.ObjectID); err == nil {
		r.consents.saw(r.obj.UID, r.Clock.Now(), shown(client.Value.Assignments, grants))
	} // else the principal is worth more than who has consented: that is asked for again at the next look
	return entra.Present(client.Value.ServicePrincipal), nil
}

// shown is what Entra says has been given.
func shown(roles []entra.Assignment, grants []entra.Grant) map[entitlement]bool {
	given := map[entitlement]bool{}
	for _, role := range roles {
		given[entitlement{role.ResourceID, v1alpha1.PermissionApplication, role.AppRoleID}] = true
	}
	for _, grant := range grants {
		for _, scope := range grant.Scopes {
			if grant.UserID == "" {
				given[entitlement{grant.ResourceID, v1alpha1.PermissionDelegated, scope}] = true
			}
		}
	}
	return given
}

// consent finds what is consented to, as far as it is known.
func (r *read) consent(ctx context.Context) error {
	if len(r.obj.Spec.Permissions) == 0 || !r.world.principal.IsPresent() {
		return nil
	}
	var (
		roles  v1alpha1.AppRoleAssignmentList
		grants v1alpha1.DelegatedPermissionGrantList
	)
	for _, list := range []client.ObjectList{&roles, &grants} {
		if err := r.Binder.Cache.List(ctx, list, client.InNamespace(r.obj.Namespace), client.UnsafeDisableDeepCopy); err != nil {
			return fmt.Errorf("list what is given to the application: %w", err)
		}
	}
	id, here := r.world.principal.Value.ObjectID, map[entitlement]bool{}
	for i := range roles.Items {
		addAssigned(here, &roles.Items[i], id)
	}
	for i := range grants.Items {
		addGranted(here, &grants.Items[i], id)
	}
	r.world.consent = r.consents.with(r.obj.UID, here)
	return nil
}

// addAssigned adds what an assignment gives to a service principal.
func addAssigned(given map[entitlement]bool, a *v1alpha1.AppRoleAssignment, principalID string) {
	if a.Status.PrincipalObjectID == principalID && inForce(a) {
		for _, role := range a.Status.Roles {
			given[entitlement{a.Status.APIObjectID, v1alpha1.PermissionApplication, role.ID}] = true
		}
	}
}

// addGranted adds what a grant gives to a service principal, for all users.
func addGranted(given map[entitlement]bool, g *v1alpha1.DelegatedPermissionGrant, clientID string) {
	if g.Status.ClientObjectID == clientID && g.Status.UserObjectID == "" && inForce(g) {
		for _, scope := range g.Status.Scopes {
			given[entitlement{g.Status.APIObjectID, v1alpha1.PermissionDelegated, scope}] = true
		}
	}
}

// inForce reports whether Entra has what the object's status names.
func inForce(obj engine.Object) bool {
	return obj.GetDeletionTimestamp().IsZero() && meta.IsStatusConditionTrue(obj.Common().Conditions, v1alpha1.ConditionSynced)
}

// consentRemark says what nobody has consented to, and where an admin does.
func (s *stages) consentRemark() string {
	var lacking []string
	for _, p := range s.resolved.Permissions {
		if !s.world.consent.has(p, s.obj.Status.Permissions) {
			lacking = append(lacking, apiName(p.API)+" "+p.Value)
		}
	}
	if len(lacking) == 0 {
		return ""
	}
	return fmt.Sprintf("Entra and the cluster hold what the spec says; no admin has consented yet, as one does at %s%s/adminconsent?client_id=%s, to %s",
		s.world.Tenant.AuthorityHost, s.world.Tenant.ID, s.world.application.Value.AppID, application.FirstFew(lacking, ", "))
}
