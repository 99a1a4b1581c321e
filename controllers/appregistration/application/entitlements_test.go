package application

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

func TestCreated_DefaultsOfScopesAndRoles(t *testing.T) {
	t.Parallel()
	id := Identify(object(), testBinding())
	app := ofNew(object(scopes("Orders.Read"), roles("Orders.Admin")), References{}).Created
	wantScopes := []entra.Scope{{
		ID: id.entitlementID(listScopes, "Orders.Read"), Value: "Orders.Read", Type: "Admin",
		AdminConsentDisplayName: "Orders.Read", AdminConsentDescription: "Orders.Read", Enabled: true,
	}}
	wantRoles := []entra.AppRole{{
		ID: id.entitlementID(listAppRoles, "Orders.Admin"), Value: "Orders.Admin", DisplayName: "Orders.Admin",
		Description: "Orders.Admin", AllowedMemberTypes: []string{"Application", "User"}, Enabled: true,
	}}
	if diff := cmp.Diff(wantScopes, app.Scopes); diff != "" {
		t.Error("scopes, want - got +\n" + diff)
	}
	if diff := cmp.Diff(wantRoles, app.AppRoles); diff != "" {
		t.Error("roles, want - got +\n" + diff)
	}
}
