package api

import (
	"fmt"
	"strings"
	"testing"
)

const (
	roleID  = "4e8d2b6f-0a9c-4713-b5e1-6f3d7c2a8e05"
	otherID = "4e8d2b6f-0a9c-4713-b5e1-6f3d7c2a8e06"
)

func TestAppRegistration_Texts(t *testing.T) {
	t.Parallel()
	checkRows(t, "AppRegistration", map[string]row{
		"a display name is all that is needed":   {spec: `{displayName: Orders}`},
		"a display name is needed":               {spec: `{description: Orders}`, says: "spec.displayName: Required value"},
		"a display name cannot be empty":         {spec: `{displayName: ""}`, says: "spec.displayName"},
		"a display name has 120 characters":      {spec: `{displayName: "` + strings.Repeat("ü", 120) + `"}`},
		"a display name has no 121 characters":   {spec: `{displayName: "` + strings.Repeat("ü", 121) + `"}`, says: "Too long: may not be more than 120"},
		"a description has 1024 characters":      {spec: `{displayName: x, description: "` + strings.Repeat("d", 1024) + `"}`},
		"a description has no 1025 characters":   {spec: `{displayName: x, description: "` + strings.Repeat("d", 1025) + `"}`, says: "Too long"},
		"a field that does not exist is refused": {spec: `{displayName: x, displayname: y}`, says: `unknown field "spec.displayname"`},
		"tags of the user's own are accepted":    {spec: `{displayName: x, tags: ["cost-center:4711", HideApp]}`},
		"a tag cannot claim the operator's mark": {spec: `{displayName: x, tags: ["managed-by:me"]}`, says: "reserved for the operator's own marks"},
		"a tag cannot claim another object":      {spec: `{displayName: x, tags: ["k8s-object:payments/till"]}`, says: "reserved for the operator's own marks"},
		"a tag has no white space":               {spec: `{displayName: x, tags: ["cost center"]}`, says: "a tag has no white space"},
		"a tag has no line break":                {spec: `{displayName: x, tags: ["cost\ncenter"]}`, says: "a tag has no white space"},
		"a tag is given once":                    {spec: `{displayName: x, tags: [a, a]}`, says: "Duplicate value"},
		"a tag is not empty":                     {spec: `{displayName: x, tags: [""]}`, says: "spec.tags[0]"},
	})
}

func TestAppRegistration_Enums(t *testing.T) {
	t.Parallel()
	rows := map[string]row{
		"an audience that Graph does not know is refused": {spec: `{displayName: x, signInAudience: Everyone}`, says: "Unsupported value"},
		"token version 1 is accepted":                     {spec: `{displayName: x, api: {requestedAccessTokenVersion: 1}}`},
		"token version 2 is accepted":                     {spec: `{displayName: x, api: {requestedAccessTokenVersion: 2}}`},
		"token version 3 is refused":                      {spec: `{displayName: x, api: {requestedAccessTokenVersion: 3}}`, says: "Unsupported value"},
		"a field that comes later is refused":             {spec: `{displayName: x, managementPolicy: ObserveOnly}`, says: "unknown field"},
		"a deletionPolicy that is none is refused":        {spec: `{displayName: x, deletionPolicy: Keep}`, says: "Unsupported value"},
		"a suspended object is accepted":                  {spec: `{displayName: x, suspend: true}`},
		"a lock is accepted":                              {spec: `{displayName: x, lock: {enabled: true, allProperties: false, credentialsWithUsageSign: true, credentialsWithUsageVerify: true, tokenEncryptionKeyID: true}}`},
		"assignmentRequired is accepted":                  {spec: `{displayName: x, servicePrincipal: {assignmentRequired: false}}`},
	}
	for _, audience := range []string{
		"AzureADMyOrg", "AzureADMultipleOrgs", "AzureADandPersonalMicrosoftAccount", "PersonalMicrosoftAccount",
	} {
		rows["the audience "+audience+" is accepted"] = row{spec: `{displayName: x, signInAudience: ` + audience + `}`}
	}
	for _, policy := range []string{"Delete", "Purge", "Orphan"} {
		rows["the deletionPolicy "+policy+" is accepted"] = row{spec: `{displayName: x, deletionPolicy: ` + policy + `}`}
	}
	checkRows(t, "AppRegistration", rows)
}

