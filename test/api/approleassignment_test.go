package api

import (
	"fmt"
	"testing"
)

// assignment is the spec of an AppRoleAssignment.
func assignment(principal, api, more string) string {
	return `{principal: {` + principal + `}, api: {` + api + `}, ` + more + `}`
}

const (
	worker = `appRegistrationRef: {name: worker}`
	orders = `appRegistrationRef: {name: orders}`
	oneOf  = "give exactly one of "
)

func TestAppRoleAssignment_Spec(t *testing.T) {
	t.Parallel()
	roles := func(roles string) string { return assignment(worker, orders, `roles: `+roles) }
	many := func(count int) string {
		return roles(yamlList(count, func(i int) string { return fmt.Sprintf("r%d", i) }))
	}
	more := func(more string) string { return assignment(worker, orders, `roles: [r], `+more) }
	checkRows(t, "AppRoleAssignment", map[string]row{
		"roles of an application for another are accepted": {spec: roles("[Read, Write]")},
		"a role is needed":                                 {spec: roles("[]"), says: "should have at least 1 items"},
		"a role is not empty":                              {spec: roles(`[""]`), says: "roles[0]"},
		"a role is given once":                             {spec: roles("[r, r]"), says: "Duplicate value"},
		"100 roles are accepted":                           {spec: many(100)},
		"101 roles are refused":                            {spec: many(101), says: "must have at most 100 items"},
		"the roles can change":                             {spec: roles("[r]"), then: roles("[s]")},
		"access without a role is accepted":                {spec: assignment(worker, orders, `defaultAccess: true`)},
		"access without a role cannot be written as false": {spec: assignment(worker, orders, `defaultAccess: false`), says: "defaultAccess must be true where it is given"},
		"roles and access without one are refused":         {spec: more(`defaultAccess: true`), says: oneOf + "roles and defaultAccess"},
		"nothing to give is refused":                       {spec: assignment(worker, orders, `repair: Always`), says: oneOf + "roles and defaultAccess"},
		"access without a role can become a role":          {spec: assignment(worker, orders, `defaultAccess: true`), then: roles("[r]")},
		"a justification is accepted":                      {spec: more(`justification: because`)},
		"an end is accepted":                               {spec: more(`notAfter: "2027-01-01T00:00:00Z"`)},
		"an end that is no time is refused":                {spec: more(`notAfter: soon`), says: "notAfter"},
		"an end can move":                                  {spec: more(`notAfter: "2027-01-01T00:00:00Z"`), then: more(`notAfter: "2028-01-01T00:00:00Z"`)},
		"both ways to repair are accepted":                 {spec: more(`repair: Report`), then: more(`repair: Always`)},
		"another way to repair is refused":                 {spec: more(`repair: Never`), says: "Unsupported value"},
		"the principal cannot change":                      {spec: roles("[r]"), then: assignment(`appRegistrationRef: {name: other}`, orders, `roles: [r]`), says: "principal is immutable"},
		"the kind of principal cannot change either":       {spec: roles("[r]"), then: assignment(`user: {objectID: `+roleID+`}`, orders, `roles: [r]`), says: "principal is immutable"},
		"the API cannot change":                            {spec: roles("[r]"), then: assignment(worker, `wellKnown: MicrosoftGraph`, `roles: [r]`), says: "api is immutable"},
	})
}

func TestAppRoleAssignment_PrincipalAndAPI(t *testing.T) {
	t.Parallel()
	to := func(principal string) string { return assignment(principal, orders, `roles: [r]`) }
	of := func(api string) string { return assignment(worker, api, `roles: [r]`) }
	id := `ID: ` + roleID
	checkRows(t, "AppRoleAssignment", map[string]row{
		"a principal is needed":                         {spec: `{api: {` + orders + `}, roles: [r]}`, says: "principal: Required value"},
		"a principal is one":                            {spec: to(``), says: oneOf + "appRegistrationRef, managedIdentity, servicePrincipal, group and user"},
		"a principal is not two":                        {spec: to(worker + `, user: {object` + id + `}`), says: oneOf + "appRegistrationRef, managedIdentity"},
		"an application has no namespace":               {spec: to(`appRegistrationRef: {name: worker, namespace: shop}`), says: `unknown field "spec.principal.appRegistrationRef.namespace"`},
		"a managed identity by its client ID is":        {spec: to(`managedIdentity: {client` + id + `}`)},
		"a managed identity by its object ID is":        {spec: to(`managedIdentity: {object` + id + `}`)},
		"a managed identity by both is refused":         {spec: to(`managedIdentity: {client` + id + `, object` + id + `}`), says: oneOf + "clientID and objectID"},
		"a managed identity by nothing is refused":      {spec: to(`managedIdentity: {}`), says: oneOf + "clientID and objectID"},
		"a service principal by its application ID is":  {spec: to(`servicePrincipal: {app` + id + `}`)},
		"a service principal by its object ID is":       {spec: to(`servicePrincipal: {object` + id + `}`)},
		"a service principal by both is refused":        {spec: to(`servicePrincipal: {app` + id + `, object` + id + `}`), says: oneOf + "appID and objectID"},
		"a group is accepted":                           {spec: to(`group: {object` + id + `}`)},
		"a group without an ID is refused":              {spec: to(`group: {}`), says: "objectID: Required value"},
		"a user is accepted":                            {spec: to(`user: {object` + id + `}`)},
		"a user by name is refused":                     {spec: to(`user: {objectID: ada@example.com}`), says: "objectID"},
		"an ID in capitals is accepted":                 {spec: to(`user: {objectID: AAAAAAAA-0000-4000-8000-000000000001}`)},
		"an API is needed":                              {spec: `{principal: {` + worker + `}, roles: [r]}`, says: "api: Required value"},
		"an API is one":                                 {spec: of(``), says: exactlyOneAPI},
		"an API is not two":                             {spec: of(orders + `, wellKnown: MicrosoftGraph`), says: exactlyOneAPI},
		"an API of another namespace is accepted":       {spec: of(`appRegistrationRef: {name: orders, namespace: docks}`)},
		"an API of Microsoft's is accepted":             {spec: of(`wellKnown: MicrosoftGraph`)},
		"an API by its application ID is accepted":      {spec: of(`app` + id)},
		"an API of Microsoft's that has no name is not": {spec: of(`wellKnown: Graph`), says: "Unsupported value"},
	})
}
