package graph_test

import (
	"errors"
	"testing"
	"time"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// halfMinuteLag is a directory that shows everything half a minute late.
var halfMinuteLag = directory.Lag{Min: 30 * time.Second, Max: 30 * time.Second}

func TestLag_WhatWeJustCreatedIsNotAbsent(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{Lag: halfMinuteLag}), t.Context()
	app := must(e.CreateApplication(ctx, e.newApplication("orders")))(t)

	name := "new name"
	calls := map[string]func() error{
		"read":            func() error { _, err := e.Application(ctx, app.ObjectID); return err },
		"read by name":    func() error { _, err := e.ApplicationByName(ctx, "orders"); return err },
		"read the trust":  func() error { _, err := e.Trust(ctx, app.ObjectID); return err },
		"read the owners": func() error { _, err := e.ApplicationOwners(ctx, app.ObjectID); return err },
		"update": func() error {
			return e.UpdateApplication(ctx, app.ObjectID, entra.ApplicationPatch{DisplayName: &name})
		},
		"delete": func() error { return e.DeleteApplication(ctx, app.ObjectID) },
		"service principal": func() error {
			_, err := e.CreateServicePrincipal(ctx, entra.NewServicePrincipal{AppID: app.AppID, OwnerID: e.self.ObjectID})
			return err
		},
		"federated credential": func() error {
			_, err := e.CreateFederatedCredential(ctx, app.ObjectID, entra.FederatedCredential{
				Name: "worker", Issuer: "https://issuer.example.com", Subject: "s", Audience: "api://AzureADTokenExchange"})
			return err
		},
	}
	for what, call := range calls {
		if err := call(); !errors.Is(err, entra.ErrLagging) {
			t.Errorf("%s: %v, want lag", what, err)
		}
	}
	e.advance(31 * time.Second)
	assertEqual(t, "half a minute later", app, must(e.Application(ctx, app.ObjectID))(t))
}

