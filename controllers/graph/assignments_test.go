package graph_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/test/emulator"
)

func TestClient_ListsRolesBeyondAnExpansion(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	asked := e.newApplication("orders-api")
	asked.AppRoles = nil
	for i := range 21 {
		name := fmt.Sprintf("Role.%d", i)
		asked.AppRoles = append(asked.AppRoles, entra.AppRole{
			ID: fmt.Sprintf("00000000-0000-4000-8000-0000000000%02d", i), Value: name, DisplayName: name, Description: name,
			AllowedMemberTypes: []string{"Application"}, Enabled: true,
		})
	}
	app := must(e.CreateApplication(ctx, asked))(t)
	api := must(e.CreateServicePrincipal(ctx, entra.NewServicePrincipal{AppID: app.AppID, OwnerID: e.self.ObjectID}))(t)
	_, worker := e.create("orders-worker")
	for _, role := range asked.AppRoles {
		must(e.Assign(ctx, entra.Assignment{PrincipalID: worker.ObjectID, ResourceID: api.ObjectID, AppRoleID: role.ID}))(t)
	}
	e.restart()
	e.ResetExchanges()
	assertEqual(t, "roles", 21, len(must(e.Client(ctx, worker.ObjectID))(t).Assignments))
	assertEqual(t, "holders", 21, len(must(e.Holders(ctx, api.ObjectID))(t)))
}

func TestDeleteApplication_TakesAllThatHangsOnIt(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	app, api := e.create("orders-api")
	_, worker := e.create("orders-worker")
	given := must(e.Assign(ctx, entra.Assignment{PrincipalID: worker.ObjectID, ResourceID: api.ObjectID, AppRoleID: roleID}))(t)
	trusted := must(e.CreateFederatedCredential(ctx, app.ObjectID, entra.FederatedCredential{
		Name: "worker", Issuer: "https://issuer.example.com", Subject: "s", Audience: "api://AzureADTokenExchange"}))(t)
	must(e.API(ctx, api.ObjectID))(t)
	if err := e.DeleteApplication(ctx, app.ObjectID); err != nil {
		t.Fatal(err)
	}
	for what, read := range map[string]func() error{
		"the application":       func() error { _, err := e.Application(ctx, app.ObjectID); return err },
		"its name":              func() error { _, err := e.ApplicationByName(ctx, app.UniqueName); return err },
		"its service principal": func() error { _, err := e.ServicePrincipal(ctx, app.AppID); return err },
		"the same as an API":    func() error { _, err := e.API(ctx, api.ObjectID); return err },
		"the same as a client":  func() error { _, err := e.Client(ctx, api.ObjectID); return err },
		"its trust":             func() error { _, err := e.Trust(ctx, app.ObjectID); return err },
	} {
		if err := read(); !errors.Is(err, entra.ErrNotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
	assertEqual(t, "the worker's roles", 0, len(must(e.Client(ctx, worker.ObjectID))(t).Assignments))
	if err := errors.Join(e.Unassign(ctx, given), e.DeleteFederatedCredential(ctx, app.ObjectID, trusted.ID)); err != nil {
		t.Errorf("taking away what is gone: %v", err)
	}
}
