package graph_test

import (
	"testing"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/test/emulator"
)

func TestApplication_KeepsTheOrderOfPermissions(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	client := must(e.CreateApplication(ctx, e.newApplication("web")))(t)
	const other, userRead, mailRead = "20000000-0000-4000-8000-000000000001",
		"e1fe6dd8-ba31-4d61-89e7-88639da4683d", "570282fd-fa5c-430d-a7fd-fc8dc98a9dca"
	asked := e.newApplication("orders")
	asked.FallbackPublicClient = true
	asked.RequiredAccess = []entra.RequiredAccess{
		{ResourceAppID: microsoftGraph, Scopes: []string{userRead, mailRead}, AppRoles: []string{"9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30"}},
		{ResourceAppID: other, AppRoles: []string{roleID}},
	}
	asked.KnownClients = []string{client.AppID}
	app := must(e.CreateApplication(ctx, asked))(t)
	assertEqual(t, "created", asked.ApplicationSettings, app.ApplicationSettings)
	assertEqual(t, "read", app, must(e.Application(ctx, app.ObjectID))(t))

	none := false
	patch := entra.ApplicationPatch{
		RequiredAccess: &[]entra.RequiredAccess{
			{ResourceAppID: other, Scopes: []string{scopeID}},
			{ResourceAppID: microsoftGraph, Scopes: []string{mailRead}},
		},
		PreAuthorized: &[]entra.PreAuthorized{{AppID: client.AppID, Scopes: []string{scopeID}}},
		KnownClients:  &[]string{}, FallbackPublicClient: &none,
	}
	e.ResetExchanges()
	if err := e.UpdateApplication(ctx, app.ObjectID, patch); err != nil {
		t.Fatal(err)
	}
	patch.Apply(&app.ApplicationSettings)
	app.KnownClients = nil
	e.restart() // believe Entra, not the memory
	assertEqual(t, "changed", app, must(e.Application(ctx, app.ObjectID))(t))
	e.golden("permissions.http")
}
