package api

import (
	"fmt"
	"strings"
	"testing"
)

func TestRegistrationPolicy_Spec(t *testing.T) {
	t.Parallel()
	spec := func(rest string) string { return `{namespaces: {all: true}` + rest + `}` }
	checkRows(t, "RegistrationPolicy", map[string]row{
		"the least is accepted":                 {spec: spec(``)},
		"namespaces by name are accepted":       {spec: `{namespaces: {names: [shop]}}`},
		"namespaces by label are accepted":      {spec: `{namespaces: {selector: {matchLabels: {team: shop}}}}`},
		"namespaces are needed":                 {spec: `{tenants: [corp]}`, says: "namespaces: Required value"},
		"no selection is refused":               {spec: `{namespaces: {}}`, says: "give exactly one of names, selector and all"},
		"two selections are refused":            {spec: `{namespaces: {all: true, names: [shop]}}`, says: "give exactly one of names, selector and all"},
		"an empty selector is refused":          {spec: `{namespaces: {selector: {}}}`, says: "write all: true"},
		"all is not false":                      {spec: `{namespaces: {all: false}}`, says: "all must be true"},
		"Audit is accepted":                     {spec: spec(`, enforcement: Audit, baseline: None, onTightening: Revoke, require: [justification], tenants: [corp]`)},
		"another enforcement is refused":        {spec: spec(`, enforcement: Warn`), says: "Unsupported value"},
		"another baseline is refused":           {spec: spec(`, baseline: Less`), says: "Unsupported value"},
		"another tightening is refused":         {spec: spec(`, onTightening: Delete`), says: "Unsupported value"},
		"a requirement that comes later is not": {spec: spec(`, require: [owners]`), says: "Unsupported value"},
		"a policy can change":                   {spec: spec(``), then: spec(`, allow: [{delete: {policies: [Purge]}}]`)},
	})
}

