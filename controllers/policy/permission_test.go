package policy_test

import (
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

const (
	worker   = "aaaaaaaa-0000-4000-8000-000000000001"
	orders   = "aaaaaaaa-0000-4000-8000-000000000002"
	operator = "aaaaaaaa-0000-4000-8000-00000000000f"
	readAll  = "aaaaaaaa-0000-4000-8000-000000000003"
)

// APIs as an object of namespace shop sees them.
var (
	ownAPI      = policy.API{AppID: appID, ObjectID: orders, Namespace: "shop", Name: "orders-api", OwnNamespace: true}
	openAPI     = policy.API{AppID: appID, ObjectID: orders, Namespace: "bank", Name: "accounts-api", AllowedConsumer: true}
	withheldAPI = policy.API{AppID: appID, ObjectID: orders, Namespace: "bank", Name: "accounts-api"}
	otherAPI    = policy.API{AppID: appID, ObjectID: orders}
	msGraph     = policy.API{AppID: entra.WellKnown("MicrosoftGraph"), ObjectID: orders}
	everyAPI    = []v1alpha1.PolicyAPI{
		{OwnNamespace: true}, {AllowedConsumer: true}, {AppID: appID}, {AppRegistrationRef: &v1alpha1.PolicyAppRegistration{Namespace: "bank", Name: "accounts-api"}},
	}
)

func newAssignment(principal string, api policy.API) policy.Assignment {
	return policy.Assignment{
		Path: "spec.roles[0]", PrincipalKind: v1alpha1.PrincipalAppRegistration, PrincipalID: principal, API: api,
		RoleID: readAll, Role: "Orders.Read.All",
	}
}

func newDeclaration(kind v1alpha1.PermissionType, api policy.API, value string) policy.Declaration {
	return policy.Declaration{Path: "spec.permissions[0]", API: api, Type: kind, ID: readAll, Value: value}
}

func newConsent(api policy.API, value, user string) policy.Consent {
	return policy.Consent{Path: "spec.scopes[0]", ClientID: worker, ClientAppID: worker, API: api, ScopeID: readAll, Scope: value, UserID: user}
}

func TestBaseline_AllowsOwnAPIsAndAllowedConsumers(t *testing.T) {
	t.Parallel()
	toGroup := newAssignment(worker, openAPI)
	toGroup.PrincipalKind = v1alpha1.PrincipalGroup
	access := newAssignment(worker, ownAPI)
	access.Role, access.RoleID = "", entra.DefaultAccess
	unresolved := newAssignment(worker, ownAPI)
	unresolved.RoleID = ""
	const delegated, application = v1alpha1.PermissionDelegated, v1alpha1.PermissionApplication
	for name, row := range map[string]struct {
		request policy.Request
		want    bool
	}{
		"a role of one's own API":                          {newAssignment(worker, ownAPI), true},
		"its default access":                               {access, true},
		"a role that was not resolved":                     {unresolved, false},
		"a role that another namespace lets this one have": {newAssignment(worker, openAPI), true},
		"and not for a group":                              {toGroup, false},
		"a role that it does not":                          {newAssignment(worker, withheldAPI), false},
		"a role of an API that nobody here describes":      {newAssignment(worker, otherAPI), false},
		"a role of Microsoft Graph":                        {newAssignment(worker, msGraph), false},
		"a scope of one's own API, declared":               {newDeclaration(delegated, ownAPI, "Read"), true},
		"one of another that lets it":                      {newDeclaration(delegated, openAPI, "Read"), true},
		"one of another that does not":                     {newDeclaration(delegated, withheldAPI, "Read"), false},
		"User.Read of Microsoft Graph, declared":           {newDeclaration(delegated, msGraph, "User.Read"), true},
		"offline_access":                                   {newDeclaration(delegated, msGraph, "offline_access"), true},
		"Mail.Read":                                        {newDeclaration(delegated, msGraph, "Mail.Read"), false},
		"User.Read as a role":                              {newDeclaration(application, msGraph, "User.Read"), false},
		"consent to one's own API for all":                 {newConsent(ownAPI, "Read", ""), true},
		"for one":                                          {newConsent(ownAPI, "Read", worker), true},
		"consent to another's that lets it":                {newConsent(openAPI, "Read", ""), true},
		"consent to another's that does not":               {newConsent(withheldAPI, "Read", ""), false},
		"consent to User.Read of Microsoft Graph":          {newConsent(msGraph, "User.Read", ""), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind := "AppRegistration"
			switch row.request.(type) {
			case policy.Assignment:
				kind = "AppRoleAssignment"
			case policy.Consent:
				kind = "DelegatedPermissionGrant"
			}
			if got := passes(baseline(), kind, row.request); got != row.want {
				t.Errorf("allowed %t, want %t", got, row.want)
			}
		})
	}
}

