package manifest

import (
	"slices"

	"github.com/google/uuid"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

const preAuthorizedPath = "api.preAuthorizedApplications"

// preAuthorized checks that a client is named once, with scopes that exist and that are enabled when they are first named.
func (r rules) preAuthorized(change Change) error {
	clients := odata.Documents(change.After, "api", "preAuthorizedApplications")
	old := preAuthorizedIDs(change.Before)
	seen := map[string]bool{}
	total := 0
	for _, client := range clients {
		appID := odata.Text(client, "appId")
		if uuid.Validate(appID) != nil || seen[appID] {
			return invalid(preAuthorizedPath)
		}
		seen[appID] = true
		ids := odata.Texts(client, "delegatedPermissionIds")
		if r.limits.personal && len(ids) > 30 {
			return invalid(preAuthorizedPath)
		}
		total += len(ids)
		if err := checkDelegatedPermissionIDs(ids, old[appID], change.After); err != nil {
			return err
		}
	}
	if r.limits.personal && (len(clients) > 100 || total > 500) {
		return invalid(preAuthorizedPath)
	}
	return nil
}

// checkDelegatedPermissionIDs checks the scopes that a client may use against those that there are.
func checkDelegatedPermissionIDs(ids, old []string, app odata.Document) error {
	scopes := byID(scopesOf(app))
	for _, id := range ids {
		if scope, ok := scopes[id]; !ok || !odata.Flag(scope, "isEnabled") && !slices.Contains(old, id) {
			return invalid(preAuthorizedPath + ".delegatedPermissionIds")
		}
	}
	return nil
}

func preAuthorizedIDs(app odata.Document) map[string][]string {
	out := map[string][]string{}
	for _, client := range odata.Documents(app, "api", "preAuthorizedApplications") {
		out[odata.Text(client, "appId")] = odata.Texts(client, "delegatedPermissionIds")
	}
	return out
}

// permissions checks what the application declares to require against its limits; whether it exists is not looked up.
func (r rules) permissions(change Change) error {
	const path = "requiredResourceAccess"
	resources := odata.Documents(change.After, path)
	seen := map[string]bool{}
	total := 0
	for _, resource := range resources {
		appID := odata.Text(resource, "resourceAppId")
		access := odata.Documents(resource, "resourceAccess")
		total += len(access)
		if uuid.Validate(appID) != nil || seen[appID] || len(access) > r.limits.perResource {
			return invalid(path)
		}
		seen[appID] = true
		for _, a := range access {
			if kind := odata.Text(a, "type"); kind != "Role" && kind != "Scope" {
				return invalid(path + ".resourceAccess.type")
			}
		}
	}
	if len(resources) > 50 || total > r.limits.permissions {
		return invalid(path)
	}
	return nil
}
