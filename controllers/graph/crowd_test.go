package graph_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/test/emulator"
)

func TestAClientWithMoreRolesThanAnExpansionHoldsIsListedApart(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	made := s.newApplication("orders-api")
	made.AppRoles = nil
	for i := range 21 {
		name := fmt.Sprintf("Role.%d", i)
		made.AppRoles = append(made.AppRoles, entra.AppRole{
			ID: fmt.Sprintf("00000000-0000-4000-8000-0000000000%02d", i), Value: name, DisplayName: name, Description: name,
			AllowedMemberTypes: []string{"Application"}, Enabled: true,
		})
	}
	app := must(s.CreateApplication(ctx, made))(t)
	api := must(s.CreateServicePrincipal(ctx, entra.NewServicePrincipal{AppID: app.AppID, OwnerID: s.self.ObjectID}))(t)
	_, worker := s.create("orders-worker")
	for _, role := range made.AppRoles {
		must(s.Assign(ctx, entra.Assignment{PrincipalID: worker.ObjectID, ResourceID: api.ObjectID, AppRoleID: role.ID}))(t)
	}
	s.restart()
	s.ResetExchanges()
	same(t, "roles", 21, len(must(s.Client(ctx, worker.ObjectID))(t).Assignments))
	same(t, "holders", 21, len(must(s.Holders(ctx, api.ObjectID))(t)))
}

func TestWhatGoesWithADeletedApplicationIsGoneAtOnce(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	app, api := s.create("orders-api")
	_, worker := s.create("orders-worker")
	given := must(s.Assign(ctx, entra.Assignment{PrincipalID: worker.ObjectID, ResourceID: api.ObjectID, AppRoleID: roleID}))(t)
	trusted := must(s.CreateFederatedCredential(ctx, app.ObjectID, entra.FederatedCredential{
		Name: "worker", Issuer: "https://issuer.example.com", Subject: "s", Audience: "api://AzureADTokenExchange"}))(t)
	must(s.API(ctx, api.ObjectID))(t)
	if err := s.DeleteApplication(ctx, app.ObjectID); err != nil {
		t.Fatal(err)
	}
	for what, read := range map[string]func() error{
		"the application":       func() error { _, err := s.Application(ctx, app.ObjectID); return err },
		"its name":              func() error { _, err := s.ApplicationByName(ctx, app.UniqueName); return err },
		"its service principal": func() error { _, err := s.ServicePrincipal(ctx, app.AppID); return err },
		"the same as an API":    func() error { _, err := s.API(ctx, api.ObjectID); return err },
		"the same as a client":  func() error { _, err := s.Client(ctx, api.ObjectID); return err },
		"its trust":             func() error { _, err := s.Trust(ctx, app.ObjectID); return err },
	} {
		if err := read(); !errors.Is(err, entra.ErrNotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
	same(t, "the worker's roles", 0, len(must(s.Client(ctx, worker.ObjectID))(t).Assignments))
	if err := errors.Join(s.Unassign(ctx, given), s.DeleteFederatedCredential(ctx, app.ObjectID, trusted.ID)); err != nil {
		t.Errorf("taking away what is gone: %v", err)
	}
}
