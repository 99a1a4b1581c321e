package properties

import (
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

type (
	appModel = models.Applicationable
	app      = entra.Application
	appPatch = entra.ApplicationPatch
)

// applicationProperties are all that is read and written of an application. The SDK's models do not have createdByAppId and isDisabled.
var applicationProperties = []property[appModel, app, appPatch]{
	{name: "id", read: func(m appModel, a *app) { a.ObjectID = ID(m.GetId()) }},
	{name: "appId", read: func(m appModel, a *app) { a.AppID = ID(m.GetAppId()) }},
	{name: "uniqueName", read: func(m appModel, a *app) { a.UniqueName = deref(m.GetUniqueName()) }},
	{name: "createdByAppId", read: func(m appModel, a *app) { a.CreatedByAppID = strings.ToLower(additional[string](m, "createdByAppId")) }},
	{name: "createdDateTime", read: func(m appModel, a *app) { a.CreatedAt = wholeSeconds(deref(m.GetCreatedDateTime())) }},
	{name: "deletedDateTime", read: func(m appModel, a *app) { a.Deleted = m.GetDeletedDateTime() != nil }},
	{name: "isDisabled", read: func(m appModel, a *app) { a.Disabled = a.Disabled || additional[bool](m, "isDisabled") }},
	{name: "disabledByMicrosoftStatus", read: func(m appModel, a *app) {
		a.Disabled = a.Disabled || disabledByMicrosoft(m.GetDisabledByMicrosoftStatus())
	}},
	{
		name:  "displayName",
		read:  func(m appModel, a *app) { a.DisplayName = deref(m.GetDisplayName()) },
		write: func(m appModel, p appPatch) error { m.SetDisplayName(p.DisplayName); return nil },
	},
	{
		name: "description",
		read: func(m appModel, a *app) { a.Description = deref(m.GetDescription()) },
		write: func(m appModel, p appPatch) error {
			setOrNull(m, "description", m.SetDescription, p.Description)
			return nil
		},
	},
	{
		name:  "signInAudience",
		read:  func(m appModel, a *app) { a.SignInAudience = deref(m.GetSignInAudience()) },
		write: func(m appModel, p appPatch) error { m.SetSignInAudience(p.SignInAudience); return nil },
	},
	{
		name:  "identifierUris",
		read:  func(m appModel, a *app) { a.IdentifierURIs = texts(m.GetIdentifierUris()) },
		write: func(m appModel, p appPatch) error { setList(m.SetIdentifierUris, p.IdentifierURIs); return nil },
	},
	{
		name:  "tags",
		read:  func(m appModel, a *app) { a.Tags = texts(m.GetTags()) },
		write: func(m appModel, p appPatch) error { setList(m.SetTags, p.Tags); return nil },
	},
	{
		name: "api",
		read: func(m appModel, a *app) { a.AccessTokenVersion = deref(api(m).GetRequestedAccessTokenVersion()) },
		write: func(m appModel, p appPatch) error {
			if p.AccessTokenVersion != nil {
				setOrNull(api(m), "requestedAccessTokenVersion", api(m).SetRequestedAccessTokenVersion, p.AccessTokenVersion)
			}
			return nil
		},
	},
	{
		name: "api",
		read: func(m appModel, a *app) { a.Scopes = all(api(m).GetOauth2PermissionScopes(), scopeOf) },
		write: func(m appModel, p appPatch) error {
			return setEach(func(v []models.PermissionScopeable) { api(m).SetOauth2PermissionScopes(v) }, p.Scopes, scopeModel)
		},
	},
	{
		name: "api",
		read: func(m appModel, a *app) {
			a.PreAuthorized = all(api(m).GetPreAuthorizedApplications(), preAuthorizedOf)
		},
		write: func(m appModel, p appPatch) error {
			return setEach(func(v []models.PreAuthorizedApplicationable) { api(m).SetPreAuthorizedApplications(v) }, p.PreAuthorized, preAuthorizedModel)
		},
	},
	{
		name: "api",
		read: func(m appModel, a *app) { a.KnownClients = all(api(m).GetKnownClientApplications(), uuid.UUID.String) },
		write: func(m appModel, p appPatch) error {
			return setEach(func(v []uuid.UUID) { api(m).SetKnownClientApplications(v) }, p.KnownClients, guid)
		},
	},
	{
		name:  "appRoles",
		read:  func(m appModel, a *app) { a.AppRoles = all(m.GetAppRoles(), appRoleOf) },
		write: func(m appModel, p appPatch) error { return setEach(m.SetAppRoles, p.AppRoles, appRoleModel) },
	},
	{
		name: "web",
		read: func(m appModel, a *app) { a.WebRedirectURIs = texts(web(m).GetRedirectUris()) },
		write: func(m appModel, p appPatch) error {
			setList(func(v []string) { web(m).SetRedirectUris(v) }, p.WebRedirectURIs)
			return nil
		},
	},
	{
		name: "spa",
		read: func(m appModel, a *app) { a.SPARedirectURIs = texts(spa(m).GetRedirectUris()) },
		write: func(m appModel, p appPatch) error {
			setList(func(v []string) { spa(m).SetRedirectUris(v) }, p.SPARedirectURIs)
			return nil
		},
	},
	{
		name: "publicClient",
		read: func(m appModel, a *app) { a.PublicRedirectURIs = texts(publicClient(m).GetRedirectUris()) },
		write: func(m appModel, p appPatch) error {
			setList(func(v []string) { publicClient(m).SetRedirectUris(v) }, p.PublicRedirectURIs)
			return nil
		},
	},
	{
		name: "servicePrincipalLockConfiguration",
		read: func(m appModel, a *app) { a.Lock = lockOf(m.GetServicePrincipalLockConfiguration()) },
		write: func(m appModel, p appPatch) error {
			if p.Lock != nil {
				m.SetServicePrincipalLockConfiguration(lockModel(*p.Lock))
			}
			return nil
		},
	},
	{name: "passwordCredentials", read: func(m appModel, a *app) {
		a.Passwords = all(m.GetPasswordCredentials(), func(c models.PasswordCredentialable) string { return guidText(c.GetKeyId()) })
	}},
	{name: "keyCredentials", read: func(m appModel, a *app) {
		a.Keys = all(m.GetKeyCredentials(), func(c models.KeyCredentialable) string { return guidText(c.GetKeyId()) })
	}},
	{
		name: "requiredResourceAccess",
		read: func(m appModel, a *app) { a.RequiredAccess = all(m.GetRequiredResourceAccess(), requiredAccessOf) },
		write: func(m appModel, p appPatch) error {
			return setEach(m.SetRequiredResourceAccess, p.RequiredAccess, requiredAccessModel)
		},
	},
	{
		name:  "isFallbackPublicClient",
		read:  func(m appModel, a *app) { a.FallbackPublicClient = deref(m.GetIsFallbackPublicClient()) },
		write: func(m appModel, p appPatch) error { m.SetIsFallbackPublicClient(p.FallbackPublicClient); return nil },
	},
}

// ApplicationSelect is what is read of an application.
var ApplicationSelect = names(applicationProperties)

// Application reads a model.
func Application(model models.Applicationable) entra.Application {
	return read(applicationProperties, model)
}

// ApplicationModel makes a fresh model of what a patch changes.
func ApplicationModel(patch entra.ApplicationPatch) (models.Applicationable, error) {
	model := models.NewApplication()
	return model, write(applicationProperties, appModel(model), patch)
}

// NewApplicationModel is the patch against nothing, with its name. The audience is always sent: what Graph takes for a default has
// changed over the years. identifierUris are not, even if set: api://{appId} cannot be known yet.
func NewApplicationModel(app entra.NewApplication) (models.Applicationable, error) {
	patch := app.Patch()
	patch.DisplayName, patch.SignInAudience, patch.IdentifierURIs = &app.DisplayName, &app.SignInAudience, nil
	model, err := ApplicationModel(patch)
	model.SetUniqueName(&app.UniqueName)
	return model, err
}

func api(m appModel) models.ApiApplicationable {
	return nested(m.GetApi(), m.SetApi, models.NewApiApplication)
}
func web(m appModel) models.WebApplicationable {
	return nested(m.GetWeb(), m.SetWeb, models.NewWebApplication)
}
func spa(m appModel) models.SpaApplicationable {
	return nested(m.GetSpa(), m.SetSpa, models.NewSpaApplication)
}
func publicClient(m appModel) models.PublicClientApplicationable {
	return nested(m.GetPublicClient(), m.SetPublicClient, models.NewPublicClientApplication)
}

func lockOf(model models.ServicePrincipalLockConfigurationable) entra.Lock {
	if model == nil {
		return entra.Lock{}
	}
	return entra.Lock{
		Enabled:                    deref(model.GetIsEnabled()),
		AllProperties:              deref(model.GetAllProperties()),
		CredentialsWithUsageSign:   deref(model.GetCredentialsWithUsageSign()),
		CredentialsWithUsageVerify: deref(model.GetCredentialsWithUsageVerify()),
		TokenEncryptionKeyID:       deref(model.GetTokenEncryptionKeyId()),
	}
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

// disabledByMicrosoft reports whether the status is anything but null or NotDisabled.
func disabledByMicrosoft(status *string) bool { return deref(status) != "" && *status != "NotDisabled" }

// wholeSeconds drops the fraction, which Entra tells on creation only.
func wholeSeconds(at time.Time) time.Time { return at.UTC().Truncate(time.Second) }