func TestLag_OldAnswersShowOurOwnWrites(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	app, principal := e.create("orders")
	credential := must(e.CreateFederatedCredential(ctx, app.ObjectID, entra.FederatedCredential{
		Name: "worker", Issuer: "https://issuer.example.com", Subject: "old", Audience: "api://AzureADTokenExchange"}))(t)
	e.advance(time.Hour)
	app = must(e.Application(ctx, app.ObjectID))(t)
	must(e.Trust(ctx, app.ObjectID))(t)
	must(e.ServicePrincipal(ctx, app.AppID))(t)
	e.SetLag(halfMinuteLag)

	disabled := app.Scopes[0]
	disabled.Enabled = false
	name, subject, yes := "new name", "new", true
	patch := entra.ApplicationPatch{DisplayName: &name, Scopes: &[]entra.Scope{disabled}}
	for _, err := range []error{
		e.UpdateApplication(ctx, app.ObjectID, patch),
		e.UpdateServicePrincipal(ctx, principal.ObjectID, entra.ServicePrincipalPatch{AssignmentRequired: &yes}),
		e.UpdateFederatedCredential(ctx, app.ObjectID, credential.ID, entra.FederatedCredentialPatch{Subject: &subject}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	patch.Apply(&app.ApplicationSettings)
	assertEqual(t, "the application, with the scope unconfirmed", app, must(e.Application(ctx, app.ObjectID))(t))
	assertEqual(t, "the principal", true, must(e.ServicePrincipal(ctx, app.AppID))(t).AssignmentRequired)
	assertEqual(t, "the credential", "new", must(e.Trust(ctx, app.ObjectID))(t).Credentials[0].Subject)

	removal := e.UpdateApplication(ctx, app.ObjectID, entra.ApplicationPatch{Scopes: &[]entra.Scope{}})
	if !errors.Is(removal, entra.ErrStillEnabled) {
		t.Errorf("a removal too early: %v", removal)
	}
	e.advance(31 * time.Second)
	app.Scopes[0].Unconfirmed = false
	assertEqual(t, "half a minute later", app, must(e.Application(ctx, app.ObjectID))(t))
}

func TestLag_ListsShowOurAdditionsAndRemovals(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	app, api := e.create("orders-api")
	_, worker := e.create("orders-worker")
	e.advance(time.Hour)
	e.SetLag(halfMinuteLag)

	given := must(e.Assign(ctx, entra.Assignment{PrincipalID: worker.ObjectID, ResourceID: api.ObjectID, AppRoleID: roleID}))(t)
	trusted := must(e.CreateFederatedCredential(ctx, app.ObjectID, entra.FederatedCredential{
		Name: "worker", Issuer: "https://issuer.example.com", Subject: "s", Audience: "api://AzureADTokenExchange"}))(t)
	assertEqual(t, "given", []entra.Assignment{given}, must(e.Client(ctx, worker.ObjectID))(t).Assignments)
	assertEqual(t, "holders", []entra.Assignment{given}, must(e.Holders(ctx, api.ObjectID))(t))
	assertEqual(t, "trusted", []entra.FederatedCredential{trusted}, must(e.Trust(ctx, app.ObjectID))(t).Credentials)
	if err := e.DeleteFederatedCredential(ctx, app.ObjectID, trusted.ID); !errors.Is(err, entra.ErrLagging) {
		t.Errorf("a deletion that found nothing: %v, want lag", err)
	}

	e.advance(time.Minute)
	if err := errors.Join(e.Unassign(ctx, given), e.DeleteFederatedCredential(ctx, app.ObjectID, trusted.ID)); err != nil {
		t.Fatal(err)
	}
	assertEqual(t, "given, afterwards", 0, len(must(e.Client(ctx, worker.ObjectID))(t).Assignments))
	assertEqual(t, "holders, afterwards", 0, len(must(e.Holders(ctx, api.ObjectID))(t)))
	assertEqual(t, "trusted, afterwards", 0, len(must(e.Trust(ctx, app.ObjectID))(t).Credentials))
}

func TestAssign_LagsForARoleThatIsNotCopiedYet(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	_, api := e.create("orders-api")
	_, worker := e.create("orders-worker")
	e.advance(time.Hour)
	unknown := entra.Assignment{PrincipalID: worker.ObjectID, ResourceID: api.ObjectID, AppRoleID: scopeID}
	if _, err := e.Assign(ctx, unknown); !errors.Is(err, entra.ErrLagging) {
		t.Errorf("at first: %v, want lag", err)
	}
	e.advance(11 * time.Minute)
	var refused entra.Refused
	if _, err := e.Assign(ctx, unknown); !errors.As(err, &refused) || refused.Reason != entra.RefusedInvalid {
		t.Errorf("eleven minutes later: %v, want a refusal", err)
	}
}

func TestLag_RestoredApplicationThatIsNotShownYet(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	app, principal := e.create("orders")
	if err := e.DeleteApplication(ctx, app.ObjectID); err != nil {
		t.Fatal(err)
	}
	e.advance(time.Hour) // both are old
	e.SetLag(halfMinuteLag)
	must(e.RestoreApplication(ctx, app.ObjectID))(t)
	if _, err := e.RestoreServicePrincipal(ctx, principal.ObjectID, app.AppID); !errors.Is(err, entra.ErrLagging) {
		t.Errorf("right after its application: %v", err)
	}
	e.advance(31 * time.Second)
	must(e.RestoreServicePrincipal(ctx, principal.ObjectID, app.AppID))(t)
}

func TestApplication_IsAbsentAfterTwoMisses(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	app := must(e.CreateApplication(ctx, e.newApplication("orders")))(t)
	if err := e.DeleteApplication(ctx, app.ObjectID); err != nil {
		t.Fatal(err)
	}
	e.restart() // now somebody else did
	e.advance(time.Hour)
	for _, step := range []struct {
		after time.Duration
		want  error
	}{{0, entra.ErrLagging}, {4 * time.Minute, entra.ErrLagging}, {time.Minute, entra.ErrNotFound}, {time.Second, entra.ErrNotFound}} {
		e.advance(step.after)
		if _, err := e.Application(ctx, app.ObjectID); !errors.Is(err, step.want) {
			t.Errorf("%s later: %v, want %v", step.after, err, step.want)
		}
	}
}
