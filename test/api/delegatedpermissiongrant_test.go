package api

import (
	"fmt"
	"testing"
)

func TestDelegatedPermissionGrant_Spec(t *testing.T) {
	t.Parallel()
	const (
		client = `client: {appRegistrationRef: {name: a}}`
		api    = `api: {appRegistrationRef: {name: b}}`
		user   = `user: {objectID: 6c1d9f3e-52b8-4f0a-9d7e-1a4b8c2e7f05}`
	)
	spec := func(more ...string) string {
		text := "{"
		for _, part := range more {
			text += part + ", "
		}
		return text + "scopes: [Read]}"
	}
	scopes := func(list string) string { return "{" + client + ", " + api + ", scopes: " + list + "}" }
	checkRows(t, "DelegatedPermissionGrant", map[string]row{
		"scopes for all users are accepted":          {spec: spec(client, api)},
		"scopes for one user are accepted":           {spec: spec(client, api, user)},
		"all that can be said is accepted":           {spec: spec(client, api, user, `justification: j, notAfter: "2030-01-01T00:00:00Z", repair: Report, suspend: true`)},
		"an API of another namespace is accepted":    {spec: spec(client, `api: {appRegistrationRef: {name: b, namespace: c}}`)},
		"an API of Microsoft is accepted":            {spec: spec(client, `api: {wellKnown: MicrosoftGraph}`)},
		"any API is accepted":                        {spec: spec(client, `api: {appID: 6c1d9f3e-52b8-4f0a-9d7e-1a4b8c2e7f05}`)},
		"an API of no such name is refused":          {spec: spec(client, `api: {wellKnown: MicrosoftGraf}`), says: "Unsupported value"},
		"two APIs are refused":                       {spec: spec(client, `api: {wellKnown: MicrosoftGraph, appRegistrationRef: {name: b}}`), says: "give exactly one of appRegistrationRef, wellKnown and appID"},
		"no API is refused":                          {spec: spec(client, `api: {}`), says: "give exactly one of appRegistrationRef, wellKnown and appID"},
		"an API is needed":                           {spec: spec(client), says: "api: Required value"},
		"an API ID is a GUID":                        {spec: spec(client, `api: {appID: orders}`), says: "spec.api.appID"},
		"a client is needed":                         {spec: spec(api), says: "client: Required value"},
		"a client that is no AppRegistration is not": {spec: spec(`client: {appID: 6c1d9f3e-52b8-4f0a-9d7e-1a4b8c2e7f05}`, api), says: "unknown field"},
		"a user is a GUID":                           {spec: spec(client, api, `user: {objectID: ann}`), says: "spec.user.objectID"},
		"a user is not a name":                       {spec: spec(client, api, `user: {userPrincipalName: ann}`), says: "unknown field"},
		"another way to repair is refused":           {spec: spec(client, api, `repair: Never`), says: "Unsupported value"},
		"notAfter is a time":                         {spec: spec(client, api, `notAfter: tomorrow`), says: "spec.notAfter"},
		"a scope is needed":                          {spec: scopes("[]"), says: "should have at least 1 items"},
		"a scope is not empty":                       {spec: scopes(`[""]`), says: "scopes[0]"},
		"a scope is named once":                      {spec: scopes("[Read, Read]"), says: "Duplicate value"},
		"two scopes in one entry are refused":        {spec: scopes(`["Read Write"]`), says: "one scope an entry"},
		"100 scopes are accepted":                    {spec: scopes(yamlList(100, func(i int) string { return fmt.Sprintf("s%d", i) }))},
		"101 scopes are refused":                     {spec: scopes(yamlList(101, func(i int) string { return fmt.Sprintf("s%d", i) })), says: "must have at most 100 items"},
		"the client cannot change":                   {spec: spec(client, api), then: spec(`client: {appRegistrationRef: {name: x}}`, api), says: "client is immutable"},
		"the API cannot change":                      {spec: spec(client, api), then: spec(client, `api: {wellKnown: MicrosoftGraph}`), says: "api is immutable"},
		"the user cannot change":                     {spec: spec(client, api, user), then: spec(client, api, `user: {objectID: 6c1d9f3e-52b8-4f0a-9d7e-1a4b8c2e7f06}`), says: "user is immutable"},
		"one user cannot become all":                 {spec: spec(client, api, user), then: spec(client, api), says: "user is immutable"},
		"all users cannot become one":                {spec: spec(client, api), then: spec(client, api, user), says: "user is immutable"},
		"the scopes, the time and the reason can":    {spec: spec(client, api), then: scopes(`[Write], justification: j, notAfter: "2030-01-01T00:00:00Z"`)},
	})
}
