package approleassignment

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/permission"
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
	// ObjectID and AppID are each empty where the spec does not tell.
	ObjectID, AppID string
	// App is its AppRegistration, where it has one in this namespace.
	App reference.App
	// OtherNamespace is true where an AppRegistration of another namespace describes it.
	OtherNamespace bool
}

// principalOf is the principal as the spec names it; app is the AppRegistration that it names, if any.
func principalOf(ref v1alpha1.PrincipalReference, app reference.App) Principal {
	p := Principal{Kind: ref.Kind(), App: app}
	switch {
	case ref.AppRegistrationRef != nil:
		p.Field, p.Title, p.ObjectID, p.AppID = "appRegistrationRef", app.Name, app.ServicePrincipalObjectID, app.AppID
	case ref.ManagedIdentity != nil:
		p.Field, p.ObjectID, p.AppID = "managedIdentity", string(ref.ManagedIdentity.ObjectID), string(ref.ManagedIdentity.ClientID)
		p.Title = "managed identity " + p.ObjectID + p.AppID
	case ref.ServicePrincipal != nil:
		p.Field, p.ObjectID, p.AppID = "servicePrincipal", string(ref.ServicePrincipal.ObjectID), string(ref.ServicePrincipal.AppID)
		p.Title = "service principal " + p.ObjectID + p.AppID
	case ref.Group != nil:
		p.Field, p.ObjectID = "group", string(ref.Group.ObjectID)
		p.Title = "group " + p.ObjectID
	case ref.User != nil:
		p.Field, p.ObjectID = "user", string(ref.User.ObjectID)
		p.Title = "user " + p.ObjectID
	}
	p.Field = "spec.principal." + p.Field
	return p
}

// member reports whether the principal is a user or a group of users.
func (p Principal) member() bool {
	return p.Kind == v1alpha1.PrincipalUser || p.Kind == v1alpha1.PrincipalGroup
}

// read reads the principal with the roles that it has been given: one request for up to 20.
func (p Principal) read(ctx context.Context, reader entra.Reader, apiObjectID string) (entra.Observed[entra.Client], error) {
	switch {
	case p.member():
		kind := entra.MemberGroup
		if p.Kind == v1alpha1.PrincipalUser {
			kind = entra.MemberUser
		}
		member, err := reader.Member(ctx, kind, p.ObjectID, apiObjectID)
		return entra.Observe(entra.Client{
			ServicePrincipal: entra.ServicePrincipal{ObjectID: p.ObjectID, DisplayName: member.DisplayName}, Assignments: member.Assignments,
		}, err)
	case p.ObjectID != "":
		return entra.Observe(reader.Client(ctx, p.ObjectID))
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
	p, shown := &world.Principal, world.ObservedPrincipal.Value.ServicePrincipal
	if shown.Type == managedIdentity {
		p.Kind = v1alpha1.PrincipalManagedIdentity
	}
	var all v1alpha1.AppRegistrationList
	if err := k.Cache.List(ctx, &all, client.UnsafeDisableDeepCopy); err != nil {
		return fmt.Errorf("list AppRegistrations: %w", err)
	}
	p.OtherNamespace = taggedByOther(shown.Tags, obj.Namespace, world.Tenant)
	for i := range all.Items {
		if app := reference.AppOf(&all.Items[i]); app.AppID == shown.AppID || app.ServicePrincipalObjectID == shown.ObjectID {
			p.attribute(app, obj.Namespace, shown, world.Tenant)
		}
	}
	return nil
}

// attribute judges the principal as that of an AppRegistration whose status names it.
func (p *Principal) attribute(app reference.App, namespace string, shown entra.ServicePrincipal, tenant binding.Tenant) {
	switch {
	case app.Namespace != namespace:
		p.OtherNamespace = true
	case app.ServicePrincipalObjectID == shown.ObjectID && app.Confirm(shown, tenant) == nil:
		p.Kind, p.App = v1alpha1.PrincipalAppRegistration, app
	}
}

// taggedByOther reports whether tags of this cluster name an object of another namespace.
func taggedByOther(tags []string, namespace string, tenant binding.Tenant) bool {
	return entra.Marked(tags, entra.TagClusterUID, tenant.ClusterUIDs...) && slices.ContainsFunc(tags, func(tag string) bool {
		owner, is := strings.CutPrefix(tag, entra.TagObject)
		return is && !strings.HasPrefix(owner, namespace+"/")
	})
}

// principalRefusal says why what Entra shows cannot be the principal: it is the operator's own, not what the spec says it is, or of
// somebody who is never a principal. Nil where it can.
func (w World) principalRefusal() *engine.Refusal {
	p, shown := w.Principal, w.ObservedPrincipal.Value.ServicePrincipal
	refuse := func(reason v1alpha1.Reason, format string, args ...any) *engine.Refusal {
		return engine.Refuse(reason, "%s: %s", p.Field, fmt.Sprintf(format, args...))
	}
	switch {
	case w.Tenant.Operator.Include(p.ObjectID, p.AppID, shown.ObjectID, shown.AppID):
		return refuse(v1alpha1.ReasonDenied, "it is the operator's own service principal, which is never a principal")
	case p.App.Name != "":
		return p.App.Confirm(shown, w.Tenant)
	case p.member():
		return nil
	case p.Kind == v1alpha1.PrincipalManagedIdentity && shown.Type != managedIdentity:
		return refuse(v1alpha1.ReasonInvalid, "service principal %s is no managed identity, but of type %q", shown.ObjectID, shown.Type)
	case shown.Type == serviceIdentity:
		return refuse(v1alpha1.ReasonDenied, "service principal %s is of type %s, which is never a principal", shown.ObjectID, shown.Type)
	case shown.OwnerTenantID != "" && shown.OwnerTenantID != w.Tenant.ID:
		return refuse(v1alpha1.ReasonDenied, "the application of service principal %s is registered in another tenant, %s: it is never a principal",
			shown.ObjectID, shown.OwnerTenantID)
	default:
		return nil
	}
}

// principalEnding is the end where the principal is not seen; nil where it is. One who is not of this cluster is asked for in Entra again
// and again; one that another namespace describes is answered as one that does not exist.
func (w World) principalEnding(obj *v1alpha1.AppRoleAssignment, now time.Time) *permission.Ending {
	p, observed := w.Principal, w.ObservedPrincipal
	switch {
	case observed.IsPresent() && !p.OtherNamespace:
		return nil
	case w.Missing != nil && !w.overdue(obj, now):
		return &permission.Ending{Wait: w.Missing}
	case p.OtherNamespace, p.App.Name == "" && (observed.IsAbsent() || obj.Status.PrincipalObjectID == ""):
		return &permission.Ending{Wait: &engine.Wait{What: fmt.Sprintf(
			"%s: %s does not exist in the tenant, or is not for namespace %q", p.Field, p.Title, w.Namespace.Name)}}
	default:
		return permission.Unseen(&observed, w.Gone(fmt.Sprintf("AppRegistration %q", p.Title)))
	}
}

// overdue reports whether something must be taken away as soon as the principal is seen.
func (w World) overdue(obj *v1alpha1.AppRoleAssignment, now time.Time) bool {
	return len(obj.Status.Roles) > 0 && !w.ObservedPrincipal.IsAbsent() && (w.Withheld || permission.Expired(obj.Spec.NotAfter, now))
}
