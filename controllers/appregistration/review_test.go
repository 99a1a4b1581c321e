package appregistration

import (
	"testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/appregistration/application"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

const roleManagementID = "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8"

func TestReview_DeclarationIsJudgedWhenItIsNew(t *testing.T) {
	t.Parallel()
	mail := object(bound, needs(wellKnownGraph, []string{"User.Read", "Mail.Read"}))
	signIn := object(bound, needs(wellKnownGraph, []string{"User.Read"}))
	unbound := object(needs(wellKnownGraph, []string{"User.Read", "Mail.Read"}))
	denied := `refuse Denied: spec.permissions[0].delegated[1]: to declare "Mail.Read" (` + mailReadID + `) of API MicrosoftGraph: no rule allows it; ` +
		`this rule would: {"declare":{"api":{"wellKnown":"MicrosoftGraph"},"delegated":["Mail.Read"]}} (looked at: baseline Default)`
	kept := `unsynced Denied: kept, though it would be denied today: spec.permissions[0].delegated[1]: to declare "Mail.Read" (` + mailReadID +
		`) of API MicrosoftGraph: no rule allows it; this rule would: {"declare":{"api":{"wellKnown":"MicrosoftGraph"},"delegated":["Mail.Read"]}} (looked at: baseline Default)`
	checkDecisions(t, []decisionRow{
		{"sign-in is free", signIn, with(settled(signIn), consentedTo(signIn)), nil},
		{"what is new is denied", mail, recorded(finding(mail)), []string{denied}},
		{"what is new is allowed by a policy", mail, recorded(finding(mail), allowing(v1alpha1.PolicyRule{
			Declare: &v1alpha1.DeclareRule{API: v1alpha1.PolicyAPI{WellKnown: v1alpha1.MicrosoftGraph}, Delegated: []string{"Mail.*"}},
		})), []string{"update application: requiredResourceAccess (add User.Read Mail.Read)"}},
		{"what is declared already is kept and reported", mail, with(settled(mail), consentedTo(mail)), []string{kept}},
		{"a new application is not made", unbound, with(unknown(), finding(unbound)), []string{denied}},
	})
}

func TestRevoke_BeforeAnythingElse(t *testing.T) {
	t.Parallel()
	tier0 := needs(wellKnownGraph, []string{"User.Read"}, "RoleManagement.ReadWrite.Directory")
	revoking := ruling(v1alpha1.RegistrationPolicySpec{
		OnTightening: v1alpha1.TighteningRevoke,
		Deny:         []v1alpha1.PolicyRule{{Redirect: &v1alpha1.RedirectRule{Hosts: []string{"h.example.com"}}}},
		Allow:        []v1alpha1.PolicyRule{{IdentifierURI: &v1alpha1.IdentifierURIRule{URIs: []string{"https://example.com/other"}}}},
	})
	obj := object(bound, tier0)
	wrong := object(bound, tier0, func(o *v1alpha1.AppRegistration) { o.Spec.AppRoles[0].ID, o.Spec.API.Scopes[0].ID = "same", "same" })
	web := object(bound, redirectsTo("https://h.example.com", "https://ok.example.com"), func(o *v1alpha1.AppRegistration) {
		o.Spec.IdentifierURIs = []string{"api://{appID}", "https://example.com/orders"}
		o.Spec.SignInAudience = v1alpha1.AudienceMultipleOrgs
	})
	first := func(t *testing.T, obj *v1alpha1.AppRegistration, world World) string {
		t.Helper()
		return lines(decide(t, obj, world))[0]
	}
	privileged := settled(obj)
	same(t, "tier 0", "update application: no longer allowed: requiredResourceAccess (remove 1)", first(t, obj, privileged))
	same(t, "tier 0, though the spec is wrong", "update application: no longer allowed: requiredResourceAccess (remove 1)", first(t, wrong, privileged))
	same(t, "what a policy says", "update application: no longer allowed: identifierUris, web.redirectUris", first(t, web, with(settled(web), revoking)))
	same(t, "without a policy it is kept", "unsynced Denied: kept, though", first(t, web, settled(web))[:len("unsynced Denied: kept, though")])

	d := newDirectory()
	d.apps[objectID] = privileged.application.Value
	step := decide(t, obj, privileged).Steps[0]
	if err := step.Do(t.Context(), engine.Clients{Directory: d}, &privileged); err != nil {
		t.Fatal(err)
	}
	same(t, "the rest stays", []entra.RequiredAccess{{ResourceAppID: graphAppID, Scopes: []string{userReadID}}}, privileged.application.Value.RequiredAccess)
	same(t, "then it is denied", "refuse Denied: spec.permissions[0].application[0]", first(t, obj, privileged)[:len("refuse Denied: spec.permissions[0].application[0]")])
}

// requestedFields is how many fields of the spec the gate is asked for as new.
func requestedFields(obj *v1alpha1.AppRegistration, world World) int {
	k := kind()
	s := stages{obj: obj, world: world, id: application.Identify(obj, world.Binding), now: now}
	s.decide(k.Gate)
	requested := 0
	for _, request := range s.review().Requests {
		if _, is := request.(policy.Field); is {
			requested++
		}
	}
	return requested
}

func TestReview_WhatIsThereAlreadyIsHeld(t *testing.T) {
	t.Parallel()
	full := object(bound, redirectsTo("https://h.example.com"), func(o *v1alpha1.AppRegistration) {
		o.Spec.Description, o.Spec.Tags = "takes orders", []string{"team"}
		o.Spec.SignInAudience, o.Spec.FallbackPublicClient = v1alpha1.AudienceMyOrg, true
		o.Spec.TenantRef = &v1alpha1.TenantReference{Name: "corp"}
		o.Spec.Lock = &v1alpha1.Lock{Enabled: new(false)}
		o.Spec.API.RequestedAccessTokenVersion = new(int32(2))
		o.Spec.ServicePrincipal = &v1alpha1.ServicePrincipal{AssignmentRequired: new(true)}
		o.Spec.Secret = &v1alpha1.Secret{Name: "orders", Labels: map[string]string{"a": "b"}}
	}, trusts(v1alpha1.ClientReference{AppID: "eve"}, "Orders.Read"), knows(v1alpha1.ClientReference{AppID: "eve"}))
	same(t, "of an object in sync", 0, requestedFields(full, settled(full)))
	if before := requestedFields(full, unknown()); before < 15 {
		t.Errorf("of a new object only %d fields are judged", before)
	}
}
