package api

import (
	"fmt"
	"strings"
	"testing"
)

// Both lists have the same rules for values and IDs.
func TestAppRegistration_ScopesAndRolesTogether(t *testing.T) {
	t.Parallel()
	for list, write := range map[string]func(entries string) string{
		"scopes":   func(entries string) string { return `{displayName: x, api: {scopes: ` + entries + `}}` },
		"appRoles": func(entries string) string { return `{displayName: x, appRoles: ` + entries + `}` },
	} {
		more := ""
		if list == "appRoles" {
			more = `, allowedMemberTypes: [Application]`
		}
		entry := func(value string) string { return `{value: "` + value + `"` + more + `}` }
		one := func(value string) string { return write("[" + entry(value) + "]") }
		long := strings.Repeat("v", 116)
		checkRows(t, "AppRegistration", map[string]row{
			list + ": a value is accepted":                     {spec: one("Orders.Read.All")},
			list + ": every sign that Entra takes is accepted": {spec: one(`aZ09:!#$%&'()*+,-./;=?@[]^_{}~`)},
			list + ": a value has no spaces":                   {spec: one("Orders Read"), says: "value"},
			list + ": a value does not begin with a dot":       {spec: one(".default"), says: "value"},
			list + ": a value has no quotes":                   {spec: one(`a\"b`), says: "value"},
			list + ": a value is needed":                       {spec: write(`[{enabled: true` + more + `}]`), says: "value: Required value"},
			list + ": a value is given once":                   {spec: write("[" + entry("a") + ", " + entry("a") + "]"), says: "Duplicate value"},
			list + ": a value has 120 characters":              {spec: one(long + "1234")},
			list + ": a value has no 121 characters":           {spec: one(long + "12345"), says: "Too long"},
			list + ": 200 entries are accepted":                {spec: write(yamlList(200, func(i int) string { return entry(fmt.Sprint(long, i)) }))},
			list + ": 201 entries are refused":                 {spec: write(yamlList(201, func(i int) string { return entry(fmt.Sprint(i)) })), says: "must have at most 200 items"},
			list + ": an ID is accepted":                       {spec: write(`[{value: a, id: ` + roleID + more + `}]`)},
			list + ": an ID that is no GUID is refused":        {spec: write(`[{value: a, id: "1"` + more + `}]`), says: "id"},
			list + ": a disabled entry is accepted":            {spec: write(`[{value: a, enabled: false` + more + `}]`)},
		})
	}
}

func TestAppRegistration_Scopes(t *testing.T) {
	t.Parallel()
	scope := func(more string) string { return `{displayName: x, api: {scopes: [{value: a, ` + more + `}]}}` }
	checkRows(t, "AppRegistration", map[string]row{
		"a scope for admins is accepted":           {spec: scope(`type: Admin`)},
		"a scope for users is accepted":            {spec: scope(`type: User`)},
		"a scope for anybody else is refused":      {spec: scope(`type: Everyone`), says: "Unsupported value"},
		"all four texts are accepted":              {spec: scope(`adminConsentDisplayName: a, adminConsentDescription: b, userConsentDisplayName: c, userConsentDescription: d`)},
		"a title of 101 characters is refused":     {spec: scope(`adminConsentDisplayName: ` + strings.Repeat("t", 101)), says: "Too long"},
		"a user's title of 101 is refused":         {spec: scope(`userConsentDisplayName: ` + strings.Repeat("t", 101)), says: "Too long"},
		"a description of 1001 is refused":         {spec: scope(`adminConsentDescription: ` + strings.Repeat("t", 1001)), says: "Too long"},
		"a user's description of 1001 is refused":  {spec: scope(`userConsentDescription: ` + strings.Repeat("t", 1001)), says: "Too long"},
		"a scope and a role of one name clash":     {spec: `{displayName: x, api: {scopes: [{value: a}, {value: b}]}, appRoles: [{value: b, allowedMemberTypes: [User]}]}`, says: "a value may be a scope or an app role, not both"},
		"a scope and a role of other names do not": {spec: `{displayName: x, api: {scopes: [{value: a}]}, appRoles: [{value: A, allowedMemberTypes: [User]}]}`},
		"200 scopes beside 200 roles are accepted": {spec: `{displayName: x,
			api: {scopes: ` + yamlList(200, func(i int) string { return fmt.Sprintf("{value: s%d}", i) }) + `},
			appRoles: ` + yamlList(200, func(i int) string { return fmt.Sprintf("{value: r%d, allowedMemberTypes: [User]}", i) }) + `}`},
	})
}

func TestAppRegistration_Roles(t *testing.T) {
	t.Parallel()
	role := func(more string) string { return `{displayName: x, appRoles: [{value: a` + more + `}]}` }
	checkRows(t, "AppRegistration", map[string]row{
		"a role for both is accepted":              {spec: role(`, allowedMemberTypes: [Application, User]`)},
		"a role says to what it can be given":      {spec: role(``), says: "allowedMemberTypes: Required value"},
		"a role can be given to something":         {spec: role(`, allowedMemberTypes: []`), says: "allowedMemberTypes"},
		"a role for groups is written as User":     {spec: role(`, allowedMemberTypes: [Group]`), says: "Unsupported value"},
		"a member type is given once":              {spec: role(`, allowedMemberTypes: [User, User]`), says: "Duplicate value"},
		"a role's name of 101 is refused":          {spec: role(`, allowedMemberTypes: [User], displayName: ` + strings.Repeat("t", 101)), says: "Too long"},
		"a role's description of 1001 is refused":  {spec: role(`, allowedMemberTypes: [User], description: ` + strings.Repeat("t", 1001)), says: "Too long"},
		"a role's description of 1000 is accepted": {spec: role(`, allowedMemberTypes: [User], description: ` + strings.Repeat("t", 1000))},
	})
}
