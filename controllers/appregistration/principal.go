package appregistration

import (
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// principalStep brings the service principal closer to what is wanted. Pending: it is recorded, and Entra does not show it now.
func principalStep(obj *v1alpha1.AppRegistration, world World, d desired) (step engine.Step[World], pending bool) {
	app := world.application.Value
	switch {
	case world.principal.IsPresent():
		return principalUpdate(world, d), false
	case world.principalGrave.IsPresent():
		return restorePrincipal{objectID: world.principalGrave.Value.ObjectID, appID: app.AppID}, false
	case world.principal.IsUnknown() && obj.Status.ServicePrincipalObjectID != "" && obj.Status.AppID == app.AppID:
		return nil, true
	}
	create := createPrincipal{principal: entra.NewServicePrincipal{
		AppID: app.AppID, OwnerID: world.Tenant.ObjectID, Tags: d.principalTags, AssignmentRequired: d.assignmentRequired,
	}}
	if len(world.spent) > 0 {
		create.former = world.spent[0].AppID
	}
	return create, false
}

// principalUpdate enforces that our tags are there. Its other tags are left alone: Entra shows those of the application among them.
func principalUpdate(world World, d desired) engine.Step[World] {
	have := world.principal.Value
	update := updatePrincipal{objectID: have.ObjectID}
	if have.AssignmentRequired != d.assignmentRequired {
		update.patch.AssignmentRequired = &d.assignmentRequired
		update.words = append(update.words, "appRoleAssignmentRequired")
	}
	lacks := func(tag string) bool { return !slices.Contains(have.Tags, tag) }
	if slices.ContainsFunc(d.principalTags, lacks) {
		tags := slices.Clone(d.principalTags)
		for _, tag := range have.Tags {
			if !copied(tag, world.application.Value) && !slices.Contains(tags, tag) {
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

// copied tells whether a tag of a service principal is its application's, or an outdated mark of ours.
func copied(tag string, app entra.Application) bool {
	return slices.Contains(app.Tags, tag) || strings.HasPrefix(tag, "k8s-") || strings.HasPrefix(tag, entra.TagManagedBy)
}
