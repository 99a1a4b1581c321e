package e2e

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/outofband"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/rule"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// allFields is a spec in which every field has a value.
func allFields(spec *v1alpha1.AppRegistrationSpec) {
	spec.Description, spec.Tags = "takes orders", []string{"orders"}
	spec.IdentifierURIs = []string{"api://{appID}"}
	spec.API = &v1alpha1.API{Scopes: []v1alpha1.Scope{
		{Value: "Orders.Read", UserConsentDisplayName: "Read your orders", UserConsentDescription: "Reads your orders."},
		{Value: "Orders.Write"},
	}}
	with.AppRoles("Orders.Read.All", "Orders.Write.All")(spec)
	spec.Web = &v1alpha1.Platform{RedirectURIs: []string{"https://orders.example.com/web"}}
	spec.SPA = &v1alpha1.Platform{RedirectURIs: []string{"https://orders.example.com/spa"}}
	spec.PublicClient = &v1alpha1.Platform{RedirectURIs: []string{"http://localhost"}}
	spec.Lock = &v1alpha1.Lock{AllProperties: new(false), CredentialsWithUsageSign: true}
	spec.FallbackPublicClient = true
	with.Permissions(with.MicrosoftGraph, []string{"User.Read"}, "Group.Read.All")(spec)
	friend := v1alpha1.ClientReference{AppID: otherClient}
	spec.API.KnownClients = []v1alpha1.ClientReference{friend}
	spec.API.PreAuthorizedClients = []v1alpha1.PreAuthorizedClient{{Client: friend, Scopes: []string{"Orders.Read", "Orders.Write"}}}
}

// otherClient is an application of somebody else's.
const otherClient = "11111111-2222-4333-8444-555555555555"

// allowAllFields allows what allFields asks for beyond the baseline.
func allowAllFields() env.Option {
	return env.WithPolicy(
		rule.Field("spec.lock.allProperties", "false"), rule.Field("spec.fallbackPublicClient", "true"), rule.Declare(nil, "Group.Read.All"),
		rule.Field("spec.api.knownClients.appID", otherClient), rule.Field("spec.api.preAuthorizedClients.client.appID", otherClient),
	)
}

const (
	scopeList = "PATCH [api.oauth2PermissionScopes]"
	roleList  = "PATCH [appRoles]"
)

// entries changes a list of scopes or roles.
func entries(path []string, change func([]any) []any) func(odata.Document) odata.Document {
	return func(app odata.Document) odata.Document {
		var value any = change(odata.List(app, path...))
		for _, name := range slices.Backward(path) {
			value = odata.Document{name: value}
		}
		return value.(odata.Document)
	}
}

var scopePath, rolePath = []string{"api", "oauth2PermissionScopes"}, []string{"appRoles"}

// entryWith changes one property of the first entry of a list.
func entryWith(path []string, property string, value any) func(odata.Document) odata.Document {
	return entries(path, func(list []any) []any {
		list[0].(odata.Document)[property] = value
		return list
	})
}

func withNewEntry(path []string, entry odata.Document) func(odata.Document) odata.Document {
	return entries(path, func(list []any) []any {
		entry["id"] = uuid.NewString()
		return append(list, entry)
	})
}

func newScope(enabled bool) odata.Document {
	return odata.Document{"value": "Theirs", "type": "User", "isEnabled": enabled, "adminConsentDisplayName": "x", "adminConsentDescription": "x"}
}

func newRole(enabled bool) odata.Document {
	return odata.Document{"value": "Theirs", "isEnabled": enabled, "displayName": "x", "description": "x", "allowedMemberTypes": odata.Strings("User")}
}

func platform(name string, uris ...string) func(odata.Document) odata.Document {
	return fixed(odata.Document{name: odata.Document{"redirectUris": odata.Strings(uris...)}})
}

func locked(property string, value bool) func(odata.Document) odata.Document {
	return fixed(odata.Document{"servicePrincipalLockConfiguration": odata.Document{property: value}})
}

