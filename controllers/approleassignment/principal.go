package approleassignment

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// Principal is who is given roles, as a spec names it.
type Principal struct {
	// Kind is what it is. A service principal that turns out to be an AppRegistration's, or a managed identity, is judged as that.
	Kind v1alpha1.PrincipalKind
	// Field of the spec that names it.
	Field string
	// Title is how messages and steps call it.
	Title string
	// ID is its object ID, AppID its application ID; each is empty where the spec does not tell.
	ID, AppID string
	// App is its AppRegistration, where it has one in this namespace.
	App reference.App
	// Elsewhere : an AppRegistration of another namespace describes it.
	Elsewhere bool
}

// bearer is the principal as the spec names it, and an AppRegistration's as the status tells.
func bearer(obj *v1alpha1.AppRoleAssignment) Principal {
	ref, id := obj.Spec.Principal, obj.Status.PrincipalObjectID
	p := Principal{Kind: ref.Kind()}
	switch {
	case ref.AppRegistrationRef != nil:
		p.Field, p.Title, p.ID = "appRegistrationRef", ref.AppRegistrationRef.Name, id
		p.App = reference.App{
			NamespacedName: types.NamespacedName{Namespace: obj.Namespace, Name: ref.AppRegistrationRef.Name},
			TenantName:     obj.Status.TenantName, ID: id,
		}
	case ref.ManagedIdentity != nil:
		p.Field, p.ID, p.AppID = "managedIdentity", ref.ManagedIdentity.ObjectID, ref.ManagedIdentity.ClientID
		p.Title = "managed identity " + p.ID + p.AppID
	case ref.ServicePrincipal != nil:
		p.Field, p.ID, p.AppID = "servicePrincipal", ref.ServicePrincipal.ObjectID, ref.ServicePrincipal.AppID
		p.Title = "service principal " + p.ID + p.AppID
	case ref.Group != nil:
		p.Field, p.ID, p.Title = "group", ref.Group.ObjectID, "group "+ref.Group.ObjectID
	case ref.User != nil:
		p.Field, p.ID, p.Title = "user", ref.User.ObjectID, "user "+ref.User.ObjectID
	}
	p.Field = "spec.principal." + p.Field
	return p
}

// find looks the principal up in the cluster, where the spec names an AppRegistration.
func (k *Kind) find(ctx context.Context, obj *v1alpha1.AppRoleAssignment, p *Principal) error {
	if obj.Spec.Principal.AppRegistrationRef == nil {
		return nil
	}
	app, err := k.resolver().App(ctx, obj.Namespace, *obj.Spec.Principal.AppRegistrationRef, p.Field, obj.Status.PrincipalObjectID)
	if err == nil {
		p.App, p.ID, p.AppID = app, app.ID, app.AppID
	}
	return err
}

// look reads the principal with the roles that it has been given: one request for up to 20.
func (p Principal) look(ctx context.Context, reader entra.Reader, apiID string) (entra.Observed[entra.Client], error) {
	switch {
	case p.Kind == v1alpha1.PrincipalGroup, p.Kind == v1alpha1.PrincipalUser:
		kind := entra.MemberGroup
		if p.Kind == v1alpha1.PrincipalUser {
			kind = entra.MemberUser
		}
		member, err := reader.Member(ctx, kind, p.ID, apiID)
		return entra.Observe(entra.Client{
			ServicePrincipal: entra.ServicePrincipal{ObjectID: p.ID, DisplayName: member.DisplayName}, Assignments: member.Assignments,
		}, err)
	case p.ID != "":
		return entra.Observe(reader.Client(ctx, p.ID))
	default:
		return entra.Observe(reader.ClientByAppID(ctx, p.AppID))
	}
}

// managedIdentity and serviceIdentity are types of service principals: Azure's, and those that Microsoft makes for agents.
const (
	managedIdentity = "ManagedIdentity"
	serviceIdentity = "ServiceIdentity"
)

// recognise finds out what a service principal is that the spec names by ID: it is judged alike however it is spelled. Tags and
// statuses only ever narrow what is allowed; to count as an AppRegistration's, both must agree.
func (k *Kind) recognise(ctx context.Context, obj *v1alpha1.AppRoleAssignment, world *World) error {
	p, seen := &world.Principal, world.Client.Value.ServicePrincipal
	if p.Kind != v1alpha1.PrincipalServicePrincipal || !world.complete(obj) {
		return nil
	}
	if seen.Type == managedIdentity {
		p.Kind = v1alpha1.PrincipalManagedIdentity
	}
	var all v1alpha1.AppRegistrationList
	if err := k.Cache.List(ctx, &all, client.UnsafeDisableDeepCopy); err != nil {
		return fmt.Errorf("list AppRegistrations: %w", err)
	}
	p.Elsewhere = taggedElsewhere(seen.Tags, obj.Namespace, world.Tenant)
	for i := range all.Items {
		if app := &all.Items[i]; app.Status.AppID == seen.AppID || app.Status.ServicePrincipalObjectID == seen.ObjectID {
			p.belong(app, obj.Namespace, seen, world.Tenant)
		}
	}
	return nil
}

// belong judges the principal as that of an AppRegistration whose status names it.
func (p *Principal) belong(app *v1alpha1.AppRegistration, namespace string, seen entra.ServicePrincipal, tenant engine.Tenant) {
	if app.Namespace != namespace {
		p.Elsewhere = true
		return
	}
	found := reference.App{
		NamespacedName: client.ObjectKeyFromObject(app), TenantName: app.Status.TenantName, ID: app.Status.ServicePrincipalObjectID,
		AppID: app.Status.AppID, Leaving: !app.DeletionTimestamp.IsZero(), Disabled: engine.Disabled(app),
	}
	if found.ID == seen.ObjectID && found.Confirm(seen, tenant) == nil {
		p.Kind, p.App = v1alpha1.PrincipalAppRegistration, found
	}
}

// taggedElsewhere tells whether tags of this cluster name an object of another namespace.
func taggedElsewhere(tags []string, namespace string, tenant engine.Tenant) bool {
	return entra.Marked(tags, entra.TagClusterUID, tenant.ClusterUIDs...) && slices.ContainsFunc(tags, func(tag string) bool {
		owner, is := strings.CutPrefix(tag, entra.TagObject)
		return is && !strings.HasPrefix(owner, namespace+"/")
	})
}
