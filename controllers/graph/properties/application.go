package properties

import (
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
	{"id", func(m appModel, a *app) { a.ObjectID = ID(m.GetId()) }, nil},
	{"appId", func(m appModel, a *app) { a.AppID = ID(m.GetAppId()) }, nil},
	{"uniqueName", func(m appModel, a *app) { a.UniqueName = deref(m.GetUniqueName()) }, nil},
	{"createdByAppId", func(m appModel, a *app) { a.CreatedByAppID = ID(additional[string](m, "createdByAppId")) }, nil},
	{"createdDateTime", func(m appModel, a *app) { a.CreatedAt = wholeSeconds(deref(m.GetCreatedDateTime())) }, nil},
	{"deletedDateTime", func(m appModel, a *app) { a.Deleted = m.GetDeletedDateTime() != nil }, nil},
	{"isDisabled", func(m appModel, a *app) { a.Disabled = a.Disabled || deref(additional[bool](m, "isDisabled")) }, nil},
	{"disabledByMicrosoftStatus", func(m appModel, a *app) {
		a.Disabled = a.Disabled || disabledByMicrosoft(m.GetDisabledByMicrosoftStatus())
	}, nil},
	{"displayName", func(m appModel, a *app) { a.DisplayName = deref(m.GetDisplayName()) },
		func(m appModel, p appPatch) error { m.SetDisplayName(p.DisplayName); return nil }},
	{"description", func(m appModel, a *app) { a.Description = deref(m.GetDescription()) },
		func(m appModel, p appPatch) error {
			setOrNull(m, "description", p.Description, m.SetDescription)
			return nil
		}},
	{"signInAudience", func(m appModel, a *app) { a.SignInAudience = deref(m.GetSignInAudience()) },
		func(m appModel, p appPatch) error { m.SetSignInAudience(p.SignInAudience); return nil }},
	{"identifierUris", func(m appModel, a *app) { a.IdentifierURIs = texts(m.GetIdentifierUris()) },
		func(m appModel, p appPatch) error { setList(p.IdentifierURIs, m.SetIdentifierUris); return nil }},
	{"tags", func(m appModel, a *app) { a.Tags = texts(m.GetTags()) },
		func(m appModel, p appPatch) error { setList(p.Tags, m.SetTags); return nil }},
	{"api", func(m appModel, a *app) { a.AccessTokenVersion = deref(api(m).GetRequestedAccessTokenVersion()) },
		func(m appModel, p appPatch) error {
			if p.AccessTokenVersion != nil {
				setOrNull(api(m), "requestedAccessTokenVersion", p.AccessTokenVersion, api(m).SetRequestedAccessTokenVersion)
			}
			return nil
		}},
	{"api", func(m appModel, a *app) { a.Scopes = All(api(m).GetOauth2PermissionScopes(), scopeOf) },
		func(m appModel, p appPatch) error {
			return setEach(p.Scopes, scopeModel, func(v []models.PermissionScopeable) { api(m).SetOauth2PermissionScopes(v) })
		}},
	{"api", func(m appModel, a *app) { a.PreAuthorized = All(api(m).GetPreAuthorizedApplications(), preAuthorized) },
		func(m appModel, p appPatch) error {
			return setEach(p.PreAuthorized, preAuthorizedModel,
				func(v []models.PreAuthorizedApplicationable) { api(m).SetPreAuthorizedApplications(v) })
		}},
	{"api", func(m appModel, a *app) { a.KnownClients = All(api(m).GetKnownClientApplications(), uuid.UUID.String) },
		func(m appModel, p appPatch) error {
			return setEach(p.KnownClients, guid, func(v []uuid.UUID) { api(m).SetKnownClientApplications(v) })
		}},
	{"appRoles", func(m appModel, a *app) { a.AppRoles = All(m.GetAppRoles(), appRoleOf) },
		func(m appModel, p appPatch) error { return setEach(p.AppRoles, appRoleModel, m.SetAppRoles) }},
	{"web", func(m appModel, a *app) { a.WebRedirectURIs = texts(web(m).GetRedirectUris()) },
		func(m appModel, p appPatch) error { setRedirectURIs(p.WebRedirectURIs, m, web); return nil }},
	{"spa", func(m appModel, a *app) { a.SPARedirectURIs = texts(spa(m).GetRedirectUris()) },
		func(m appModel, p appPatch) error { setRedirectURIs(p.SPARedirectURIs, m, spa); return nil }},
	{"publicClient", func(m appModel, a *app) { a.PublicRedirectURIs = texts(publicClient(m).GetRedirectUris()) },
		func(m appModel, p appPatch) error { setRedirectURIs(p.PublicRedirectURIs, m, publicClient); return nil }},
	{"servicePrincipalLockConfiguration", func(m appModel, a *app) { a.Lock = lockOf(m.GetServicePrincipalLockConfiguration()) },
		func(m appModel, p appPatch) error {
			if p.Lock != nil {
				m.SetServicePrincipalLockConfiguration(lockModel(*p.Lock))
			}
			return nil
		}},
	{"passwordCredentials", func(m appModel, a *app) { a.Passwords = All(m.GetPasswordCredentials(), keyID) }, nil},
	{"keyCredentials", func(m appModel, a *app) { a.Keys = All(m.GetKeyCredentials(), keyID) }, nil},
	{"requiredResourceAccess", func(m appModel, a *app) { a.RequiredAccess = All(m.GetRequiredResourceAccess(), requiredAccessOf) },
		func(m appModel, p appPatch) error {
			return setEach(p.RequiredAccess, requiredAccessModel, m.SetRequiredResourceAccess)
		}},
	{"isFallbackPublicClient", func(m appModel, a *app) { a.FallbackPublicClient = deref(m.GetIsFallbackPublicClient()) },
		func(m appModel, p appPatch) error { m.SetIsFallbackPublicClient(p.FallbackPublicClient); return nil }},
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

func setRedirectURIs[T interface{ SetRedirectUris([]string) }](uris *[]string, m appModel, platform func(appModel) T) {
	setList(uris, func(v []string) { platform(m).SetRedirectUris(v) })
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
		Enabled: deref(model.GetIsEnabled()), AllProperties: deref(model.GetAllProperties()),
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

func keyID[C interface{ GetKeyId() *uuid.UUID }](credential C) string {
	return guidText(credential.GetKeyId())
}

// disabledByMicrosoft reports whether the status is anything but null or NotDisabled.
func disabledByMicrosoft(status *string) bool { return deref(status) != "" && *status != "NotDisabled" }

// wholeSeconds drops the fraction, which Entra tells on creation only.
func wholeSeconds(at time.Time) time.Time { return at.UTC().Truncate(time.Second) }

// FederatedCredential reads a model.
func FederatedCredential(model models.FederatedIdentityCredentialable) entra.FederatedCredential {
	credential := entra.FederatedCredential{
		ID: deref(model.GetId()), Name: deref(model.GetName()),
		Issuer: deref(model.GetIssuer()), Subject: deref(model.GetSubject()), Description: deref(model.GetDescription()),
	}
	if audiences := model.GetAudiences(); len(audiences) > 0 {
		credential.Audience = audiences[0]
	}
	return credential
}

// FederatedCredentialModel makes a fresh model of what a patch changes.
func FederatedCredentialModel(patch entra.FederatedCredentialPatch) models.FederatedIdentityCredentialable {
	model := models.NewFederatedIdentityCredential()
	model.SetIssuer(patch.Issuer)
	model.SetSubject(patch.Subject)
	setOrNull(model, "description", patch.Description, model.SetDescription)
	if patch.Audience != nil {
		model.SetAudiences([]string{*patch.Audience})
	}
	return model
}

// NewFederatedCredentialModel is the patch against nothing, with its name.
func NewFederatedCredentialModel(c entra.FederatedCredential) models.FederatedIdentityCredentialable {
	model := FederatedCredentialModel(entra.FederatedCredentialPatch{
		Issuer: &c.Issuer, Subject: &c.Subject, Audience: &c.Audience, Description: orNil(c.Description),
	})
	model.SetName(&c.Name)
	return model
}
