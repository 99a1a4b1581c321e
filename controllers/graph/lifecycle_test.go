package graph_test

import (
	"errors"
	"testing"
	"time"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/test/emulator"
)

func TestApplication_Lifecycle(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()

	asked := e.newApplication("k8s.c1.shop.orders-api")
	app := must(e.CreateApplication(ctx, asked))(t)
	assertEqual(t, "the settings that were created", asked.ApplicationSettings, app.ApplicationSettings)
	assertEqual(t, "who made it and when", []any{operatorID, noon}, []any{app.CreatedByAppID, app.CreatedAt})
	assertEqual(t, "read by ID", app, must(e.Application(ctx, app.ObjectID))(t))
	assertEqual(t, "read by name", app, must(e.ApplicationByName(ctx, app.UniqueName))(t))
	assertEqual(t, "owners", []string{e.self.ObjectID}, must(e.ApplicationOwners(ctx, app.ObjectID))(t))

	patch := entra.ApplicationPatch{
		IdentifierURIs: &[]string{"api://" + app.AppID}, Description: new(string), Tags: &[]string{}, WebRedirectURIs: &[]string{},
		SPARedirectURIs: &[]string{"https://orders.example.com/spa"}, PublicRedirectURIs: &[]string{"http://localhost"},
		Lock: &entra.Lock{},
	}
	if err := e.UpdateApplication(ctx, app.ObjectID, patch); err != nil {
		t.Fatal(err)
	}
	patch.Apply(&app.ApplicationSettings)
	app.Tags, app.WebRedirectURIs = nil, nil
	e.restart() // believe Entra, not the memory
	assertEqual(t, "after the change", app, must(e.Application(ctx, app.ObjectID))(t))

	if err := e.DeleteApplication(ctx, app.ObjectID); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Application(ctx, app.ObjectID); !errors.Is(err, entra.ErrNotFound) {
		t.Errorf("a deleted application was read: %v", err)
	}
	assertEqual(t, "deleted, by ID", true, must(e.DeletedApplication(ctx, app.ObjectID))(t).Deleted)
	assertEqual(t, "deleted, by name", app.ObjectID, must(e.DeletedApplicationByName(ctx, app.UniqueName))(t).ObjectID)
	if _, err := e.CreateApplication(ctx, asked); !errors.Is(err, entra.ErrExists) {
		t.Errorf("the name of a deleted application: %v", err)
	}
	assertEqual(t, "restored", app, must(e.RestoreApplication(ctx, app.ObjectID))(t))
	assertEqual(t, "read after the restore", app, must(e.Application(ctx, app.ObjectID))(t))

	for _, step := range []func() error{
		func() error { return e.DeleteApplication(ctx, app.ObjectID) },
		func() error { return e.DeleteApplication(ctx, app.ObjectID) }, // again
		func() error { return e.PurgeApplication(ctx, app.ObjectID) },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := e.DeletedApplication(ctx, app.ObjectID); !errors.Is(err, entra.ErrNotFound) {
		t.Errorf("a purged application was found: %v", err)
	}
	e.golden("application.http")
}

func TestServicePrincipal_Lifecycle(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	app, principal := e.create("orders")

	assertEqual(t, "what it is", []any{app.AppID, "Application", e.TenantID(), false, false},
		[]any{principal.AppID, principal.Type, principal.OwnerTenantID, principal.Disabled, principal.AssignmentRequired})
	assertEqual(t, "roles copied from the application", app.AppRoles, principal.AppRoles)
	assertEqual(t, "read by appID", principal, must(e.ServicePrincipal(ctx, app.AppID))(t))
	yes := true
	if err := e.UpdateServicePrincipal(ctx, principal.ObjectID, entra.ServicePrincipalPatch{AssignmentRequired: &yes}); err != nil {
		t.Fatal(err)
	}
	e.restart()
	assertEqual(t, "after the change", true, must(e.ServicePrincipal(ctx, app.AppID))(t).AssignmentRequired)
	_, err := e.CreateServicePrincipal(ctx, entra.NewServicePrincipal{AppID: app.AppID, OwnerID: e.self.ObjectID})
	if !errors.Is(err, entra.ErrExists) {
		t.Errorf("a second one: %v", err)
	}
	must(e.Application(ctx, app.ObjectID))(t)
	if err := e.DeleteApplication(ctx, app.ObjectID); err != nil {
		t.Fatal(err)
	}
	if _, err := e.ServicePrincipal(ctx, app.AppID); !errors.Is(err, entra.ErrNotFound) {
		t.Errorf("it went with its application, but: %v", err)
	}
	must(e.RestoreApplication(ctx, app.ObjectID))(t)
	deleted := must(e.DeletedServicePrincipal(ctx, app.AppID))(t)
	assertEqual(t, "deleted", principal.ObjectID, deleted.ObjectID)
	assertEqual(t, "restored", principal.ObjectID, must(e.RestoreServicePrincipal(ctx, deleted.ObjectID, app.AppID))(t).ObjectID)
	assertEqual(t, "read after the restore", principal.ObjectID, must(e.ServicePrincipal(ctx, app.AppID))(t).ObjectID)
	e.golden("principal.http")
}

func TestFederatedCredential_Lifecycle(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	app := must(e.CreateApplication(ctx, e.newApplication("orders")))(t)
	e.ResetExchanges()

	credential := entra.FederatedCredential{
		Name: "shop.worker", Issuer: "https://issuer.example.com/", Subject: "system:serviceaccount:shop:worker",
		Audience: "api://AzureADTokenExchange", Description: "made by a test",
	}
	credential.Name = "shop-worker"
	created := must(e.CreateFederatedCredential(ctx, app.ObjectID, credential))(t)
	credential.ID = created.ID
	assertEqual(t, "created", credential, created)
	if _, err := e.CreateFederatedCredential(ctx, app.ObjectID, credential); !errors.Is(err, entra.ErrExists) {
		t.Errorf("the same name: %v", err)
	}
	renamed := credential
	renamed.Name = "another-name"
	if _, err := e.CreateFederatedCredential(ctx, app.ObjectID, renamed); !errors.Is(err, entra.ErrExists) {
		t.Errorf("the same issuer and subject: %v", err)
	}
	subject := "system:serviceaccount:shop:other"
	patch := entra.FederatedCredentialPatch{Subject: &subject, Description: new(string)}
	if err := e.UpdateFederatedCredential(ctx, app.ObjectID, created.ID, patch); err != nil {
		t.Fatal(err)
	}
	patch.Apply(&credential)
	e.restart()
	assertEqual(t, "read", entra.Trust{
		ApplicationID: app.ObjectID, UniqueName: app.UniqueName, Tags: app.Tags, Credentials: []entra.FederatedCredential{credential},
	}, must(e.Trust(ctx, app.ObjectID))(t))
	for range 2 {
		if err := e.DeleteFederatedCredential(ctx, app.ObjectID, created.ID); err != nil {
			t.Fatal(err)
		}
	}
	assertEqual(t, "read after the deletion", 0, len(must(e.Trust(ctx, app.ObjectID))(t).Credentials))
	e.golden("federated.http")
}

func TestAssignment_Lifecycle(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	_, api := e.create("orders-api")
	_, worker := e.create("orders-worker")
	e.ResetExchanges()

	asked := entra.Assignment{PrincipalID: worker.ObjectID, ResourceID: api.ObjectID, AppRoleID: roleID}
	given := must(e.Assign(ctx, asked))(t)
	assertEqual(t, "given", true, given.SameAs(asked) && given.ID != "")
	if _, err := e.Assign(ctx, asked); !errors.Is(err, entra.ErrExists) {
		t.Errorf("given twice: %v", err)
	}
	e.restart()
	assertEqual(t, "seen from the client", []entra.Assignment{given}, must(e.Client(ctx, worker.ObjectID))(t).Assignments)
	assertEqual(t, "seen from the API", []entra.Assignment{given}, must(e.Holders(ctx, api.ObjectID))(t))
	assertEqual(t, "the API", api.ObjectID, must(e.API(ctx, api.ObjectID))(t).ObjectID)
	must(e.API(ctx, api.ObjectID))(t) // costs nothing
	for range 2 {
		if err := e.Unassign(ctx, given); err != nil {
			t.Fatal(err)
		}
	}
	assertEqual(t, "afterwards", 0, len(must(e.Client(ctx, worker.ObjectID))(t).Assignments))
	e.golden("assignment.http")
}

func TestTenant_GivesIdentityAndEndpoints(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	assertEqual(t, "who we are", []string{operatorID, e.TenantID()}, []string{e.self.AppID, e.self.TenantID})
	assertEqual(t, "our permissions", 4, len(e.self.Roles))
	tenant := must(e.Organization(ctx))(t)
	assertEqual(t, "the tenant", []any{e.TenantID(), []string{"contoso.onmicrosoft.com"}}, []any{tenant.ID, tenant.Domains})
	first := must(e.Endpoints(ctx))(t)
	e.ResetExchanges()
	e.advance(30 * time.Minute)
	assertEqual(t, "endpoints half an hour later", first, must(e.Endpoints(ctx))(t))
	assertEqual(t, "requests for that", 0, len(e.Exchanges()))
	assertEqual(t, "discovery", e.URL()+"/"+e.TenantID()+"/v2.0/.well-known/openid-configuration", first.Discovery)
}