// Only the owner can write allowedConsumers, whatever admins allow.
func TestAPI_NoRuleOpensWhatItsOwnerWithholds(t *testing.T) {
	t.Parallel()
	for _, api := range everyAPI {
		gate := allowing(
			v1alpha1.PolicyRule{Assign: &v1alpha1.AssignRule{
				Principals: []v1alpha1.PolicyPrincipal{{Kind: v1alpha1.PrincipalAppRegistration}}, API: api, Roles: []string{policy.Any, readAll},
			}},
			v1alpha1.PolicyRule{Declare: &v1alpha1.DeclareRule{API: api, Delegated: []string{policy.Any, readAll}}},
			v1alpha1.PolicyRule{Consent: &v1alpha1.ConsentRule{API: api, Scopes: []string{policy.Any, readAll}, Users: v1alpha1.ConsentAll}},
		)
		for _, request := range []policy.Request{
			newAssignment(worker, withheldAPI), newDeclaration(v1alpha1.PermissionDelegated, withheldAPI, "Read"), newConsent(withheldAPI, "Read", worker),
		} {
			if got := gate.evaluate("AppRoleAssignment", request).Denied; len(got) != 1 || got[0].Rule != "" {
				t.Errorf("%v opened %s: %v", api, request, got)
			}
		}
	}
}

func TestAPI_IsTheSameByEveryName(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		rule v1alpha1.PolicyAPI
		api  policy.API
		want bool
	}{
		"a well-known name":                {v1alpha1.PolicyAPI{WellKnown: v1alpha1.MicrosoftGraph}, msGraph, true},
		"its appID":                        {v1alpha1.PolicyAPI{AppID: v1alpha1.GUID(msGraph.AppID)}, msGraph, true},
		"another well-known name":          {v1alpha1.PolicyAPI{WellKnown: v1alpha1.SharePoint}, msGraph, false},
		"a well-known name that is none":   {v1alpha1.PolicyAPI{WellKnown: "Nothing"}, policy.API{}, false},
		"an AppRegistration by reference":  {v1alpha1.PolicyAPI{AppRegistrationRef: &v1alpha1.PolicyAppRegistration{Namespace: "bank", Name: "accounts-api"}}, openAPI, true},
		"its name in another namespace":    {v1alpha1.PolicyAPI{AppRegistrationRef: &v1alpha1.PolicyAppRegistration{Namespace: "shop", Name: "accounts-api"}}, openAPI, false},
		"an AppRegistration by its appID":  {v1alpha1.PolicyAPI{AppID: appID}, openAPI, true},
		"one's own is not another's":       {v1alpha1.PolicyAPI{AllowedConsumer: true}, ownAPI, false},
		"another's is not one's own":       {v1alpha1.PolicyAPI{OwnNamespace: true}, openAPI, false},
		"a reference to what nobody names": {v1alpha1.PolicyAPI{AppRegistrationRef: &v1alpha1.PolicyAppRegistration{}}, otherAPI, false},
		"a rule that names nothing":        {v1alpha1.PolicyAPI{}, policy.API{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rule := v1alpha1.PolicyRule{Declare: &v1alpha1.DeclareRule{API: row.rule, Delegated: []string{"Read"}}}
			if got := passes(allowing(rule), "AppRegistration", newDeclaration(v1alpha1.PermissionDelegated, row.api, "Read")); got != row.want {
				t.Errorf("allowed %t, want %t", got, row.want)
			}
		})
	}
}

func TestPermission_AllowRules(t *testing.T) {
	t.Parallel()
	api, day := v1alpha1.PolicyAPI{AppID: appID}, &metav1.Duration{Duration: 24 * time.Hour}
	mail := v1alpha1.PolicyRule{Consent: &v1alpha1.ConsentRule{API: api, Scopes: []string{"Mail.*"}}}
	short := v1alpha1.PolicyRule{Assign: &v1alpha1.AssignRule{
		Principals: []v1alpha1.PolicyPrincipal{{Kind: v1alpha1.PrincipalUser, ObjectID: worker}}, API: api, Roles: []string{readAll}, MaxDuration: day,
	}}
	toUser := func(user string, life time.Duration) policy.Assignment {
		asked := newAssignment(user, otherAPI)
		asked.PrincipalKind, asked.Lifetime = v1alpha1.PrincipalUser, life
		return asked
	}
	for name, row := range map[string]struct {
		rule    v1alpha1.PolicyRule
		request policy.Request
		want    bool
	}{
		"a pattern is about one segment":                {mail, newConsent(otherAPI, "Mail.Read", worker), true},
		"not about two":                                 {mail, newConsent(otherAPI, "Mail.Read.Shared", worker), false},
		"not about none":                                {mail, newConsent(otherAPI, "Mail", worker), false},
		"consent for one is none for all":               {mail, newConsent(otherAPI, "Mail.Read", ""), false},
		"a role by its ID, to the user that is named":   {short, toUser(worker, time.Hour), true},
		"as long as may be":                             {short, toUser(worker, 24*time.Hour), true},
		"not longer":                                    {short, toUser(worker, 25*time.Hour), false},
		"not without an end":                            {short, toUser(worker, 0), false},
		"not when the end is past":                      {short, toUser(worker, -time.Hour), false},
		"not to another user":                           {short, toUser(orders, time.Hour), false},
		"not to another kind of principal of that name": {short, newAssignment(worker, otherAPI), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := passes(allowing(row.rule), "DelegatedPermissionGrant", row.request); got != row.want {
				t.Errorf("allowed %t, want %t", got, row.want)
			}
		})
	}
}