func TestRegistrationPolicy_Rules(t *testing.T) {
	t.Parallel()
	rows := map[string]row{}
	const one, oneAPI = "a rule has exactly one of field", "give exactly one of wellKnown, appID, appRegistrationRef, ownNamespace and allowedConsumer"
	for name, test := range map[string]struct{ rule, says string }{
		"a field":                                  {rule: `{field: {path: spec.signInAudience, values: [AzureADMultipleOrgs]}}`},
		"a field by an index is refused":           {rule: `{field: {path: "spec.tags[0]", values: [x]}}`, says: "path"},
		"a field outside spec is refused":          {rule: `{field: {path: metadata.name, values: [x]}}`, says: "path"},
		"a field without values is refused":        {rule: `{field: {path: spec.tags, values: []}}`, says: "should have at least 1 items"},
		"a redirect by host":                       {rule: `{redirect: {platforms: [web, spa], hosts: ["*.example.com"]}}`},
		"a redirect by URI":                        {rule: `{redirect: {uris: ["myapp://auth"]}}`},
		"a redirect without either is refused":     {rule: `{redirect: {platforms: [web]}}`, says: "name hosts or uris"},
		"another platform is refused":              {rule: `{redirect: {platforms: [desktop], hosts: [a]}}`, says: "Unsupported value"},
		"an identifier URI":                        {rule: `{identifierURI: {prefixes: ["https://example.com"]}}`},
		"an identifier URI without any is refused": {rule: `{identifierURI: {}}`, says: "name uris or prefixes"},
		"a declaration":                            {rule: `{declare: {api: {wellKnown: MicrosoftGraph}, delegated: [User.Read]}}`},
		"a declaration of nothing is refused":      {rule: `{declare: {api: {wellKnown: MicrosoftGraph}}}`, says: "name delegated or application permissions"},
		"an API that is not well known is refused": {rule: `{declare: {api: {wellKnown: Intune}, delegated: [x]}}`, says: "Unsupported value"},
		"no API is refused":                        {rule: `{declare: {api: {}, delegated: [x]}}`, says: oneAPI},
		"two APIs are refused":                     {rule: `{declare: {api: {ownNamespace: true, allowedConsumer: true}, delegated: [x]}}`, says: oneAPI},
		"an appID in capitals is accepted":         {rule: `{declare: {api: {appID: "00000003-0000-0000-C000-000000000000"}, delegated: [x]}}`},
		"a consent":                                {rule: `{consent: {api: {ownNamespace: true}, scopes: ["*"], users: All, maxDuration: 24h}}`},
		"a consent for some users is refused":      {rule: `{consent: {api: {ownNamespace: true}, scopes: ["*"], users: Some}}`, says: "Unsupported value"},
		"an assignment":                            {rule: `{assign: {principals: [{kind: Group, objectID: 11111111-2222-4333-8444-555555555555}], api: {appRegistrationRef: {namespace: a, name: b}}, roles: [r]}}`},
		"an assignment to nobody is refused":       {rule: `{assign: {principals: [], api: {ownNamespace: true}, roles: [r]}}`, says: "should have at least 1 items"},
		"an assignment to another kind is refused": {rule: `{assign: {principals: [{kind: Device}], api: {ownNamespace: true}, roles: [r]}}`, says: "Unsupported value"},
		"an API without its namespace is refused":  {rule: `{assign: {principals: [{kind: User}], api: {appRegistrationRef: {name: b}}, roles: [r]}}`, says: "namespace: Required value"},
		"ServiceAccounts":                          {rule: `{federate: {serviceAccounts: {namespaces: ["team-*"]}}}`},
		"GitHub":                                   {rule: `{federate: {github: {organization: a, repositories: ["*"], pullRequests: true}}}`},
		"GitHub without workflows is refused":      {rule: `{federate: {github: {organization: a, repositories: [b]}}}`, says: "name environments, branches, tags or pullRequests"},
		"an issuer":                                {rule: `{federate: {oidc: {issuer: "https://a", subjects: ["*"], audiences: [x]}}}`},
		"managed identities":                       {rule: `{federate: {managedIdentity: {objectIDs: [11111111-2222-4333-8444-555555555555]}}}`},
		"two issuers are refused":                  {rule: `{federate: {serviceAccounts: {}, oidc: {issuer: "https://a", subjects: [s]}}}`, says: "give exactly one of serviceAccounts, github, oidc and managedIdentity"},
		"no issuer is refused":                     {rule: `{federate: {}}`, says: "give exactly one of serviceAccounts, github, oidc and managedIdentity"},
		"a deletion":                               {rule: `{delete: {policies: [Purge]}}`},
		"another deletion is refused":              {rule: `{delete: {policies: [Keep]}}`, says: "Unsupported value"},
		"no member is refused":                     {rule: `{}`, says: one},
		"two members are refused":                  {rule: `{delete: {policies: [Purge]}, identifierURI: {uris: [x]}}`, says: one},
		"a member that comes later is refused":     {rule: `{credential: {type: Password}}`, says: "unknown field"},
		"a value of 257 characters is refused":     {rule: `{field: {path: spec.tags, values: [` + strings.Repeat("x", 257) + `]}}`, says: "Too long"},
	} {
		for _, list := range []string{"allow", "deny"} {
			rows[list+": "+name] = row{spec: fmt.Sprintf("{namespaces: {all: true}, %s: [%s]}", list, test.rule), says: test.says}
		}
	}
	rows["200 rules are accepted"] = row{spec: policyWithRules(200)}
	rows["201 rules are refused"] = row{spec: policyWithRules(201), says: "must have at most 200 items"}
	checkRows(t, "RegistrationPolicy", rows)
}

// policyWithRules is a policy with so many rules.
func policyWithRules(rules int) string {
	return `{namespaces: {all: true}, allow: ` + yamlList(rules, func(int) string { return `{delete: {policies: [Purge]}}` }) + `}`
}