func TestAppRegistration_URIs(t *testing.T) {
	t.Parallel()
	const identifier, redirect = "an identifier URI has a scheme", "a redirect URI has a scheme"
	rows := map[string]row{
		"identifier URIs are accepted":               {spec: `{displayName: x, identifierURIs: ["api://{appID}", "https://shop.example/orders", "urn:shop:orders"]}`},
		"an identifier URI needs a scheme":           {spec: `{displayName: x, identifierURIs: [orders]}`, says: identifier},
		"an identifier URI has no spaces":            {spec: `{displayName: x, identifierURIs: ["api://my orders"]}`, says: identifier},
		"an identifier URI has no line break":        {spec: `{displayName: x, identifierURIs: ["api://a\nb"]}`, says: identifier},
		"an identifier URI has no slash at its end":  {spec: `{displayName: x, identifierURIs: ["https://shop.example/"]}`, says: identifier},
		"50 identifier URIs are accepted":            {spec: `{displayName: x, identifierURIs: ` + yamlList(50, numbered("api://")) + `}`},
		"51 identifier URIs are refused":             {spec: `{displayName: x, identifierURIs: ` + yamlList(51, numbered("api://")) + `}`, says: "must have at most 50 items"},
		"an identifier URI is given once":            {spec: `{displayName: x, identifierURIs: ["api://a", "api://a"]}`, says: "Duplicate value"},
		"an identifier URI of 256 bytes is too long": {spec: `{displayName: x, identifierURIs: ["api://` + strings.Repeat("a", 250) + `"]}`, says: "Too long"},
	}
	for _, platform := range []string{"web", "spa", "publicClient"} {
		spec := func(uris string) string { return `{displayName: x, ` + platform + `: {redirectURIs: ` + uris + `}}` }
		rows[platform+": redirect URIs are accepted"] = row{spec: spec(`["https://a.example/cb?x=1", "http://localhost:3000", "msal5f0a://auth"]`)}
		rows[platform+": a redirect URI needs a scheme"] = row{spec: spec(`["a.example/cb"]`), says: redirect}
		rows[platform+": a redirect URI has no fragment"] = row{spec: spec(`["https://a.example/#cb"]`), says: redirect}
		rows[platform+": a redirect URI has no spaces"] = row{spec: spec(`["https://a.example/c b"]`), says: redirect}
		rows[platform+": a redirect URI has no line break"] = row{spec: spec(`["https://a.example/c\nb"]`), says: redirect}
		rows[platform+": 100 redirect URIs are accepted"] = row{spec: spec(yamlList(100, numbered("https://a.example/")))}
		rows[platform+": 101 redirect URIs are refused"] = row{spec: spec(yamlList(101, numbered("https://a.example/"))), says: "must have at most 100 items"}
		rows[platform+": a redirect URI is given once"] = row{spec: spec(`["https://a.example", "https://a.example"]`), says: "Duplicate value"}
		rows[platform+": a redirect URI of 257 bytes is too long"] = row{spec: spec(`["https://` + strings.Repeat("a", 249) + `"]`), says: "Too long"}
	}
	checkRows(t, "AppRegistration", rows)
}

func numbered(prefix string) func(int) string {
	return func(i int) string { return fmt.Sprintf("%q", fmt.Sprintf("%s%d", prefix, i)) }
}

