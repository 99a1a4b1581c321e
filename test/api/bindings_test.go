package api

import (
	"fmt"
	"testing"
)

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
