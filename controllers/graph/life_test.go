package graph_test

import (
	"errors"
	"testing"
	"time"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/test/emulator"
)

func TestAnApplicationIsCreatedReadChangedDeletedRestoredAndPurged(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()

	made := s.newApplication("k8s.c1.shop.orders-api")
	app := must(s.CreateApplication(ctx, made))(t)
	same(t, "the settings that were created", made.ApplicationSettings, app.ApplicationSettings)
	same(t, "who made it and when", []any{operatorID, noon}, []any{app.CreatedByAppID, app.CreatedAt})
	same(t, "read by ID", app, must(s.Application(ctx, app.ObjectID))(t))
	same(t, "read by name", app, must(s.ApplicationByName(ctx, app.UniqueName))(t))
	same(t, "owners", []string{s.self.ObjectID}, must(s.ApplicationOwners(ctx, app.ObjectID))(t))

	patch := entra.ApplicationPatch{
		IdentifierURIs: &[]string{"api://" + app.AppID}, Description: new(string), Tags: &[]string{}, WebRedirectURIs: &[]string{},
		SPARedirectURIs: &[]string{"https://orders.example.com/spa"}, PublicRedirectURIs: &[]string{"http://localhost"},
		Lock: &entra.Lock{},
	}
	if err := s.UpdateApplication(ctx, app.ObjectID, patch); err != nil {
		t.Fatal(err)
	}
	patch.Apply(&app.ApplicationSettings)
	app.Tags, app.WebRedirectURIs = nil, nil
	s.restart() // believe Entra, not the memory
	same(t, "after the change", app, must(s.Application(ctx, app.ObjectID))(t))

	if err := s.DeleteApplication(ctx, app.ObjectID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Application(ctx, app.ObjectID); !errors.Is(err, entra.ErrNotFound) {
		t.Errorf("a deleted application was read: %v", err)
	}
	same(t, "deleted, by ID", true, must(s.DeletedApplication(ctx, app.ObjectID))(t).Deleted)
	same(t, "deleted, by name", app.ObjectID, must(s.DeletedApplicationByName(ctx, app.UniqueName))(t).ObjectID)
	if _, err := s.CreateApplication(ctx, made); !errors.Is(err, entra.ErrExists) {
		t.Errorf("the name of a deleted application: %v", err)
	}
	same(t, "restored", app, must(s.RestoreApplication(ctx, app.ObjectID))(t))
	same(t, "read after the restore", app, must(s.Application(ctx, app.ObjectID))(t))

	for _, step := range []func() error{
		func() error { return s.DeleteApplication(ctx, app.ObjectID) },
		func() error { return s.DeleteApplication(ctx, app.ObjectID) }, // again
		func() error { return s.PurgeApplication(ctx, app.ObjectID) },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.DeletedApplication(ctx, app.ObjectID); !errors.Is(err, entra.ErrNotFound) {
		t.Errorf("a purged application was found: %v", err)
	}
	s.golden("application.http")
}

func TestAServicePrincipalIsCreatedReadChangedAndRestored(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	app, principal := s.create("orders")

	same(t, "what it is", []any{app.AppID, "Application", s.TenantID(), false, false},
		[]any{principal.AppID, principal.Type, principal.OwnerTenantID, principal.Disabled, principal.AssignmentRequired})
	same(t, "roles copied from the application", app.AppRoles, principal.AppRoles)
	same(t, "read by appID", principal, must(s.ServicePrincipal(ctx, app.AppID))(t))
	yes := true
	if err := s.UpdateServicePrincipal(ctx, principal.ObjectID, entra.ServicePrincipalPatch{AssignmentRequired: &yes}); err != nil {
		t.Fatal(err)
	}
	s.restart()
	same(t, "after the change", true, must(s.ServicePrincipal(ctx, app.AppID))(t).AssignmentRequired)
	_, err := s.CreateServicePrincipal(ctx, entra.NewServicePrincipal{AppID: app.AppID, OwnerID: s.self.ObjectID})
	if !errors.Is(err, entra.ErrExists) {
		t.Errorf("a second one: %v", err)
	}
	must(s.Application(ctx, app.ObjectID))(t)
	if err := s.DeleteApplication(ctx, app.ObjectID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.ServicePrincipal(ctx, app.AppID); !errors.Is(err, entra.ErrNotFound) {
		t.Errorf("it went with its application, but: %v", err)
	}
	must(s.RestoreApplication(ctx, app.ObjectID))(t)
	deleted := must(s.DeletedServicePrincipal(ctx, app.AppID))(t)
	same(t, "deleted", principal.ObjectID, deleted.ObjectID)
	same(t, "restored", principal.ObjectID, must(s.RestoreServicePrincipal(ctx, deleted.ObjectID, app.AppID))(t).ObjectID)
	same(t, "read after the restore", principal.ObjectID, must(s.ServicePrincipal(ctx, app.AppID))(t).ObjectID)
	s.golden("principal.http")
}

func TestAFederatedCredentialIsCreatedReadChangedAndDeleted(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	app := must(s.CreateApplication(ctx, s.newApplication("orders")))(t)
	s.ResetExchanges()

	credential := entra.FederatedCredential{
		Name: "shop.worker", Issuer: "https://issuer.example.com/", Subject: "system:serviceaccount:shop:worker",
		Audience: "api://AzureADTokenExchange", Description: "made by a test",
	}
	credential.Name = "shop-worker"
	created := must(s.CreateFederatedCredential(ctx, app.ObjectID, credential))(t)
	credential.ID = created.ID
	same(t, "created", credential, created)
	if _, err := s.CreateFederatedCredential(ctx, app.ObjectID, credential); !errors.Is(err, entra.ErrExists) {
		t.Errorf("the same name: %v", err)
	}
	twin := credential
	twin.Name = "another-name"
	if _, err := s.CreateFederatedCredential(ctx, app.ObjectID, twin); !errors.Is(err, entra.ErrExists) {
		t.Errorf("the same issuer and subject: %v", err)
	}
	subject := "system:serviceaccount:shop:other"
	patch := entra.FederatedCredentialPatch{Subject: &subject, Description: new(string)}
	if err := s.UpdateFederatedCredential(ctx, app.ObjectID, created.ID, patch); err != nil {
		t.Fatal(err)
	}
	patch.Apply(&credential)
	s.restart()
	same(t, "read", entra.Trust{
		ApplicationID: app.ObjectID, UniqueName: app.UniqueName, Tags: app.Tags, Credentials: []entra.FederatedCredential{credential},
	}, must(s.Trust(ctx, app.ObjectID))(t))
	for range 2 {
		if err := s.DeleteFederatedCredential(ctx, app.ObjectID, created.ID); err != nil {
			t.Fatal(err)
		}
	}
	same(t, "read after the deletion", 0, len(must(s.Trust(ctx, app.ObjectID))(t).Credentials))
	s.golden("federated.http")
}

func TestAnAppRoleIsGivenReadFromBothSidesAndTakenAway(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	_, api := s.create("orders-api")
	_, worker := s.create("orders-worker")
	s.ResetExchanges()

	asked := entra.Assignment{PrincipalID: worker.ObjectID, ResourceID: api.ObjectID, AppRoleID: roleID}
	given := must(s.Assign(ctx, asked))(t)
	same(t, "given", true, given.SameAs(asked) && given.ID != "")
	if _, err := s.Assign(ctx, asked); !errors.Is(err, entra.ErrExists) {
		t.Errorf("given twice: %v", err)
	}
	s.restart()
	same(t, "seen from the client", []entra.Assignment{given}, must(s.Client(ctx, worker.ObjectID))(t).Assignments)
	same(t, "seen from the API", []entra.Assignment{given}, must(s.Holders(ctx, api.ObjectID))(t))
	same(t, "the API", api.ObjectID, must(s.API(ctx, api.ObjectID))(t).ObjectID)
	must(s.API(ctx, api.ObjectID))(t) // costs nothing
	for range 2 {
		if err := s.Unassign(ctx, given); err != nil {
			t.Fatal(err)
		}
	}
	same(t, "afterwards", 0, len(must(s.Client(ctx, worker.ObjectID))(t).Assignments))
	s.golden("assignment.http")
}

func TestTheTenantSaysWhoWeAreAndWhereToSignIn(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	same(t, "who we are", []string{operatorID, s.TenantID()}, []string{s.self.AppID, s.self.TenantID})
	same(t, "our permissions", 4, len(s.self.Roles))
	tenant := must(s.Organization(ctx))(t)
	same(t, "the tenant", []any{s.TenantID(), []string{"contoso.onmicrosoft.com"}}, []any{tenant.ID, tenant.Domains})
	first := must(s.Endpoints(ctx))(t)
	s.ResetExchanges()
	s.pass(30 * time.Minute)
	same(t, "endpoints half an hour later", first, must(s.Endpoints(ctx))(t))
	same(t, "requests for that", 0, len(s.Exchanges()))
	same(t, "discovery", s.URL()+"/"+s.TenantID()+"/v2.0/.well-known/openid-configuration", first.Discovery)
}