func TestAppRegistration_Secret(t *testing.T) {
	t.Parallel()
	checkRows(t, "AppRegistration", map[string]row{
		"every format is accepted":                      {spec: `{displayName: x, secret: {formats: [AzureSDK, OIDC, Azurerator]}}`},
		"a format that does not exist is refused":       {spec: `{displayName: x, secret: {formats: [Env]}}`, says: "Unsupported value"},
		"a format is given once":                        {spec: `{displayName: x, secret: {formats: [OIDC, OIDC]}}`, says: "Duplicate value"},
		"no Secret is accepted":                         {spec: `{displayName: x, secret: {enabled: false}}`},
		"a Secret's name is accepted":                   {spec: `{displayName: x, secret: {name: orders.entra-1}}`},
		"a Secret's name that cannot be one is refused": {spec: `{displayName: x, secret: {name: Orders_Entra}}`, says: "a Secret's name has lower case letters"},
		"a Secret's name has no empty label":            {spec: `{displayName: x, secret: {name: orders..entra}}`, says: "a Secret's name has lower case letters"},
		"labels are accepted":                           {spec: `{displayName: x, secret: {labels: {app.kubernetes.io/part-of: shop}}}`},
		"the operator's labels are refused":             {spec: `{displayName: x, secret: {labels: {entra-registrar.dev/managed-by: me}}}`, says: "label keys must not start with entra-registrar.dev/"},
		"a label's value of 64 characters is refused":   {spec: `{displayName: x, secret: {labels: {a: ` + strings.Repeat("v", 64) + `}}}`, says: "values have at most 63 characters"},
		"a label's empty value is accepted":             {spec: `{displayName: x, secret: {labels: {a: ""}}}`},
		"annotations are accepted":                      {spec: `{displayName: x, secret: {annotations: {reloader.stakater.com/match: "true"}}}`},
		"the operator's annotations are refused":        {spec: `{displayName: x, secret: {annotations: {entra-registrar.dev/x: me}}}`, says: "annotation keys must not start with"},
		"Kubernetes' annotations are refused":           {spec: `{displayName: x, secret: {annotations: {kubernetes.io/service-account.name: default}}}`, says: "annotation keys must not start with"},
		"an annotation of 4097 characters is refused":   {spec: `{displayName: x, secret: {annotations: {a: ` + strings.Repeat("v", 4097) + `}}}`, says: "values have at most 4096 characters"},
		"an annotation's value of any kind is accepted": {spec: `{displayName: x, secret: {annotations: {Example.com/A: "b c {}"}}}`},
		"32 annotations are accepted":                   {spec: `{displayName: x, secret: {annotations: ` + yamlMap(32) + `}}`},
		"33 annotations are refused":                    {spec: `{displayName: x, secret: {annotations: ` + yamlMap(33) + `}}`, says: "must have at most 32 items"},
		"32 labels are accepted":                        {spec: `{displayName: x, secret: {labels: ` + yamlMap(32) + `}}`},
		"33 labels are refused":                         {spec: `{displayName: x, secret: {labels: ` + yamlMap(33) + `}}`, says: "must have at most 32 items"},
	})
}

// yamlMap writes a YAML map of so many entries.
func yamlMap(count int) string {
	entries := yamlList(count, func(i int) string { return fmt.Sprintf("k%d: v", i) })
	return "{" + strings.Trim(entries, "[]") + "}"
}

func TestAppRegistration_ImmutableFields(t *testing.T) {
	t.Parallel()
	role := func(id string) string {
		return `{displayName: x, appRoles: [{value: Read, allowedMemberTypes: [User]` + id + `}]}`
	}
	scope := func(id string) string { return `{displayName: x, api: {scopes: [{value: Read` + id + `}]}}` }
	const tenant, id = "tenantRef is immutable", "id is immutable"
	checkRows(t, "AppRegistration", map[string]row{
		"the tenant cannot change":          {spec: `{displayName: x, tenantRef: {name: a}}`, then: `{displayName: x, tenantRef: {name: b}}`, says: tenant},
		"the tenant cannot be named later":  {spec: `{displayName: x}`, then: `{displayName: x, tenantRef: {name: b}}`, says: tenant},
		"the tenant cannot be dropped":      {spec: `{displayName: x, tenantRef: {name: a}}`, then: `{displayName: x}`, says: tenant},
		"the rest changes beside a tenant":  {spec: `{displayName: x, tenantRef: {name: a}}`, then: `{displayName: other, tenantRef: {name: a}}`},
		"the rest changes without a tenant": {spec: `{displayName: x}`, then: `{displayName: other}`},
		"a role's ID cannot change":         {spec: role(`, id: ` + roleID), then: role(`, id: ` + otherID), says: id},
		"a role's ID cannot be given later": {spec: role(``), then: role(`, id: ` + otherID), says: id},
		"a role's ID cannot be dropped":     {spec: role(`, id: ` + roleID), then: role(``), says: id},
		"a role's texts change beside it":   {spec: role(`, id: ` + roleID), then: role(`, displayName: other, id: ` + roleID)},
		"a scope's ID cannot change":        {spec: scope(`, id: ` + roleID), then: scope(`, id: ` + otherID), says: id},
		"a scope's ID cannot be dropped":    {spec: scope(`, id: ` + roleID), then: scope(``), says: id},
		"a scope can go with its ID":        {spec: scope(`, id: ` + roleID), then: `{displayName: x}`},
	})
}
