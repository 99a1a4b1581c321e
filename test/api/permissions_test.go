package api

import (
	"fmt"
	"testing"
)

const (
	exactlyOneAPI    = "give exactly one of appRegistrationRef, wellKnown and appID"
	exactlyOneClient = "give exactly one of appRegistrationRef and appID"
)

func TestAppRegistration_Permissions(t *testing.T) {
	t.Parallel()
	needs := func(entries string) string { return `{displayName: x, permissions: ` + entries + `}` }
	of := func(api string) string { return needs(`[{api: {` + api + `}, delegated: [User.Read]}]`) }
	entry := func(more string) string { return needs(`[{api: {wellKnown: MicrosoftGraph}` + more + `}]`) }
	values := func(count int) string { return yamlList(count, func(i int) string { return fmt.Sprintf("p%d", i) }) }
	rows := map[string]row{
		"an API of the namespace is accepted":       {spec: of(`appRegistrationRef: {name: orders-api}`)},
		"an API of another namespace is accepted":   {spec: of(`appRegistrationRef: {name: orders-api, namespace: shop}`)},
		"a raw application ID is accepted":          {spec: of(`appID: ` + roleID)},
		"no API is refused":                         {spec: needs(`[{api: {}, delegated: [User.Read]}]`), says: exactlyOneAPI},
		"two ways to name an API are refused":       {spec: of(`wellKnown: MicrosoftGraph, appID: ` + roleID), says: exactlyOneAPI},
		"an API without a name is refused":          {spec: of(`appRegistrationRef: {namespace: shop}`), says: "name: Required value"},
		"a namespace that cannot be one is refused": {spec: of(`appRegistrationRef: {name: a, namespace: Shop}`), says: "namespace"},
		"an application ID that is no GUID is not":  {spec: of(`appID: orders`), says: "appID"},
		"an API that nobody knows is refused":       {spec: of(`wellKnown: Graph`), says: "Unsupported value"},
		"both types are accepted":                   {spec: entry(`, delegated: [User.Read, openid], application: [User.Read.All]`)},
		"application permissions alone are":         {spec: entry(`, application: [User.Read.All]`)},
		"no permission is refused":                  {spec: entry(``), says: "name at least one delegated or application permission"},
		"an empty list is refused":                  {spec: entry(`, delegated: []`), says: "should have at least 1 items"},
		"an empty permission is refused":            {spec: entry(`, delegated: [""]`), says: "at least 1 chars"},
		"a permission is given once":                {spec: entry(`, delegated: [a, a]`), says: "Duplicate value"},
		"200 permissions are accepted":              {spec: entry(`, delegated: ` + values(200) + `, application: ` + values(200))},
		"201 permissions are refused":               {spec: entry(`, delegated: ` + values(201)), says: "must have at most 200 items"},
		"two entries for one API are accepted":      {spec: needs(`[{api: {wellKnown: MicrosoftGraph}, delegated: [a]}, {api: {wellKnown: MicrosoftGraph}, delegated: [a]}]`)},
		"51 entries are refused": {spec: needs(yamlList(51, func(int) string {
			return `{api: {wellKnown: MicrosoftGraph}, delegated: [a]}`
		})), says: "must have at most 50 items"},
		"the fallback to a public client is accepted": {spec: `{displayName: x, fallbackPublicClient: true}`},
	}
	for _, name := range []string{
		"MicrosoftGraph", "AzureServiceManagement", "AzureStorage", "AzureKeyVault", "AzureSQLDatabase", "Office365Exchange", "SharePoint",
	} {
		rows[name+" is known"] = row{spec: of(`wellKnown: ` + name)}
	}
	checkRows(t, "AppRegistration", rows)
}

