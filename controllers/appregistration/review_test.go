package appregistration

import (
	"testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

const roleManagementID = "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8"

// declaring is what an object declares of Microsoft Graph, as it was found.
func declaring(values ...string) references {
	ids := map[string]string{"User.Read": userReadID, "Mail.Read": mailReadID, "RoleManagement.ReadWrite.Directory": roleManagementID}
	var found references
	for _, value := range values {
		p := permission{
			path: "spec.permissions[0].delegated[0]", kind: v1alpha1.PermissionDelegated, value: value, id: ids[value],
			api: reference.API{Title: "MicrosoftGraph", DisplayName: "Microsoft Graph", AppID: graphAppID, ObjectID: graphID},
		}
		if value == "RoleManagement.ReadWrite.Directory" {
			p.path, p.kind = "spec.permissions[0].application[0]", v1alpha1.PermissionApplication
		}
		found.permissions = append(found.permissions, p)
	}
	return found
}

func consentedTo(found references) func(*World) {
	return func(w *World) {
		w.consent = consent{known: true, given: map[entitlement]bool{}}
		for _, p := range found.permissions {
			w.consent.given[p.entitlement()] = true
		}
	}
}

func TestADeclarationIsJudgedWhenItIsNew(t *testing.T) {
	t.Parallel()
	mail := declaring("User.Read", "Mail.Read")
	denied := `refuse Denied: spec.permissions[0].delegated[0]: to declare "Mail.Read" (` + mailReadID + `) of API MicrosoftGraph: no rule allows it; ` +
		`this rule would: {"declare":{"api":{"wellKnown":"MicrosoftGraph"},"delegated":["Mail.Read"]}} (looked at: baseline Default)`
	kept := `unsynced Denied: kept, though it would be denied today: spec.permissions[0].delegated[0]: to declare "Mail.Read" (` + mailReadID +
		`) of API MicrosoftGraph: no rule allows it; this rule would: {"declare":{"api":{"wellKnown":"MicrosoftGraph"},"delegated":["Mail.Read"]}} (looked at: baseline Default)`
	obj := object(bound)
	play(t, []scene{
		{"sign-in is free", obj, with(settledWith(obj, declaring("User.Read")), consentedTo(mail)), nil},
		{"what is new is denied", obj, with(settled(obj), func(w *World) { w.references = mail }), []string{denied}},
		{"what is new is allowed by a policy", obj, with(settled(obj), func(w *World) { w.references = mail }, allowing(v1alpha1.PolicyRule{
			Declare: &v1alpha1.DeclareRule{API: v1alpha1.PolicyAPI{WellKnown: v1alpha1.MicrosoftGraph}, Delegated: []string{"Mail.*"}},
		})), []string{"update application: requiredResourceAccess (add User.Read Mail.Read)"}},
		{"what is declared already is kept and reported", obj, with(settledWith(obj, mail), consentedTo(mail)), []string{kept}},
		{"a new application is not made", object(), with(unknown(), func(w *World) { w.references = mail }), []string{denied}},
	})
}

func TestWhatMustNotStayIsTakenAwayBeforeAnythingElse(t *testing.T) {
	t.Parallel()
	grave := declaring("User.Read", "RoleManagement.ReadWrite.Directory")
	revoking := ruling(v1alpha1.RegistrationPolicySpec{
		OnTightening: v1alpha1.TighteningRevoke,
		Deny:         []v1alpha1.PolicyRule{{Redirect: &v1alpha1.RedirectRule{Hosts: []string{"h.example.com"}}}},
		Allow:        []v1alpha1.PolicyRule{{IdentifierURI: &v1alpha1.IdentifierURIRule{URIs: []string{"https://example.com/other"}}}},
	})
	obj := object(bound)
	wrong := object(bound, func(o *v1alpha1.AppRegistration) { o.Spec.AppRoles[0].ID, o.Spec.API.Scopes[0].ID = "same", "same" })
	web := object(bound, redirectsTo("https://h.example.com", "https://ok.example.com"), func(o *v1alpha1.AppRegistration) {
		o.Spec.IdentifierURIs = []string{"api://{appID}", "https://example.com/orders"}
		o.Spec.SignInAudience = v1alpha1.AudienceMultipleOrgs
	})
	first := func(t *testing.T, obj *v1alpha1.AppRegistration, world World) string {
		t.Helper()
		return lines(kind().Decide(obj, world, now))[0]
	}
	graver := settledWith(obj, grave)
	same(t, "tier 0", "update application: no longer allowed: requiredResourceAccess (remove 1)", first(t, obj, graver))
	same(t, "tier 0, though the spec is wrong", "update application: no longer allowed: requiredResourceAccess (remove 1)", first(t, wrong, graver))
	same(t, "what a policy says", "update application: no longer allowed: identifierUris, web.redirectUris", first(t, web, with(settled(web), revoking)))
	same(t, "without a policy it is kept", "unsynced Denied: kept, though", first(t, web, settled(web))[:len("unsynced Denied: kept, though")])

	d := newDirectory()
	d.apps[objectID] = graver.application.Value
	step := kind().Decide(obj, graver, now).Steps[0]
	if err := step.Do(t.Context(), engineHands(d), &graver); err != nil {
		t.Fatal(err)
	}
	same(t, "the rest stays", []entra.RequiredAccess{{ResourceAppID: graphAppID, Scopes: []string{userReadID}}}, graver.application.Value.RequiredAccess)
	same(t, "then it is denied", "refuse Denied: spec.permissions[0].application[0]", first(t, obj, graver)[:len("refuse Denied: spec.permissions[0].application[0]")])
}

func TestWhatIsThereAlreadyIsNoNews(t *testing.T) {
	t.Parallel()
	full := object(bound, redirectsTo("https://h.example.com"), func(o *v1alpha1.AppRegistration) {
		o.Spec.Description, o.Spec.Tags = "takes orders", []string{"team"}
		o.Spec.SignInAudience, o.Spec.FallbackPublicClient = v1alpha1.AudienceMyOrg, true
		o.Spec.TenantRef = &v1alpha1.TenantReference{Name: "corp"}
		o.Spec.Lock = &v1alpha1.Lock{Enabled: new(false)}
		o.Spec.ManagementPolicy = v1alpha1.ManagementFull
		o.Spec.API.RequestedAccessTokenVersion = new(int32(2))
		o.Spec.ServicePrincipal = &v1alpha1.ServicePrincipal{AssignmentRequired: new(true)}
		o.Spec.Secret = &v1alpha1.Secret{Name: "orders", Labels: map[string]string{"a": "b"}}
	}, trusts(v1alpha1.ClientReference{AppID: "eve"}, "Orders.Read"), func(o *v1alpha1.AppRegistration) {
		o.Spec.API.KnownClients = []v1alpha1.ClientReference{{AppID: "eve"}}
	})
	found := here(consumer{appID: "eve", scopes: []string{"Orders.Read"}})
	found.known = []consumer{{appID: "eve"}}
	world := settledWith(full, found)
	same(t, "of an object in sync", 0, len(policy.Fields(kindName, news(full, world))))
	if before := len(policy.Fields(kindName, news(full, unknown()))); before < 15 {
		t.Errorf("of a new object only %d fields are judged", before)
	}
}
