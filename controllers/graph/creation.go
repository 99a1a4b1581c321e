package graph

import (
	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// newApplication is the body of the create call. identifierUris stay out, even if set: api://{appId} cannot be known yet.
func (c *client) newApplication(app entra.NewApplication) (models.Applicationable, error) {
	body, err := patchOf(settingsAsPatch(app.ApplicationSettings))
	if err != nil {
		return nil, err
	}
	body.SetUniqueName(&app.UniqueName)
	body.SetAdditionalData(c.ownedBy(app.OwnerID))
	return body, nil
}

// ownedBy binds an owner: an application-only caller is not sure to become one otherwise.
func (c *client) ownedBy(objectID string) map[string]any {
	return map[string]any{"owners@odata.bind": []string{c.home.String() + "/v1.0/directoryObjects/" + objectID}}
}

// settingsAsPatch names what is set. The audience always is: what Graph takes for a default has changed over the years.
func settingsAsPatch(s entra.ApplicationSettings) entra.ApplicationPatch {
	return entra.ApplicationPatch{
		DisplayName:        &s.DisplayName,
		SignInAudience:     &s.SignInAudience,
		Description:        unlessEmpty(s.Description),
		Tags:               unlessNone(s.Tags),
		AccessTokenVersion: unlessZero(s.AccessTokenVersion),
		Scopes:             unlessNone(s.Scopes),
		AppRoles:           unlessNone(s.AppRoles),
		WebRedirectURIs:    unlessNone(s.WebRedirectURIs),
		SPARedirectURIs:    unlessNone(s.SPARedirectURIs),
		PublicRedirectURIs: unlessNone(s.PublicRedirectURIs),
		RequiredAccess:     unlessNone(s.RequiredAccess),
		PreAuthorized:      unlessNone(s.PreAuthorized),
		KnownClients:       unlessNone(s.KnownClients),
		Lock:               unlessZero(s.Lock),

		FallbackPublicClient: unlessZero(s.FallbackPublicClient),
	}
}

func unlessNone[T any](values []T) *[]T {
	if len(values) == 0 {
		return nil
	}
	return &values
}

func unlessZero[T comparable](value T) *T {
	var zero T
	if value == zero {
		return nil
	}
	return &value
}
