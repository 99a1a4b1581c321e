package appregistration

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

const (
	graphAppID = "00000003-0000-0000-c000-000000000000"
	graphID    = "graph-principal"
	userReadID = "e1fe6dd8-ba31-4d61-89e7-88639da4683d"
	mailReadID = "570282fd-fa5c-430d-a7fd-fc8dc98a9dca"
	readAllID  = "df021288-bdef-4463-88db-98f22de89214"
)

// microsoftGraph is a little of what the API is in every tenant.
func microsoftGraph(d *directory) {
	d.principals[graphAppID] = entra.ServicePrincipal{
		ObjectID: graphID, AppID: graphAppID, DisplayName: "Microsoft Graph",
		Scopes: []entra.Scope{
			{ID: userReadID, Value: "User.Read", Enabled: true}, {ID: mailReadID, Value: "Mail.Read", Enabled: true},
			{ID: "0", Value: "Old.Read"},
		},
		AppRoles: []entra.AppRole{
			{ID: readAllID, Value: "User.Read.All", Enabled: true, AllowedMemberTypes: []string{"Application"}},
			{ID: "1", Value: "Users.Only", Enabled: true, AllowedMemberTypes: []string{"User"}},
		},
	}
}

// needs declares permissions of an API.
func needs(api v1alpha1.APIReference, delegated []string, application ...string) func(*v1alpha1.AppRegistration) {
	return func(o *v1alpha1.AppRegistration) {
		o.Spec.Permissions = append(o.Spec.Permissions, v1alpha1.Permissions{API: api, Delegated: delegated, Application: application})
	}
}

var wellKnownGraph = v1alpha1.APIReference{WellKnown: v1alpha1.MicrosoftGraph}

func named(namespace, name string) v1alpha1.APIReference {
	return v1alpha1.APIReference{AppRegistrationRef: &v1alpha1.AppRegistrationReference{Namespace: namespace, Name: name}}
}

// everyDeclaration of Microsoft Graph is allowed.
func everyDeclaration() client.Object {
	policy := &v1alpha1.RegistrationPolicy{ObjectMeta: metav1.ObjectMeta{Name: "open"}}
	policy.Spec.Namespaces.All = true
	policy.Spec.Allow = []v1alpha1.PolicyRule{{Declare: &v1alpha1.DeclareRule{
		API: v1alpha1.PolicyAPI{WellKnown: v1alpha1.MicrosoftGraph}, Delegated: []string{"*"}, Application: []string{"*"},
	}}}
	return policy
}

// remarkOn what nobody has consented to, for the first application of a directory.
func remarkOn(what string) string {
	return "remark: Entra and the cluster hold what the spec says; no admin has consented yet, as one does at " +
		"https://login.microsoftonline.com/" + tenantID + "/adminconsent?client_id=app-2, to " + what
}

// graphAPI is Microsoft Graph as a spec's reference finds it, with one role that only an admin's policy gives.
func graphAPI() reference.API {
	enabled := func(value, id string) reference.Permission {
		return reference.Permission{Value: value, ID: id, Enabled: true, Applications: true}
	}
	return reference.API{
		Title: "MicrosoftGraph", DisplayName: "Microsoft Graph", AppID: graphAppID, ObjectID: graphID,
		Scopes:   []reference.Permission{enabled("User.Read", userReadID), enabled("Mail.Read", mailReadID)},
		AppRoles: []reference.Permission{enabled("RoleManagement.ReadWrite.Directory", roleManagementID)},
	}
}

// apiOf is an API of the cluster that Entra has.
func apiOf(namespace, name string, edits ...func(*v1alpha1.AppRegistration)) *v1alpha1.AppRegistration {
	app := &v1alpha1.AppRegistration{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name, UID: types.UID(name)}}
	app.Spec.DisplayName = "The " + name
	app.Spec.API = &v1alpha1.API{Scopes: []v1alpha1.Scope{{Value: "Stock.Read"}, {Value: "Stock.Write", Enabled: new(false)}}}
	app.Spec.AppRoles = []v1alpha1.AppRole{
		{Value: "Stock.Read.All", AllowedMemberTypes: []v1alpha1.MemberType{v1alpha1.MemberApplication}},
		{Value: "Keeper", AllowedMemberTypes: []v1alpha1.MemberType{v1alpha1.MemberUser}},
	}
	app.Status.TenantBinding = v1alpha1.TenantBinding{TenantName: "corp", TenantID: tenantID}
	app.Status.AppID, app.Status.ServicePrincipalObjectID = name+"-app", name+"-principal"
	app.Status.Scopes = []v1alpha1.NamedID{{Value: "Stock.Read", ID: name + "-s1"}, {Value: "Stock.Write", ID: name + "-s2"}}
	app.Status.AppRoles = []v1alpha1.NamedID{{Value: "Stock.Read.All", ID: name + "-r1"}, {Value: "Keeper", ID: name + "-r2"}}
	for _, edit := range edits {
		edit(app)
	}
	return app
}

// entraHas the service principal of an API of the cluster.
func (c *cluster) entraHas(app *v1alpha1.AppRegistration) {
	principal := principalOf(app.Namespace, app.Name)
	principal.ObjectID, principal.AppID = app.Status.ServicePrincipalObjectID, app.Status.AppID
	principal.Tags = clusterTags(principal.Tags)
	c.directory.principals[principal.AppID] = principal
}