func TestAppRegistration_TrustedClients(t *testing.T) {
	t.Parallel()
	api := func(lists string) string { return `{displayName: x, api: {scopes: [{value: Read}], ` + lists + `}}` }
	trusts := func(client string) string {
		return api(`preAuthorizedClients: [{client: {` + client + `}, scopes: [Read]}]`)
	}
	checkRows(t, "AppRegistration", map[string]row{
		"a client of the namespace is accepted":        {spec: trusts(`appRegistrationRef: {name: web}`)},
		"a client by its ID is accepted":               {spec: trusts(`appID: ` + roleID)},
		"a client of another namespace is refused":     {spec: trusts(`appRegistrationRef: {name: web, namespace: shop}`), says: "unknown field"},
		"no client is refused":                         {spec: trusts(``), says: exactlyOneClient},
		"two clients are refused":                      {spec: trusts(`appRegistrationRef: {name: web}, appID: ` + roleID), says: exactlyOneClient},
		"a client without scopes is refused":           {spec: api(`preAuthorizedClients: [{client: {appID: ` + roleID + `}}]`), says: "scopes: Required value"},
		"a client with no scope is refused":            {spec: api(`preAuthorizedClients: [{client: {appID: ` + roleID + `}, scopes: []}]`), says: "should have at least 1 items"},
		"a known client is accepted":                   {spec: api(`knownClients: [{appRegistrationRef: {name: web}}, {appID: ` + roleID + `}]`)},
		"a known client that is nobody is refused":     {spec: api(`knownClients: [{}]`), says: exactlyOneClient},
		"a known client's ID that is no GUID is not":   {spec: api(`knownClients: [{appID: web}]`), says: "appID"},
		"101 known clients are refused":                {spec: api(`knownClients: ` + yamlList(101, func(int) string { return `{appRegistrationRef: {name: a}}` })), says: "must have at most 100 items"},
		"101 clients that need no consent are refused": {spec: api(`preAuthorizedClients: ` + yamlList(101, func(int) string { return `{client: {appRegistrationRef: {name: a}}, scopes: [Read]}` })), says: "must have at most 100 items"},
	})
}

func TestAppRegistration_AllowedConsumers(t *testing.T) {
	t.Parallel()
	lets := func(entry string) string { return `{displayName: x, allowedConsumers: [{` + entry + `}]}` }
	in := func(selection string) string { return lets(`namespaces: {` + selection + `}, appRoles: [Read.All]`) }
	checkRows(t, "AppRegistration", map[string]row{
		"namespaces by name are accepted":      {spec: in(`names: [a, b]`)},
		"namespaces by label are accepted":     {spec: in(`selector: {matchLabels: {team: ops}}`)},
		"every namespace is accepted":          {spec: in(`all: true`)},
		"no namespace is refused":              {spec: in(``), says: "give exactly one of names, selector and all"},
		"all: false is refused":                {spec: in(`all: false`), says: "all must be true where it is given"},
		"an empty selector is refused":         {spec: in(`selector: {}`), says: "an empty selector selects nothing"},
		"two ways to select are refused":       {spec: in(`names: [a], all: true`), says: "give exactly one of names, selector and all"},
		"nothing that is let is refused":       {spec: lets(`namespaces: {all: true}`), says: "list at least one of appRoles and scopes"},
		"scopes alone are accepted":            {spec: lets(`namespaces: {all: true}, scopes: [Read]`)},
		"every kind of principal is accepted":  {spec: lets(`namespaces: {all: true}, appRoles: [a], principals: [AppRegistration, ManagedIdentity, ServicePrincipal, Group, User]`)},
		"another kind of principal is refused": {spec: lets(`namespaces: {all: true}, appRoles: [a], principals: [Role]`), says: "Unsupported value"},
		"a kind of principal is given once":    {spec: lets(`namespaces: {all: true}, appRoles: [a], principals: [User, User]`), says: "Duplicate value"},
		"an empty role is refused":             {spec: lets(`namespaces: {all: true}, appRoles: [""]`), says: "at least 1 chars"},
	})
}
