package graph

import (
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// applicationFields are what is read of an application. createdByAppId and isDisabled are not in the SDK's models.
var applicationFields = []string{
	"id", "appId", "uniqueName", "createdByAppId", "createdDateTime", "deletedDateTime", "isDisabled", "disabledByMicrosoftStatus",
	"displayName", "description", "signInAudience", "identifierUris", "tags", "api", "appRoles", "web", "spa", "publicClient",
	"servicePrincipalLockConfiguration", "passwordCredentials", "keyCredentials", "requiredResourceAccess", "isFallbackPublicClient",
}

func applicationOf(model models.Applicationable) entra.Application {
	app := entra.Application{
		ObjectID:       value(model.GetId()),
		AppID:          value(model.GetAppId()),
		UniqueName:     value(model.GetUniqueName()),
		CreatedByAppID: additional[string](model, "createdByAppId"),
		CreatedAt:      seconds(model.GetCreatedDateTime()),
		Deleted:        model.GetDeletedDateTime() != nil,
		Disabled:       additional[bool](model, "isDisabled") || disabledByMicrosoft(model.GetDisabledByMicrosoftStatus()),
		ApplicationSettings: entra.ApplicationSettings{
			DisplayName:    value(model.GetDisplayName()),
			Description:    value(model.GetDescription()),
			SignInAudience: value(model.GetSignInAudience()),
			IdentifierURIs: model.GetIdentifierUris(),
			Tags:           model.GetTags(),
			AppRoles:       appRolesOf(model.GetAppRoles()),
			Lock:           lockOf(model.GetServicePrincipalLockConfiguration()),
			RequiredAccess: requiredAccessOf(model.GetRequiredResourceAccess()),

			FallbackPublicClient: value(model.GetIsFallbackPublicClient()),
		},
	}
	for _, password := range model.GetPasswordCredentials() {
		app.Passwords = append(app.Passwords, id(password.GetKeyId()))
	}
	for _, key := range model.GetKeyCredentials() {
		app.Keys = append(app.Keys, id(key.GetKeyId()))
	}
	nestedOf(model, &app.ApplicationSettings)
	tidy(&app.IdentifierURIs, &app.Tags, &app.WebRedirectURIs, &app.SPARedirectURIs, &app.PublicRedirectURIs)
	return app
}

func nestedOf(model models.Applicationable, settings *entra.ApplicationSettings) {
	if api := model.GetApi(); api != nil {
		settings.AccessTokenVersion = value(api.GetRequestedAccessTokenVersion())
		settings.Scopes = scopesOf(api.GetOauth2PermissionScopes())
		settings.PreAuthorized = preAuthorizedOf(api.GetPreAuthorizedApplications())
		settings.KnownClients = knownClientsOf(api.GetKnownClientApplications())
	}
	if web := model.GetWeb(); web != nil {
		settings.WebRedirectURIs = web.GetRedirectUris()
	}
	if spa := model.GetSpa(); spa != nil {
		settings.SPARedirectURIs = spa.GetRedirectUris()
	}
	if public := model.GetPublicClient(); public != nil {
		settings.PublicRedirectURIs = public.GetRedirectUris()
	}
}

func scopesOf(list []models.PermissionScopeable) []entra.Scope {
	var scopes []entra.Scope
	for _, model := range list {
		scopes = append(scopes, entra.Scope{
			ID: id(model.GetId()), Value: value(model.GetValue()), Type: value(model.GetTypeEscaped()),
			AdminConsentDisplayName: value(model.GetAdminConsentDisplayName()),
			AdminConsentDescription: value(model.GetAdminConsentDescription()),
			UserConsentDisplayName:  value(model.GetUserConsentDisplayName()),
			UserConsentDescription:  value(model.GetUserConsentDescription()),
			Enabled:                 value(model.GetIsEnabled()),
		})
	}
	return scopes
}

func appRolesOf(list []models.AppRoleable) []entra.AppRole {
	var roles []entra.AppRole
	for _, model := range list {
		roles = append(roles, entra.AppRole{
			ID: id(model.GetId()), Value: value(model.GetValue()),
			DisplayName: value(model.GetDisplayName()), Description: value(model.GetDescription()),
			AllowedMemberTypes: slices.Sorted(slices.Values(model.GetAllowedMemberTypes())),
			Enabled:            value(model.GetIsEnabled()),
		})
	}
	return roles
}

func lockOf(model models.ServicePrincipalLockConfigurationable) entra.Lock {
	if model == nil {
		return entra.Lock{}
	}
	return entra.Lock{
		Enabled:                    value(model.GetIsEnabled()),
		AllProperties:              value(model.GetAllProperties()),
		CredentialsWithUsageSign:   value(model.GetCredentialsWithUsageSign()),
		CredentialsWithUsageVerify: value(model.GetCredentialsWithUsageVerify()),
		TokenEncryptionKeyID:       value(model.GetTokenEncryptionKeyId()),
	}
}

// disabledByMicrosoft : null and NotDisabled are fine, whatever else is not.
func disabledByMicrosoft(status *string) bool {
	return value(status) != "" && value(status) != "NotDisabled"
}

// additional gives a property that the SDK does not know; the zero value where there is none.
func additional[T any](model interface{ GetAdditionalData() map[string]any }, name string) T {
	switch found := model.GetAdditionalData()[name].(type) {
	case *T:
		return value(found)
	case T:
		return found
	}
	var none T
	return none
}

func value[T any](pointer *T) T {
	if pointer == nil {
		var none T
		return none
	}
	return *pointer
}

// seconds drops the fraction, which Entra tells on creation only.
func seconds(at *time.Time) time.Time { return value(at).UTC().Truncate(time.Second) }

func id(guid *uuid.UUID) string {
	if guid == nil {
		return ""
	}
	return guid.String()
}

// tidy makes empty lists nil, so that values can be compared.
func tidy(lists ...*[]string) {
	for _, list := range lists {
		if len(*list) == 0 {
			*list = nil
		}
	}
}
