package properties

import (
	"slices"
	"strings"

	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

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
