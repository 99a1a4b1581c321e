package graph

import (
	"fmt"
	"slices"
	"strings"

	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// merged are the scopes with the change; what is both added and removed is added.
func merged(scopes []string, change entra.GrantChange) []string {
	kept := slices.DeleteFunc(slices.Clone(scopes), func(scope string) bool { return slices.Contains(change.Remove, scope) })
	kept = merge(kept, change.Add)
	tidy(&kept)
	return kept
}

// scopeOf is how Graph writes scopes; it refuses more than a grant can hold.
func scopeOf(scopes []string) (string, error) {
	scope := strings.Join(scopes, " ")
	if len(scope) > entra.MaxGrantScope {
		return "", entra.Refused{Reason: entra.RefusedInvalid, Property: "scope", Message: fmt.Sprintf(
			"all scopes of one consent, those of others included, may have %d characters together, and these have %d",
			entra.MaxGrantScope, len(scope))}
	}
	return scope, nil
}

func grantOf(model models.OAuth2PermissionGrantable) entra.Grant {
	return entra.Grant{
		ID: value(model.GetId()),
		GrantKey: entra.GrantKey{
			ClientID: value(model.GetClientId()), ResourceID: value(model.GetResourceId()), UserID: value(model.GetPrincipalId()),
		},
		Scopes: merge(nil, strings.Fields(value(model.GetScope()))),
	}
}