func applicationDrifts() []drift {
	lock := []string{"PATCH [servicePrincipalLockConfiguration]"}
	return []drift{
		{"a new name", "DisplayName", fixed(odata.Document{"displayName": "Mine"}), []string{"PATCH [displayName]"}},
		{"no description", "Description", fixed(odata.Document{"description": nil}), []string{"PATCH [description]"}},
		{"accounts of other directories", "SignInAudience", fixed(odata.Document{"signInAudience": "AzureADMultipleOrgs"}),
			[]string{"PATCH [signInAudience]"}},
		{"no name for the API", "IdentifierURIs", fixed(odata.Document{"identifierUris": []any{}}), []string{"PATCH [identifierUris]"}},
		{"another tag", "Tags", func(app odata.Document) odata.Document {
			return odata.Document{"tags": append(odata.List(app, "tags"), "theirs")}
		}, []string{"PATCH [tags]"}},
		{"no tags, ours among them", "Tags", fixed(odata.Document{"tags": []any{}}), []string{"PATCH [tags]"}},
		{"tokens of version 1", "AccessTokenVersion", fixed(odata.Document{"api": odata.Document{"requestedAccessTokenVersion": 1}}),
			[]string{"PATCH [api.requestedAccessTokenVersion]"}},
		{"another redirect URI", "WebRedirectURIs", platform("web", "https://orders.example.com/web", "https://evil.example.com"),
			[]string{"PATCH [web.redirectUris]"}},
		{"a redirect URI in place of ours", "SPARedirectURIs", platform("spa", "https://evil.example.com"), []string{"PATCH [spa.redirectUris]"}},
		{"no redirect URI", "PublicRedirectURIs", platform("publicClient"), []string{"PATCH [publicClient.redirectUris]"}},
		{"no lock", "Lock.Enabled", locked("isEnabled", false), lock},
		{"a lock on everything", "Lock.AllProperties", locked("allProperties", true), lock},
		{"no lock on keys that sign", "Lock.CredentialsWithUsageSign", locked("credentialsWithUsageSign", false), lock},
		{"a lock on keys that verify", "Lock.CredentialsWithUsageVerify", locked("credentialsWithUsageVerify", true), lock},
		{"no public client", "FallbackPublicClient", fixed(odata.Document{"isFallbackPublicClient": false}),
			[]string{"PATCH [isFallbackPublicClient]"}},
		{"another known client", "KnownClients", fixed(odata.Document{"api": odata.Document{
			"knownClientApplications": odata.Strings(uuid.NewString(), otherClient),
		}}),
			[]string{"PATCH [api.knownClientApplications]"}},
		{"a lock on the key for tokens", "Lock.TokenEncryptionKeyID", locked("tokenEncryptionKeyId", true), lock},
	}
}

func scopeDrifts() []drift {
	once := []string{scopeList}
	return []drift{
		{"a scope that users may consent to", "Scopes.Type", entryWith(scopePath, "type", "User"), once},
		{"another title for admins", "Scopes.AdminConsentDisplayName", entryWith(scopePath, "adminConsentDisplayName", "x"), once},
		{"another text for admins", "Scopes.AdminConsentDescription", entryWith(scopePath, "adminConsentDescription", "x"), once},
		{"no title for users", "Scopes.UserConsentDisplayName", entryWith(scopePath, "userConsentDisplayName", nil), once},
		{"another text for users", "Scopes.UserConsentDescription", entryWith(scopePath, "userConsentDescription", "x"), once},
		{"a disabled scope", "Scopes.Enabled", entryWith(scopePath, "isEnabled", false), once},
		{"a new scope, disabled", "", withNewEntry(scopePath, newScope(false)), once},
		{"a new scope", "", withNewEntry(scopePath, newScope(true)), []string{scopeList, scopeList}},
	}
}

