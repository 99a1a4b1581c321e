package appregistration

import (
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// What status takes.
const (
	maxIdentifierURIs = 50
	maxPermissions    = 400
	maxAPIName        = 256
)

// Record pins the tenant and the name that is about to be made, then what was made. It records no ID of an application that is
// not ours, and clears none.
func (k *Kind) Record(obj *v1alpha1.AppRegistration, world World) {
	if world.Tenant.Name == "" || world.Tenant.Abandoned || elsewhere(obj, world) {
		return
	}
	id := identify(obj, world.Basis)
	status := &obj.Status
	if status.TenantName == "" {
		status.TenantBinding = v1alpha1.TenantBinding{TenantName: world.Tenant.Name, TenantID: world.Tenant.ID}
	}
	switch {
	case world.application.IsPresent() && owned(obj, world, id):
		recordApplication(obj, world, id)
	case obj.DeletionTimestamp.IsZero() && (status.ObjectID == "" || world.application.IsAbsent()):
		status.UniqueName = intended(obj, world, id)
	}
	recordSecret(obj, world)
}

// intended is the name that is about to be made or restored.
func intended(obj *v1alpha1.AppRegistration, world World, id identity) string {
	if world.grave.IsPresent() && id.clean(world.grave.Value, obj.Status.ObjectID) {
		return world.grave.Value.UniqueName
	}
	if name, _, found := nextName(obj, world, id); found {
		return name
	}
	return id.second
}

func owned(obj *v1alpha1.AppRegistration, world World, id identity) bool {
	if !obj.DeletionTimestamp.IsZero() {
		yes, known := mine(id, world)
		return yes && known
	}
	faults, known := judge(id, world)
	return known && len(faults) == 0 && world.twin == nil
}

func recordApplication(obj *v1alpha1.AppRegistration, world World, id identity) {
	app, status := world.application.Value, &obj.Status
	if status.AppID != app.AppID {
		status.ServicePrincipalObjectID = "" // another application's
	}
	status.UniqueName, status.AppID, status.ObjectID = app.UniqueName, app.AppID, app.ObjectID
	if world.principal.IsPresent() {
		status.ServicePrincipalObjectID = world.principal.Value.ObjectID
	}
	d := want(obj.Spec, id, world.references)
	status.IdentifierURIs = slices.Clone(app.IdentifierURIs[:min(len(app.IdentifierURIs), maxIdentifierURIs)])
	status.Scopes = recorded(app.Scopes, d.scopes, scopeFacts)
	status.AppRoles = recorded(app.AppRoles, d.roles, roleFacts)
	recordPermissions(status, world)
	status.Endpoints = &v1alpha1.Endpoints{
		Issuer:        issuer(world.Tenant, app),
		Authorization: world.Tenant.Endpoints.Authorization, Token: world.Tenant.Endpoints.Token,
		OpenIDConfiguration: world.Tenant.Endpoints.Discovery, JWKS: world.Tenant.Endpoints.JWKS,
	}
}

// recorded are the entries that the spec names and Entra has.
func recorded[T any](have []T, want []wanted[T], read func(*T) facts) []v1alpha1.NamedID {
	var list []v1alpha1.NamedID
	for _, entry := range have {
		if f := read(&entry); match(want, f, read) >= 0 {
			list = append(list, v1alpha1.NamedID{Value: *f.value, ID: *f.id})
		}
	}
	return list
}

// recordSecret tells of the Secret that is there and ours, the wanted one first.
func recordSecret(obj *v1alpha1.AppRegistration, world World) {
	status := &obj.Status
	switch {
	case belongs(world.secret, obj):
		status.SecretName = world.secret.Name
	case belongs(world.formerSecret, obj):
		status.SecretName = world.formerSecret.Name
	case obj.DeletionTimestamp.IsZero():
		status.SecretName = ""
	}
	status.Binding = nil
	if status.SecretName != "" {
		status.Binding = &v1alpha1.Binding{Name: status.SecretName}
	}
}

// recordPermissions tells of those that the spec names and Entra has. While Entra does not answer, what was recorded stays.
func recordPermissions(status *v1alpha1.AppRegistrationStatus, world World) {
	if world.references.trouble != nil {
		return
	}
	var list []v1alpha1.PermissionStatus
	for _, p := range world.references.permissions {
		if declares(world.application.Value, p.api.AppID, p.kind, p.id) && len(list) < maxPermissions {
			list = append(list, v1alpha1.PermissionStatus{
				API: clip(apiName(p.api), maxAPIName), Value: p.value, Type: p.kind, Consented: world.consent.has(p, status.Permissions),
			})
		}
	}
	status.Permissions = list
}

// clip cuts a text after so many bytes.
func clip(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	return strings.ToValidUTF8(text[:limit], "")
}
