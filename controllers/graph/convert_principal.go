package graph

import (
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// principalFields are what is read of a service principal. createdDateTime and isDisabled are not in the SDK's models.
var principalFields = []string{
	"id", "appId", "displayName", "createdDateTime", "servicePrincipalType", "appOwnerOrganizationId", "accountEnabled", "isDisabled",
	"disabledByMicrosoftStatus", "tags", "appRoles", "oauth2PermissionScopes", "appRoleAssignmentRequired",
}

func principalOf(model models.ServicePrincipalable) entra.ServicePrincipal {
	enabled := model.GetAccountEnabled()
	principal := entra.ServicePrincipal{
		ObjectID:      value(model.GetId()),
		AppID:         value(model.GetAppId()),
		DisplayName:   value(model.GetDisplayName()),
		CreatedAt:     createdAt(model),
		Type:          value(model.GetServicePrincipalType()),
		OwnerTenantID: id(model.GetAppOwnerOrganizationId()),
		Disabled: enabled != nil && !*enabled || additional[bool](model, "isDisabled") ||
			disabledByMicrosoft(model.GetDisabledByMicrosoftStatus()),
		Tags:               model.GetTags(),
		AppRoles:           appRolesOf(model.GetAppRoles()),
		Scopes:             scopesOf(model.GetOauth2PermissionScopes()),
		AssignmentRequired: value(model.GetAppRoleAssignmentRequired()),
	}
	tidy(&principal.Tags)
	return principal
}

func createdAt(model models.ServicePrincipalable) time.Time {
	if at := additional[time.Time](model, "createdDateTime"); !at.IsZero() {
		return at.UTC().Truncate(time.Second)
	}
	at, err := time.Parse(time.RFC3339, additional[string](model, "createdDateTime"))
	if err != nil {
		return time.Time{}
	}
	return at.UTC().Truncate(time.Second)
}

func credentialsOf(list []models.FederatedIdentityCredentialable) []entra.FederatedCredential {
	var credentials []entra.FederatedCredential
	for _, model := range list {
		credentials = append(credentials, federatedOf(model))
	}
	return credentials
}

func federatedOf(model models.FederatedIdentityCredentialable) entra.FederatedCredential {
	credential := entra.FederatedCredential{
		ID: value(model.GetId()), Name: value(model.GetName()),
		Issuer: value(model.GetIssuer()), Subject: value(model.GetSubject()), Description: value(model.GetDescription()),
	}
	if audiences := model.GetAudiences(); len(audiences) > 0 {
		credential.Audience = audiences[0]
	}
	return credential
}

func assignmentsOf(list []models.AppRoleAssignmentable) []entra.Assignment {
	var assignments []entra.Assignment
	for _, model := range list {
		assignments = append(assignments, assignmentOf(model))
	}
	return assignments
}

func assignmentOf(model models.AppRoleAssignmentable) entra.Assignment {
	return entra.Assignment{
		ID: value(model.GetId()), PrincipalID: id(model.GetPrincipalId()),
		ResourceID: id(model.GetResourceId()), AppRoleID: id(model.GetAppRoleId()),
	}
}
