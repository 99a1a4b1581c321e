package properties

import (
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"k8s.io/utils/ptr"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

type (
	principalModel = models.ServicePrincipalable
	principal      = entra.ServicePrincipal
	principalPatch = entra.ServicePrincipalPatch
)

// principalProperties are all that is read and written of a service principal. The SDK's models do not have createdDateTime and isDisabled.
var principalProperties = []property[principalModel, principal, principalPatch]{
	{"id", func(m principalModel, p *principal) { p.ObjectID = ID(m.GetId()) }, nil},
	{"appId", func(m principalModel, p *principal) { p.AppID = ID(m.GetAppId()) }, nil},
	{"displayName", func(m principalModel, p *principal) { p.DisplayName = deref(m.GetDisplayName()) }, nil},
	{"createdDateTime", func(m principalModel, p *principal) {
		at, _ := time.Parse(time.RFC3339, deref(additional[string](m, "createdDateTime"))) // zero where it is not told
		p.CreatedAt = wholeSeconds(at)
	}, nil},
	{"servicePrincipalType", func(m principalModel, p *principal) { p.Type = deref(m.GetServicePrincipalType()) }, nil},
	{"appOwnerOrganizationId", func(m principalModel, p *principal) { p.OwnerTenantID = guidText(m.GetAppOwnerOrganizationId()) }, nil},
	{"accountEnabled", func(m principalModel, p *principal) { p.Disabled = !ptr.Deref(m.GetAccountEnabled(), true) }, nil},
	{"isDisabled", func(m principalModel, p *principal) {
		p.Disabled = p.Disabled || deref(additional[bool](m, "isDisabled"))
	}, nil},
	{"disabledByMicrosoftStatus", func(m principalModel, p *principal) {
		p.Disabled = p.Disabled || disabledByMicrosoft(m.GetDisabledByMicrosoftStatus())
	}, nil},
	{"tags", func(m principalModel, p *principal) { p.Tags = texts(m.GetTags()) },
		func(m principalModel, p principalPatch) error { setList(p.Tags, m.SetTags); return nil }},
	{"appRoles", func(m principalModel, p *principal) { p.AppRoles = All(m.GetAppRoles(), appRoleOf) }, nil},
	{"oauth2PermissionScopes", func(m principalModel, p *principal) { p.Scopes = All(m.GetOauth2PermissionScopes(), scopeOf) }, nil},
	{"appRoleAssignmentRequired", func(m principalModel, p *principal) { p.AssignmentRequired = deref(m.GetAppRoleAssignmentRequired()) },
		func(m principalModel, p principalPatch) error {
			m.SetAppRoleAssignmentRequired(p.AssignmentRequired)
			return nil
		}},
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