func referenceDrifts() []drift {
	required, trusted := []string{"requiredResourceAccess"}, []string{"api", "preAuthorizedApplications"}
	permissions, clients := []string{"PATCH [requiredResourceAccess]"}, []string{"PATCH [api.preAuthorizedApplications]"}
	of := func(kind string, all bool) func([]any) []any {
		return func(list []any) []any {
			api := list[0].(odata.Document)
			checkUnchanged := slices.DeleteFunc(odata.List(api, "resourceAccess"), func(access any) bool {
				return !all && odata.Text(access.(odata.Document), "type") == kind
			})
			if all {
				checkUnchanged = append(checkUnchanged, odata.Document{"id": uuid.NewString(), "type": kind})
			}
			api["resourceAccess"] = checkUnchanged
			return list
		}
	}
	return []drift{
		{"permissions of another API", "RequiredAccess.ResourceAppID", entryWith(required, "resourceAppId", uuid.NewString()), permissions},
		{"no delegated permission", "RequiredAccess.Scopes", entries(required, of("Scope", false)), permissions},
		{"one delegated permission more", "RequiredAccess.Scopes", entries(required, of("Scope", true)), permissions},
		{"no application permission", "RequiredAccess.AppRoles", entries(required, of("Role", false)), permissions},
		{"another client is trusted", "PreAuthorized.AppID", entryWith(trusted, "appId", uuid.NewString()), clients},
		{"a client is trusted with less", "PreAuthorized.Scopes", entries(trusted, func(list []any) []any {
			client := list[0].(odata.Document)
			client["delegatedPermissionIds"] = odata.List(client, "delegatedPermissionIds")[:1]
			return list
		}), clients},
	}
}

func roleDrifts() []drift {
	once := []string{roleList}
	return []drift{
		{"another name of a role", "AppRoles.DisplayName", entryWith(rolePath, "displayName", "x"), once},
		{"another description of a role", "AppRoles.Description", entryWith(rolePath, "description", "x"), once},
		{"a role for users too", "AppRoles.AllowedMemberTypes", entryWith(rolePath, "allowedMemberTypes", odata.Strings("Application", "User")), once},
		{"a disabled role", "AppRoles.Enabled", entryWith(rolePath, "isEnabled", false), once},
		{"a new role, disabled", "", withNewEntry(rolePath, newRole(false)), once},
		{"a new role", "", withNewEntry(rolePath, newRole(true)), []string{roleList, roleList}},
	}
}

// A field of an application that somebody has edited is put right by one write of this field alone.
func TestDrift_ApplicationFieldIsRepairedByOneWrite(t *testing.T) {
	t.Parallel()
	all := slices.Concat(applicationDrifts(), referenceDrifts(), scopeDrifts(), roleDrifts())
	checkCoverage[entra.ApplicationPatch](t, all,
		"Scopes.ID", "Scopes.Value", "Scopes.Unconfirmed", "AppRoles.ID", "AppRoles.Value", "AppRoles.Unconfirmed")
	e := env.New(t, allowAllFields())
	api := e.AppRegistration("orders-api", allFields)
	e.Cluster.Create(api)
	e.Status.WaitReady(api)
	e.Tenant.OutOfBand(addUnmanagedProperties, api.Status.ObjectID)
	checkRepairs(e, t, api, api.Status.ObjectID, outofband.PatchApplication, all)
}

// A field of a service principal that somebody has edited is put right by one write of this field alone.
func TestDrift_PrincipalFieldIsRepairedByOneWrite(t *testing.T) {
	t.Parallel()
	drifts := []drift{
		{"open to everybody", "AssignmentRequired", fixed(odata.Document{"appRoleAssignmentRequired": false}),
			[]string{"PATCH [appRoleAssignmentRequired]"}},
		{"not listed among the enterprise applications", "Tags", fixed(odata.Document{"tags": odata.Strings("theirs")}), []string{"PATCH [tags]"}},
	}
	checkCoverage[entra.ServicePrincipalPatch](t, drifts)
	e := env.New(t)
	api := e.AppRegistration("orders-api", with.AppRoles("Orders.Read.All"))
	e.Cluster.Create(api)
	e.Status.WaitReady(api)
	notes := odata.Document{"notes": "call Eve", "tags": odata.Strings("theirs", entra.TagListed)}
	e.Tenant.OutOfBand(outofband.PatchPrincipal(notes), api.Status.ServicePrincipalObjectID)
	e.Reconcile(api)
	checkRepairs(e, t, api, api.Status.ServicePrincipalObjectID, outofband.PatchPrincipal, drifts)
}
