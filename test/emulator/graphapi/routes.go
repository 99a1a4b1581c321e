package graphapi

import (
	"net/http"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/graphapi/path"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

type handler func(*call) (*answer, error)

// route is a path pattern, where a star is a key, with the type that its query options are about.
type route struct {
	pattern string
	entity  string
	cost    int // resource units of a GET before its options; 0 is 1
	methods map[string]handler
}

const (
	get   = http.MethodGet
	post  = http.MethodPost
	patch = http.MethodPatch
	del   = http.MethodDelete
)

// routes is the whole API. The first pattern that fits wins.
func routes() []route {
	return []route{
		{"applications", "application", 2, map[string]handler{get: listApplications, post: createApplication}},
		{"applications/$count", "application", 2, map[string]handler{get: countApplications}},
		{"applications/*", "application", 0, map[string]handler{get: getApplication, patch: patchApplication, del: deleteApplication}},
		{"applications/*/owners", "directoryObject", 0, map[string]handler{get: listApplicationOwners}},
		{"applications/*/owners/$ref", "directoryObject", 0, map[string]handler{get: listApplicationOwnerRefs, post: addApplicationOwner}},
		{"applications/*/owners/*/$ref", "directoryObject", 0, map[string]handler{del: removeApplicationOwner}},
		{"applications/*/addPassword", "addPassword", 0, map[string]handler{post: addApplicationPassword}},
		{"applications/*/removePassword", "removePassword", 0, map[string]handler{post: removeApplicationPassword}},
		{"applications/*/federatedIdentityCredentials", "federatedIdentityCredential", 0, map[string]handler{
			get: listFederated, post: createFederated,
		}},
		{"applications/*/federatedIdentityCredentials/$count", "federatedIdentityCredential", 0, map[string]handler{get: countFederated}},
		{"applications/*/federatedIdentityCredentials/*", "federatedIdentityCredential", 0, map[string]handler{
			get: getFederated, patch: patchFederated, del: deleteFederated,
		}},
		{"servicePrincipals", "servicePrincipal", 0, map[string]handler{get: listPrincipals, post: createPrincipal}},
		{"servicePrincipals/$count", "servicePrincipal", 0, map[string]handler{get: countPrincipals}},
		{"servicePrincipals/*", "servicePrincipal", 0, map[string]handler{get: getPrincipal, patch: patchPrincipal, del: deletePrincipal}},
		{"servicePrincipals/*/owners", "directoryObject", 0, map[string]handler{get: listPrincipalOwners}},
		{"servicePrincipals/*/owners/$ref", "directoryObject", 0, map[string]handler{get: listPrincipalOwnerRefs, post: addPrincipalOwner}},
		{"servicePrincipals/*/owners/*/$ref", "directoryObject", 0, map[string]handler{del: removePrincipalOwner}},
		{"servicePrincipals/*/addPassword", "addPassword", 0, map[string]handler{post: addPrincipalPassword}},
		{"servicePrincipals/*/removePassword", "removePassword", 0, map[string]handler{post: removePrincipalPassword}},
		assignments("servicePrincipals/*/appRoleAssignedTo", resourceEnd),
		assignment("servicePrincipals/*/appRoleAssignedTo/*", resourceEnd),
		assignments("servicePrincipals/*/appRoleAssignments", principalEnd),
		assignment("servicePrincipals/*/appRoleAssignments/*", principalEnd),
		assignments("users/*/appRoleAssignments", userEnd),
		assignment("users/*/appRoleAssignments/*", userEnd),
		assignments("groups/*/appRoleAssignments", groupEnd),
		assignment("groups/*/appRoleAssignments/*", groupEnd),
		{"oauth2PermissionGrants", "oAuth2PermissionGrant", 2, map[string]handler{get: listGrants, post: createGrant}},
		{"oauth2PermissionGrants/*", "oAuth2PermissionGrant", 2, map[string]handler{get: getGrant, patch: patchGrant, del: deleteGrant}},
		{"servicePrincipals/*/oauth2PermissionGrants", "oAuth2PermissionGrant", 2, map[string]handler{get: listPrincipalGrants}},
		{"directory/deletedItems/microsoft.graph.application", "application", 0, map[string]handler{get: listDeletedApplications}},
		{"directory/deletedItems/microsoft.graph.servicePrincipal", "servicePrincipal", 0, map[string]handler{get: listDeletedPrincipals}},
		{"directory/deletedItems/*", "directoryObject", 0, map[string]handler{get: getDeleted, del: purgeDeleted}},
		{"directory/deletedItems/*/microsoft.graph.application", "application", 0, map[string]handler{get: getDeletedApplication}},
		{"directory/deletedItems/*/microsoft.graph.servicePrincipal", "servicePrincipal", 0, map[string]handler{get: getDeletedPrincipal}},
		{"directory/deletedItems/*/restore", "directoryObject", 0, map[string]handler{post: restoreDeleted}},
		{"directoryObjects/*", "directoryObject", 0, map[string]handler{get: getDirectoryObject}},
		{"users", "user", 2, map[string]handler{get: listUsers}},
		{"groups", "group", 2, map[string]handler{get: listGroups}},
		{"groups/*/members", "directoryObject", 2, map[string]handler{get: listMembers}},
		{"me", "user", 0, map[string]handler{get: getMe}},
		{"users/*", "user", 0, map[string]handler{get: getUser}},
		{"groups/*", "group", 0, map[string]handler{get: getGroup}},
		{"organization", "organization", 0, map[string]handler{get: getOrganization}},
	}
}

// findRoute matches a path and gives the keys in it.
func findRoute(segments []path.Segment) (route, []path.Segment, error) {
	for _, r := range routes() {
		if keys, ok := match(strings.Split(r.pattern, "/"), segments); ok {
			return r, keys, nil
		}
	}
	return route{}, nil, path.NotFound(segments[len(segments)-1].Word)
}

func match(pattern []string, segments []path.Segment) (keys []path.Segment, ok bool) {
	if len(pattern) != len(segments) {
		return nil, false
	}
	for i, want := range pattern {
		switch {
		case want == "*":
			keys = append(keys, segments[i])
		case segments[i].Key != nil || segments[i].Word != want:
			return nil, false
		}
	}
	return keys, true
}

func methodNotAllowed() error {
	return odata.Refused(http.StatusMethodNotAllowed, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.")
}
