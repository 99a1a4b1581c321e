package appregistration

import (
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// principalStep brings the service principal closer to what is wanted. Lagging: it is recorded, and Entra does not show it now.
func (s *stages) principalStep() (step engine.Step[World], lagging bool) {
	world, app := s.world, s.world.application.Value
	switch {
	case world.principal.IsPresent():
		return s.principalUpdate(), false
	case world.deletedPrincipal.IsPresent():
		return restorePrincipal{objectID: world.deletedPrincipal.Value.ObjectID, appID: app.AppID}, false
	case world.principal.IsUnknown() && s.obj.Status.ServicePrincipalObjectID != "" && s.obj.Status.AppID == app.AppID:
		return nil, true
	}
	create := createPrincipal{principal: entra.NewServicePrincipal{
		AppID: app.AppID, OwnerID: world.Tenant.ObjectID, Tags: s.diff.PrincipalTags, AssignmentRequired: s.diff.AssignmentRequired,
	}}
	if len(world.unrecoverable) > 0 {
		create.former = world.unrecoverable[0].AppID
	}
	return create, false
}

// principalUpdate enforces that our tags are there. Its other tags are left alone: Entra shows those of the application among them.
func (s *stages) principalUpdate() engine.Step[World] {
	have := s.world.principal.Value
	update := updatePrincipal{objectID: have.ObjectID}
	if have.AssignmentRequired != s.diff.AssignmentRequired {
		update.patch.AssignmentRequired = &s.diff.AssignmentRequired
		update.words = append(update.words, "appRoleAssignmentRequired")
	}
	lacks := func(tag string) bool { return !slices.Contains(have.Tags, tag) }
	if slices.ContainsFunc(s.diff.PrincipalTags, lacks) {
		tags := slices.Clone(s.diff.PrincipalTags)
		for _, tag := range have.Tags {
			if !copied(tag, s.world.application.Value) && !slices.Contains(tags, tag) {
				tags = append(tags, tag)
			}
		}
		update.patch.Tags = &tags
		update.words = append(update.words, "tags")
	}
	if update.patch.Empty() {
		return nil
	}
	return update
}

// copied reports whether a tag of a service principal is its application's, or an outdated mark of ours.
func copied(tag string, app entra.Application) bool {
	return slices.Contains(app.Tags, tag) || strings.HasPrefix(tag, "k8s-") || strings.HasPrefix(tag, entra.TagManagedBy)
}
