package graph

import (
	"fmt"

	"github.com/google/uuid"
	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// What Graph calls the two kinds of permission in requiredResourceAccess.
const (
	accessScope = "Scope"
	accessRole  = "Role"
)

func requiredAccessOf(list []models.RequiredResourceAccessable) []entra.RequiredAccess {
	var required []entra.RequiredAccess
	for _, model := range list {
		access := entra.RequiredAccess{ResourceAppID: value(model.GetResourceAppId())}
		for _, permission := range model.GetResourceAccess() {
			if value(permission.GetTypeEscaped()) == accessRole {
				access.AppRoles = append(access.AppRoles, id(permission.GetId()))
			} else {
				access.Scopes = append(access.Scopes, id(permission.GetId()))
			}
		}
		required = append(required, access)
	}
	return required
}

func requiredAccessModel(access entra.RequiredAccess) (models.RequiredResourceAccessable, error) {
	scopes, err := each(access.Scopes, resourceAccess(accessScope))
	if err != nil {
		return nil, err
	}
	roles, err := each(access.AppRoles, resourceAccess(accessRole))
	if err != nil {
		return nil, err
	}
	model := models.NewRequiredResourceAccess()
	model.SetResourceAppId(&access.ResourceAppID)
	model.SetResourceAccess(append(scopes, roles...))
	return model, nil
}

func resourceAccess(kind string) func(string) (models.ResourceAccessable, error) {
	return func(permission string) (models.ResourceAccessable, error) {
		id, err := guid(permission)
		if err != nil {
			return nil, err
		}
		model := models.NewResourceAccess()
		model.SetId(id)
		model.SetTypeEscaped(&kind)
		return model, nil
	}
}

func preAuthorizedOf(list []models.PreAuthorizedApplicationable) []entra.PreAuthorized {
	var clients []entra.PreAuthorized
	for _, model := range list {
		client := entra.PreAuthorized{AppID: value(model.GetAppId()), Scopes: model.GetDelegatedPermissionIds()}
		tidy(&client.Scopes)
		clients = append(clients, client)
	}
	return clients
}

func preAuthorizedModel(client entra.PreAuthorized) models.PreAuthorizedApplicationable {
	model := models.NewPreAuthorizedApplication()
	model.SetAppId(&client.AppID)
	model.SetDelegatedPermissionIds(list(client.Scopes))
	return model
}

func knownClientsOf(list []uuid.UUID) []string {
	var clients []string
	for _, client := range list {
		clients = append(clients, client.String())
	}
	return clients
}

// apiModel is what a patch changes of api; nil where it changes nothing. Graph keeps what is not in it.
func apiModel(patch entra.ApplicationPatch) (models.ApiApplicationable, error) {
	if patch.Scopes == nil && patch.AccessTokenVersion == nil && patch.PreAuthorized == nil && patch.KnownClients == nil {
		return nil, nil //nolint:nilnil // nil is the answer
	}
	api := models.NewApiApplication()
	if patch.AccessTokenVersion != nil {
		nulls := map[string]any{}
		api.SetRequestedAccessTokenVersion(orNull(nulls, "requestedAccessTokenVersion", patch.AccessTokenVersion))
		api.SetAdditionalData(nulls)
	}
	if patch.Scopes != nil {
		scopes, err := each(*patch.Scopes, scopeModel)
		if err != nil {
			return nil, fmt.Errorf("oauth2PermissionScopes: %w", err)
		}
		api.SetOauth2PermissionScopes(scopes)
	}
	return api, setClients(api, patch)
}

func setClients(api models.ApiApplicationable, patch entra.ApplicationPatch) error {
	if patch.PreAuthorized != nil {
		clients := make([]models.PreAuthorizedApplicationable, 0, len(*patch.PreAuthorized))
		for _, client := range *patch.PreAuthorized {
			clients = append(clients, preAuthorizedModel(client))
		}
		api.SetPreAuthorizedApplications(clients)
	}
	if patch.KnownClients != nil {
		clients := make([]uuid.UUID, 0, len(*patch.KnownClients))
		for _, client := range *patch.KnownClients {
			id, err := guid(client)
			if err != nil {
				return fmt.Errorf("knownClientApplications: %w", err)
			}
			clients = append(clients, *id)
		}
		api.SetKnownClientApplications(clients)
	}
	return nil
}
