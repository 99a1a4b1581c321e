package appregistration

import (
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/appregistration/application"
	"github.com/entra-registrar/entra-registrar/controllers/appregistration/secret"
)

// What status takes.
const (
	maxIdentifierURIs = 50
	maxPermissions    = 400
	maxAPIName        = 256
)

// recordStatus pins the tenant and the name that is about to be made, then what was made. It records no ID of an application that is not
// ours, and clears none.
func (s *stages) recordStatus(status *v1alpha1.AppRegistrationStatus) {
	if status.TenantName == "" {
		status.TenantBinding = v1alpha1.TenantBinding{TenantName: s.world.Tenant.Name, TenantID: s.world.Tenant.ID}
	}
	switch {
	case s.owned:
		s.recordApplication(status)
	case s.obj.DeletionTimestamp.IsZero() && (status.ObjectID == "" || s.world.application.IsAbsent()):
		status.UniqueName = s.intendedName()
	}
	s.recordSecret(status)
}

// intendedName is the name that is about to be made or restored.
func (s *stages) intendedName() string {
	if deleted := s.world.deleted; deleted.IsPresent() && mayRestore(s.id, deleted.Value, s.obj.Status.ObjectID) {
		return deleted.Value.UniqueName
	}
	if name, _, free := s.nextName(); free {
		return name
	}
	return s.id.Second
}

func (s *stages) recordApplication(status *v1alpha1.AppRegistrationStatus) {
	app := s.world.application.Value
	if status.AppID != app.AppID {
		status.ServicePrincipalObjectID = "" // another application's
	}
	status.UniqueName, status.AppID, status.ObjectID = app.UniqueName, app.AppID, app.ObjectID
	if s.world.principal.IsPresent() {
		status.ServicePrincipalObjectID = s.world.principal.Value.ObjectID
	}
	status.IdentifierURIs = slices.Clone(app.IdentifierURIs[:min(len(app.IdentifierURIs), maxIdentifierURIs)])
	status.Scopes, status.AppRoles = s.diff.Scopes, s.diff.AppRoles
	s.recordPermissions(status)
	endpoints := s.world.Tenant.Endpoints
	status.Endpoints = &v1alpha1.Endpoints{
		Issuer: secret.Issuer(s.world.Tenant, app), Authorization: endpoints.Authorization, Token: endpoints.Token,
		OpenIDConfiguration: endpoints.Discovery, JWKS: endpoints.JWKS,
	}
}

// recordSecret tells of the Secret that is there and ours, the wanted one first.
func (s *stages) recordSecret(status *v1alpha1.AppRegistrationStatus) {
	switch {
	case secret.BelongsTo(s.world.secret, s.obj):
		status.SecretName = s.world.secret.Name
	case secret.BelongsTo(s.world.formerSecret, s.obj):
		status.SecretName = s.world.formerSecret.Name
	case s.obj.DeletionTimestamp.IsZero():
		status.SecretName = ""
	}
	status.Binding = nil
	if status.SecretName != "" {
		status.Binding = &v1alpha1.Binding{Name: status.SecretName}
	}
}

// recordPermissions tells of those that the spec names and Entra has. While it is not known what the spec names, what was recorded stays.
func (s *stages) recordPermissions(status *v1alpha1.AppRegistrationStatus) {
	if s.resolved.err != nil || len(s.resolved.unobserved) > 0 {
		return
	}
	var list []v1alpha1.PermissionStatus
	for _, p := range s.resolved.Permissions {
		name := apiName(p.API)
		if application.Declares(s.world.application.Value, p.API.AppID, p.Type, p.ID) && len(list) < maxPermissions {
			list = append(list, v1alpha1.PermissionStatus{
				API: strings.ToValidUTF8(name[:min(len(name), maxAPIName)], ""), Value: p.Value, Type: p.Type, Consented: s.world.consent.has(p, status.Permissions),
			})
		}
	}
	status.Permissions = list
}
