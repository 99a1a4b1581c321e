package properties

import (
	"slices"
	"strings"

	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

func scopeOf(model models.PermissionScopeable) entra.Scope {
	return entra.Scope{
		ID: guidText(model.GetId()), Value: deref(model.GetValue()), Type: deref(model.GetTypeEscaped()),
		AdminConsentDisplayName: deref(model.GetAdminConsentDisplayName()),
		AdminConsentDescription: deref(model.GetAdminConsentDescription()),
		UserConsentDisplayName:  deref(model.GetUserConsentDisplayName()),
		UserConsentDescription:  deref(model.GetUserConsentDescription()),
		Enabled:                 deref(model.GetIsEnabled()),
	}
}

func scopeModel(scope entra.Scope) (models.PermissionScopeable, error) {
	id, err := guid(scope.ID)
	model := models.NewPermissionScope()
	model.SetId(&id)
	model.SetValue(&scope.Value)
	model.SetTypeEscaped(&scope.Type)
	model.SetIsEnabled(&scope.Enabled)
	model.SetAdminConsentDisplayName(orNil(scope.AdminConsentDisplayName))
	model.SetAdminConsentDescription(orNil(scope.AdminConsentDescription))
	model.SetUserConsentDisplayName(orNil(scope.UserConsentDisplayName))
	model.SetUserConsentDescription(orNil(scope.UserConsentDescription))
	return model, err
}

func appRoleOf(model models.AppRoleable) entra.AppRole {
	return entra.AppRole{
		ID: guidText(model.GetId()), Value: deref(model.GetValue()),
		DisplayName: deref(model.GetDisplayName()), Description: deref(model.GetDescription()),
		AllowedMemberTypes: slices.Sorted(slices.Values(model.GetAllowedMemberTypes())),
		Enabled:            deref(model.GetIsEnabled()),
	}
}

func appRoleModel(role entra.AppRole) (models.AppRoleable, error) {
	id, err := guid(role.ID)
	model := models.NewAppRole()
	model.SetId(&id)
	model.SetValue(orNil(role.Value))
	model.SetDisplayName(&role.DisplayName)
	model.SetDescription(&role.Description)
	model.SetIsEnabled(&role.Enabled)
	model.SetAllowedMemberTypes(list(role.AllowedMemberTypes))
	return model, err
}

// What Graph calls the two kinds of permission in requiredResourceAccess.
const (
	accessScope = "Scope"
	accessRole  = "Role"
)

func requiredAccessOf(model models.RequiredResourceAccessable) entra.RequiredAccess {
	access := entra.RequiredAccess{ResourceAppID: ID(model.GetResourceAppId())}
	for _, permission := range model.GetResourceAccess() {
		if deref(permission.GetTypeEscaped()) == accessRole {
			access.AppRoles = append(access.AppRoles, guidText(permission.GetId()))
		} else {
			access.Scopes = append(access.Scopes, guidText(permission.GetId()))
		}
	}
	return access
}

func requiredAccessModel(access entra.RequiredAccess) (models.RequiredResourceAccessable, error) {
	scopes, err := each(access.Scopes, resourceAccess(accessScope))
	if err != nil {
		return nil, err
	}
	roles, err := each(access.AppRoles, resourceAccess(accessRole))
	model := models.NewRequiredResourceAccess()
	model.SetResourceAppId(&access.ResourceAppID)
	model.SetResourceAccess(append(scopes, roles...))
	return model, err
}

func resourceAccess(kind string) func(string) (models.ResourceAccessable, error) {
	return func(permission string) (models.ResourceAccessable, error) {
		id, err := guid(permission)
		model := models.NewResourceAccess()
		model.SetId(&id)
		model.SetTypeEscaped(&kind)
		return model, err
	}
}

func preAuthorized(model models.PreAuthorizedApplicationable) entra.PreAuthorized {
	return entra.PreAuthorized{
		AppID:  ID(model.GetAppId()),
		Scopes: All(model.GetDelegatedPermissionIds(), strings.ToLower),
	}
}

func preAuthorizedModel(client entra.PreAuthorized) (models.PreAuthorizedApplicationable, error) {
	model := models.NewPreAuthorizedApplication()
	model.SetAppId(&client.AppID)
	model.SetDelegatedPermissionIds(list(client.Scopes))
	return model, nil
}

// Assignment reads a model.
func Assignment(model models.AppRoleAssignmentable) entra.Assignment {
	return entra.Assignment{
		ID: deref(model.GetId()), PrincipalID: guidText(model.GetPrincipalId()),
		ResourceID: guidText(model.GetResourceId()), AppRoleID: guidText(model.GetAppRoleId()),
	}
}

// AssignmentModel makes a model to create.
func AssignmentModel(a entra.Assignment) (models.AppRoleAssignmentable, error) {
	ids, err := each([]string{a.PrincipalID, a.ResourceID, a.AppRoleID}, guid)
	if err != nil {
		return nil, err
	}
	model := models.NewAppRoleAssignment()
	model.SetPrincipalId(&ids[0])
	model.SetResourceId(&ids[1])
	model.SetAppRoleId(&ids[2])
	return model, nil
}

// Grant reads a model.
func Grant(model models.OAuth2PermissionGrantable) entra.Grant {
	grant := entra.Grant{
		ID:       deref(model.GetId()),
		GrantKey: entra.GrantKey{ClientID: ID(model.GetClientId()), ResourceID: ID(model.GetResourceId()), UserID: ID(model.GetPrincipalId())},
	}
	for scope := range strings.FieldsSeq(deref(model.GetScope())) {
		if !slices.Contains(grant.Scopes, scope) {
			grant.Scopes = append(grant.Scopes, scope)
		}
	}
	return grant
}