func TestPermission_DenyRules(t *testing.T) {
	t.Parallel()
	api, day := v1alpha1.PolicyAPI{AppID: appID}, &metav1.Duration{Duration: 24 * time.Hour}
	open := allowing(
		v1alpha1.PolicyRule{Consent: &v1alpha1.ConsentRule{API: api, Scopes: []string{policy.Any}, Users: v1alpha1.ConsentAll}},
		v1alpha1.PolicyRule{Assign: &v1alpha1.AssignRule{API: api, Roles: []string{policy.Any}, Principals: []v1alpha1.PolicyPrincipal{
			{Kind: v1alpha1.PrincipalUser}, {Kind: v1alpha1.PrincipalAppRegistration},
		}}},
	)
	consent := func(users v1alpha1.ConsentUsers) v1alpha1.PolicyRule {
		return v1alpha1.PolicyRule{Consent: &v1alpha1.ConsentRule{API: api, Scopes: []string{"Mail.*"}, Users: users}}
	}
	user := v1alpha1.PolicyRule{Assign: &v1alpha1.AssignRule{
		Principals: []v1alpha1.PolicyPrincipal{{Kind: v1alpha1.PrincipalUser, ObjectID: worker}}, API: api, Roles: []string{policy.Any}, MaxDuration: day,
	}}
	for name, row := range map[string]struct {
		deny    v1alpha1.PolicyRule
		request policy.Request
		want    bool
	}{
		"one that says nothing of users is about all": {consent(""), newConsent(otherAPI, "Mail.Read", ""), false},
		"and about each":                               {consent(""), newConsent(otherAPI, "Mail.Read", worker), false},
		"for all users leaves consent for one":         {consent(v1alpha1.ConsentAll), newConsent(otherAPI, "Mail.Read", worker), true},
		"for one leaves consent for all":               {consent(v1alpha1.ConsentOne), newConsent(otherAPI, "Mail.Read", ""), true},
		"another scope is another":                     {consent(""), newConsent(otherAPI, "Files.Read", ""), true},
		"a duration does not matter":                   {user, newAssignment(worker, otherAPI), false},
		"a principal that is named counts as any kind": {user, newAssignment(worker, otherAPI), false},
		"another principal is another":                 {user, newAssignment(orders, otherAPI), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := passes(open.with(everywhere("shut", nil, rules(row.deny))), "DelegatedPermissionGrant", row.request); got != row.want {
				t.Errorf("allowed %t, want %t", got, row.want)
			}
		})
	}
}

// An entry allows a permission by its value, by its ID, or as a pattern for the value; a pattern never allows what is as good as Global
// Administrator.
func FuzzPermission_IsNamedOrMatched(f *testing.F) {
	f.Add("User.*", readAll, "User.Read")
	f.Add("*", readAll, "User.ReadWrite.All")
	f.Add(readAll, readAll, "RoleManagement.ReadWrite.Directory")
	f.Add("*.ReadWrite.*", readAll, "rolemanagement.ReadWrite.Directory")
	f.Add("", "", "")
	f.Fuzz(func(t *testing.T, entry, id, value string) {
		if !isASCII(entry + value) {
			return // the naive match counts characters, the gate bytes
		}
		asked := newAssignment(worker, msGraph)
		asked.RoleID, asked.Role = id, value
		rule := roles(v1alpha1.PolicyAPI{WellKnown: v1alpha1.MicrosoftGraph}, entry)
		if !passes(allowing(rule), "AppRoleAssignment", asked) {
			return
		}
		if passes(allowing(rule).with(everywhere("shut", nil, rules(rule))), "AppRoleAssignment", asked) {
			t.Errorf("%q allows %q (%q) and does not deny it", entry, value, id)
		}
		named := entry == value || strings.EqualFold(entry, id)
		tier0 := strings.EqualFold(value, "RoleManagement.ReadWrite.Directory") || strings.EqualFold(value, "User.ReadWrite.All")
		if id == "" || !named && (tier0 || !naiveMatch(entry, value, ".")) {
			t.Errorf("%q allows %q (%q)", entry, value, id)
		}
	})
}
