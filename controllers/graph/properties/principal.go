package properties

import (
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

type (
	principalModel = models.ServicePrincipalable
	principal      = entra.ServicePrincipal
	principalPatch = entra.ServicePrincipalPatch
)

// principalProperties are all that is read and written of a service principal. The SDK's models do not have createdDateTime and isDisabled.
var principalProperties = []property[principalModel, principal, principalPatch]{
	{name: "id", read: func(m principalModel, p *principal) { p.ObjectID = ID(m.GetId()) }},
	{name: "appId", read: func(m principalModel, p *principal) { p.AppID = ID(m.GetAppId()) }},
	{name: "displayName", read: func(m principalModel, p *principal) { p.DisplayName = deref(m.GetDisplayName()) }},
	{name: "createdDateTime", read: func(m principalModel, p *principal) { p.CreatedAt = createdAt(m) }},
	{name: "servicePrincipalType", read: func(m principalModel, p *principal) { p.Type = deref(m.GetServicePrincipalType()) }},
	{name: "appOwnerOrganizationId", read: func(m principalModel, p *principal) { p.OwnerTenantID = guidText(m.GetAppOwnerOrganizationId()) }},
	{name: "accountEnabled", read: func(m principalModel, p *principal) {
		p.Disabled = m.GetAccountEnabled() != nil && !*m.GetAccountEnabled()
	}},
	{name: "isDisabled", read: func(m principalModel, p *principal) { p.Disabled = p.Disabled || additional[bool](m, "isDisabled") }},
	{name: "disabledByMicrosoftStatus", read: func(m principalModel, p *principal) {
		p.Disabled = p.Disabled || disabledByMicrosoft(m.GetDisabledByMicrosoftStatus())
	}},
	{
		name:  "tags",
		read:  func(m principalModel, p *principal) { p.Tags = texts(m.GetTags()) },
		write: func(m principalModel, p principalPatch) error { setList(m.SetTags, p.Tags); return nil },
	},
	{name: "appRoles", read: func(m principalModel, p *principal) { p.AppRoles = all(m.GetAppRoles(), appRoleOf) }},
	{name: "oauth2PermissionScopes", read: func(m principalModel, p *principal) {
		p.Scopes = all(m.GetOauth2PermissionScopes(), scopeOf)
	}},
	{
		name: "appRoleAssignmentRequired",
		read: func(m principalModel, p *principal) { p.AssignmentRequired = deref(m.GetAppRoleAssignmentRequired()) },
		write: func(m principalModel, p principalPatch) error {
			m.SetAppRoleAssignmentRequired(p.AssignmentRequired)
			return nil
		},
	},
}

// ServicePrincipalSelect is what is read of a service principal.
var ServicePrincipalSelect = names(principalProperties)

// ServicePrincipal reads a model.
func ServicePrincipal(model models.ServicePrincipalable) entra.ServicePrincipal {
	return read(principalProperties, model)
}

// ServicePrincipalModel makes a fresh model of what a patch changes.
func ServicePrincipalModel(patch entra.ServicePrincipalPatch) (models.ServicePrincipalable, error) {
	model := models.NewServicePrincipal()
	return model, write(principalProperties, principalModel(model), patch)
}

// NewServicePrincipalModel is the patch against nothing, with its application.
func NewServicePrincipalModel(sp entra.NewServicePrincipal) (models.ServicePrincipalable, error) {
	patch := entra.ServicePrincipalPatch{AssignmentRequired: &sp.AssignmentRequired}
	if len(sp.Tags) > 0 {
		patch.Tags = &sp.Tags
	}
	model, err := ServicePrincipalModel(patch)
	model.SetAppId(&sp.AppID)
	return model, err
}

func createdAt(model principalModel) time.Time {
	if at := additional[time.Time](model, "createdDateTime"); !at.IsZero() {
		return wholeSeconds(at)
	}
	at, err := time.Parse(time.RFC3339, additional[string](model, "createdDateTime"))
	if err != nil {
		return time.Time{}
	}
	return wholeSeconds(at)
}
