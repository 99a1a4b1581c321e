package api

import (
	"strings"
	"testing"
)

func TestFederatedCredential_Spec(t *testing.T) {
	t.Parallel()
	const app = `appRegistrationRef: {name: orders}, `
	oidc := func(issuer, subject string) string {
		return `{` + app + `oidc: {issuer: "` + issuer + `", subject: "` + subject + `"}}`
	}
	const exactlyOne = "give exactly one of serviceAccount, github, managedIdentity and oidc"
	checkRows(t, "FederatedCredential", map[string]row{
		"a ServiceAccount is accepted":                    {spec: `{` + app + `serviceAccount: {name: orders}}`},
		"a ServiceAccount of another namespace is shaped": {spec: `{` + app + `serviceAccount: {name: orders, namespace: payments}}`},
		"another issuer is accepted":                      {spec: oidc("https://token.actions.githubusercontent.com", "repo:a/b:ref:refs/heads/main")},
		"an issuer with a slash at its end is accepted":   {spec: oidc("https://issuer.example/", "s")},
		"two at once are refused":                         {spec: `{` + app + `serviceAccount: {name: a}, oidc: {issuer: "https://a", subject: s}}`, says: exactlyOne},
		"none of them is refused":                         {spec: `{` + app + `audience: a}`, says: exactlyOne},
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

func TestFederatedCredential_GitHub(t *testing.T) {
	t.Parallel()
	workflow := func(of string) string {
		return `{appRegistrationRef: {name: orders}, github: {organization: example, repository: orders, ` + of + `}}`
	}
	const exactlyOne, bothNumbers = "give exactly one of environment, branch, tag and pullRequest", "give both organizationID and repositoryID"
	checkRows(t, "FederatedCredential", map[string]row{
		"an environment is accepted":                  {spec: workflow(`environment: prod`)},
		"an environment may have a colon":             {spec: workflow(`environment: "prod:v1"`)},
		"a branch with slashes is accepted":           {spec: workflow(`branch: release/1.0`)},
		"a tag is accepted":                           {spec: workflow(`tag: v1`)},
		"pull requests are accepted":                  {spec: workflow(`pullRequest: true`)},
		"pull requests are not refused with false":    {spec: workflow(`pullRequest: false`), says: "pullRequest must be true where it is given"},
		"nothing to run for is refused":               {spec: `{appRegistrationRef: {name: a}, github: {organization: a, repository: b}}`, says: exactlyOne},
		"two things to run for are refused":           {spec: workflow(`branch: main, tag: v1`), says: exactlyOne},
		"a wildcard is refused":                       {spec: workflow(`branch: "release/*"`), says: "branch"},
		"a space is refused":                          {spec: workflow(`environment: "my prod"`), says: "environment"},
		"both numbers are accepted":                   {spec: workflow(`branch: main, organizationID: "12", repositoryID: "34"`)},
		"one number is refused":                       {spec: workflow(`branch: main, organizationID: "12"`), says: bothNumbers},
		"a number that is none is refused":            {spec: workflow(`branch: main, organizationID: "12", repositoryID: x`), says: "repositoryID"},
		"an organization with a slash is refused":     {spec: `{appRegistrationRef: {name: a}, github: {organization: a/b, repository: c, tag: v1}}`, says: "organization"},
		"an organization with an @ is refused":        {spec: `{appRegistrationRef: {name: a}, github: {organization: a@1, repository: c, tag: v1}}`, says: "organization"},
		"a managed user's name is accepted":           {spec: `{appRegistrationRef: {name: a}, github: {organization: octocat_acme, repository: c, tag: v1}}`},
		"a repository with a colon is refused":        {spec: `{appRegistrationRef: {name: a}, github: {organization: a, repository: "c:d", tag: v1}}`, says: "repository"},
		"a repository is needed":                      {spec: `{appRegistrationRef: {name: a}, github: {organization: a, tag: v1}}`, says: "repository: Required value"},
		"a managed identity is accepted":              {spec: `{appRegistrationRef: {name: a}, managedIdentity: {objectID: ` + aGUID + `}}`},
		"a managed identity has a GUID":               {spec: `{appRegistrationRef: {name: a}, managedIdentity: {objectID: me}}`, says: "objectID"},
		"a managed identity in capitals is accepted":  {spec: `{appRegistrationRef: {name: a}, managedIdentity: {objectID: ` + strings.ToUpper(aGUID) + `}}`},
		"a managed identity beside GitHub is refused": {spec: `{appRegistrationRef: {name: a}, managedIdentity: {objectID: ` + aGUID + `}, github: {organization: a, repository: b, tag: c}}`, says: "give exactly one of serviceAccount"},
		"GitHub can become a managed identity":        {spec: workflow(`branch: main`), then: `{appRegistrationRef: {name: orders}, managedIdentity: {objectID: ` + aGUID + `}}`},
	})
}
