package graph

import (
	"fmt"

	"github.com/google/uuid"
	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// patchOf makes a fresh model of what differs. What is emptied is sent as null or [], which the SDK would leave out.
func patchOf(patch entra.ApplicationPatch) (models.Applicationable, error) {
	model := models.NewApplication()
	nulls := map[string]any{}
	model.SetDisplayName(patch.DisplayName)
	model.SetSignInAudience(patch.SignInAudience)
	model.SetIsFallbackPublicClient(patch.FallbackPublicClient)
	if patch.Description != nil {
		model.SetDescription(orNull(nulls, "description", patch.Description))
	}
	if patch.IdentifierURIs != nil {
		model.SetIdentifierUris(list(*patch.IdentifierURIs))
	}
	if patch.Tags != nil {
		model.SetTags(list(*patch.Tags))
	}
	if patch.Lock != nil {
		model.SetServicePrincipalLockConfiguration(lockModel(*patch.Lock))
	}
	model.SetAdditionalData(nulls)
	setPlatforms(model, patch)
	return model, setPermissions(model, patch)
}

func setPlatforms(model models.Applicationable, patch entra.ApplicationPatch) {
	if patch.WebRedirectURIs != nil {
		web := models.NewWebApplication()
		web.SetRedirectUris(list(*patch.WebRedirectURIs))
		model.SetWeb(web)
	}
	if patch.SPARedirectURIs != nil {
		spa := models.NewSpaApplication()
		spa.SetRedirectUris(list(*patch.SPARedirectURIs))
		model.SetSpa(spa)
	}
	if patch.PublicRedirectURIs != nil {
		public := models.NewPublicClientApplication()
		public.SetRedirectUris(list(*patch.PublicRedirectURIs))
		model.SetPublicClient(public)
	}
}

func setPermissions(model models.Applicationable, patch entra.ApplicationPatch) error {
	if patch.AppRoles != nil {
		roles, err := each(*patch.AppRoles, appRoleModel)
		if err != nil {
			return fmt.Errorf("appRoles: %w", err)
		}
		model.SetAppRoles(roles)
	}
	if patch.RequiredAccess != nil {
		access, err := each(*patch.RequiredAccess, requiredAccessModel)
		if err != nil {
			return fmt.Errorf("requiredResourceAccess: %w", err)
		}
		model.SetRequiredResourceAccess(access)
	}
	api, err := apiModel(patch)
	if err == nil && api != nil {
		model.SetApi(api)
	}
	return err
}

func scopeModel(scope entra.Scope) (models.PermissionScopeable, error) {
	id, err := guid(scope.ID)
	if err != nil {
		return nil, err
	}
	model := models.NewPermissionScope()
	model.SetId(id)
	model.SetValue(&scope.Value)
	model.SetTypeEscaped(&scope.Type)
	model.SetIsEnabled(&scope.Enabled)
	model.SetAdminConsentDisplayName(unlessEmpty(scope.AdminConsentDisplayName))
	model.SetAdminConsentDescription(unlessEmpty(scope.AdminConsentDescription))
	model.SetUserConsentDisplayName(unlessEmpty(scope.UserConsentDisplayName))
	model.SetUserConsentDescription(unlessEmpty(scope.UserConsentDescription))
	return model, nil
}

func appRoleModel(role entra.AppRole) (models.AppRoleable, error) {
	id, err := guid(role.ID)
	if err != nil {
		return nil, err
	}
	model := models.NewAppRole()
	model.SetId(id)
	model.SetValue(unlessEmpty(role.Value))
	model.SetDisplayName(&role.DisplayName)
	model.SetDescription(&role.Description)
	model.SetIsEnabled(&role.Enabled)
	model.SetAllowedMemberTypes(list(role.AllowedMemberTypes))
	return model, nil
}

func lockModel(lock entra.Lock) models.ServicePrincipalLockConfigurationable {
	model := models.NewServicePrincipalLockConfiguration()
	model.SetIsEnabled(&lock.Enabled)
	model.SetAllProperties(&lock.AllProperties)
	model.SetCredentialsWithUsageSign(&lock.CredentialsWithUsageSign)
	model.SetCredentialsWithUsageVerify(&lock.CredentialsWithUsageVerify)
	model.SetTokenEncryptionKeyId(&lock.TokenEncryptionKeyID)
	return model
}

// orNull gives the value to set or, where it is the zero value, notes an explicit null.
func orNull[T comparable](nulls map[string]any, name string, value *T) *T {
	var zero T
	if *value == zero {
		nulls[name] = nil
		return nil
	}
	return value
}

func each[T, M any](values []T, model func(T) (M, error)) ([]M, error) {
	made := make([]M, 0, len(values))
	for _, value := range values {
		m, err := model(value)
		if err != nil {
			return nil, err
		}
		made = append(made, m)
	}
	return made, nil
}

// list is never nil, and no caller's.
func list(values []string) []string { return append([]string{}, values...) }

func unlessEmpty(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func guid(text string) (*uuid.UUID, error) {
	id, err := uuid.Parse(text)
	if err != nil {
		return nil, entra.Refused{Reason: entra.RefusedInvalid, Message: fmt.Sprintf("%q is no GUID", plain(text))}
	}
	return &id, nil
}
