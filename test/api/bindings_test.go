package api

import (
	"fmt"
	"strings"
	"testing"
)

func TestFederatedCredential(t *testing.T) {
	t.Parallel()
	const app = `appRegistrationRef: {name: orders}, `
	oidc := func(issuer, subject string) string {
		return `{` + app + `oidc: {issuer: "` + issuer + `", subject: "` + subject + `"}}`
	}
	const exactlyOne = "give exactly one of serviceAccount and oidc"
	try(t, "FederatedCredential", map[string]row{
		"a ServiceAccount is accepted":                    {spec: `{` + app + `serviceAccount: {name: orders}}`},
		"a ServiceAccount of another namespace is shaped": {spec: `{` + app + `serviceAccount: {name: orders, namespace: payments}}`},
		"another issuer is accepted":                      {spec: oidc("https://token.actions.githubusercontent.com", "repo:a/b:ref:refs/heads/main")},
		"an issuer with a slash at its end is accepted":   {spec: oidc("https://issuer.example/", "s")},
		"both at once are refused":                        {spec: `{` + app + `serviceAccount: {name: a}, oidc: {issuer: "https://a", subject: s}}`, says: exactlyOne},
		"none of both is refused":                         {spec: `{` + app + `audience: a}`, says: exactlyOne},
		"an application is needed":                        {spec: `{serviceAccount: {name: a}}`, says: "appRegistrationRef: Required value"},
		"an application's name is needed":                 {spec: `{appRegistrationRef: {}, serviceAccount: {name: a}}`, says: "name: Required value"},
		"an application of another namespace is refused":  {spec: `{appRegistrationRef: {name: a, namespace: b}, serviceAccount: {name: a}}`, says: `unknown field "spec.appRegistrationRef.namespace"`},
		"an issuer needs https":                           {spec: oidc("http://issuer.example", "s"), says: "issuer"},
		"an issuer has no spaces":                         {spec: oidc("https://issuer.example ", "s"), says: "issuer"},
		"an issuer has no query":                          {spec: oidc("https://issuer.example?x", "s"), says: "issuer"},
		"a subject takes no wildcard":                     {spec: oidc("https://issuer.example", "repo:a/*"), says: "it takes no wildcard"},
		"a subject is needed":                             {spec: oidc("https://issuer.example", ""), says: "subject"},
		"a subject of 601 characters is refused":          {spec: oidc("https://issuer.example", strings.Repeat("s", 601)), says: "Too long"},
		"a ServiceAccount's name is one":                  {spec: `{` + app + `serviceAccount: {name: "a:b"}}`, says: "serviceAccount.name"},
		"a ServiceAccount's namespace is one":             {spec: `{` + app + `serviceAccount: {name: a, namespace: "x:y"}}`, says: "serviceAccount.namespace"},
		"a description of 601 characters is refused":      {spec: `{` + app + `serviceAccount: {name: a}, description: ` + strings.Repeat("d", 601) + `}`, says: "Too long"},
		"everything at once is accepted":                  {spec: `{` + app + `serviceAccount: {name: a}, audience: "api://x", annotateServiceAccount: false, description: d, suspend: true}`},
		"the application cannot change":                   {spec: `{` + app + `serviceAccount: {name: a}}`, then: `{appRegistrationRef: {name: b}, serviceAccount: {name: a}}`, says: "appRegistrationRef is immutable"},
		"the subject can change":                          {spec: `{` + app + `serviceAccount: {name: a}}`, then: oidc("https://issuer.example", "s")},
	})
}

func TestAppRoleAssignment(t *testing.T) {
	t.Parallel()
	spec := func(principal, api, roles string) string {
		return `{principal: {appRegistrationRef: {name: ` + principal + `}}, api: {appRegistrationRef: {name: ` + api + `}}, roles: ` + roles + `}`
	}
	try(t, "AppRoleAssignment", map[string]row{
		"roles of an application for another are accepted": {spec: spec("a", "b", "[Read, Write]")},
		"a principal is needed":                            {spec: `{api: {appRegistrationRef: {name: b}}, roles: [r]}`, says: "principal: Required value"},
		"a principal that comes later is refused":          {spec: `{principal: {group: {objectID: x}}, api: {appRegistrationRef: {name: b}}, roles: [r]}`, says: "unknown field"},
		"an API is needed":                                 {spec: `{principal: {appRegistrationRef: {name: a}}, roles: [r]}`, says: "api: Required value"},
		"an API that comes later is refused":               {spec: `{principal: {appRegistrationRef: {name: a}}, api: {wellKnown: MicrosoftGraph}, roles: [r]}`, says: "unknown field"},
		"an API of another namespace is refused":           {spec: `{principal: {appRegistrationRef: {name: a}}, api: {appRegistrationRef: {name: b, namespace: c}}, roles: [r]}`, says: "unknown field"},
		"a role is needed":                                 {spec: spec("a", "b", "[]"), says: "should have at least 1 items"},
		"a role is not empty":                              {spec: spec("a", "b", `[""]`), says: "roles[0]"},
		"a role is given once":                             {spec: spec("a", "b", "[r, r]"), says: "Duplicate value"},
		"100 roles are accepted":                           {spec: spec("a", "b", several(100, func(i int) string { return fmt.Sprintf("r%d", i) }))},
		"101 roles are refused":                            {spec: spec("a", "b", several(101, func(i int) string { return fmt.Sprintf("r%d", i) })), says: "must have at most 100 items"},
		"the principal cannot change":                      {spec: spec("a", "b", "[r]"), then: spec("x", "b", "[r]"), says: "principal is immutable"},
		"the API cannot change":                            {spec: spec("a", "b", "[r]"), then: spec("a", "x", "[r]"), says: "api is immutable"},
		"the roles can change":                             {spec: spec("a", "b", "[r]"), then: spec("a", "b", "[s]")},
	})
}
