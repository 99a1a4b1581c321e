package graph_test

import (
	"errors"
	"testing"
	"time"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// behind is a directory that shows everything half a minute late.
var behind = directory.Lag{Min: 30 * time.Second, Max: 30 * time.Second}

func TestWhatWeJustMadeIsLateNotGone(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{Lag: behind}), t.Context()
	app := must(s.CreateApplication(ctx, s.newApplication("orders")))(t)

	name := "new name"
	calls := map[string]func() error{
		"read":            func() error { _, err := s.Application(ctx, app.ObjectID); return err },
		"read by name":    func() error { _, err := s.ApplicationByName(ctx, "orders"); return err },
		"read the trust":  func() error { _, err := s.Trust(ctx, app.ObjectID); return err },
		"read the owners": func() error { _, err := s.ApplicationOwners(ctx, app.ObjectID); return err },
		"update": func() error {
			return s.UpdateApplication(ctx, app.ObjectID, entra.ApplicationPatch{DisplayName: &name})
		},
		"delete": func() error { return s.DeleteApplication(ctx, app.ObjectID) },
		"service principal": func() error {
			_, err := s.CreateServicePrincipal(ctx, entra.NewServicePrincipal{AppID: app.AppID, OwnerID: s.self.ObjectID})
			return err
		},
		"federated credential": func() error {
			_, err := s.CreateFederatedCredential(ctx, app.ObjectID, entra.FederatedCredential{
				Name: "worker", Issuer: "https://issuer.example.com", Subject: "s", Audience: "api://AzureADTokenExchange"})
			return err
		},
	}
	for what, call := range calls {
		if err := call(); !errors.Is(err, entra.ErrLagging) {
			t.Errorf("%s: %v, want lag", what, err)
		}
	}
	s.pass(31 * time.Second)
	same(t, "half a minute later", app, must(s.Application(ctx, app.ObjectID))(t))
}

func TestAnOldAnswerAfterOurOwnWriteShowsOurs(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	app, principal := s.create("orders")
	credential := must(s.CreateFederatedCredential(ctx, app.ObjectID, entra.FederatedCredential{
		Name: "worker", Issuer: "https://issuer.example.com", Subject: "old", Audience: "api://AzureADTokenExchange"}))(t)
	s.pass(time.Hour)
	app = must(s.Application(ctx, app.ObjectID))(t)
	must(s.Trust(ctx, app.ObjectID))(t)
	must(s.ServicePrincipal(ctx, app.AppID))(t)
	s.SetLag(behind)

	disabled := app.Scopes[0]
	disabled.Enabled = false
	name, subject, yes := "new name", "new", true
	patch := entra.ApplicationPatch{DisplayName: &name, Scopes: &[]entra.Scope{disabled}}
	for _, err := range []error{
		s.UpdateApplication(ctx, app.ObjectID, patch),
		s.UpdateServicePrincipal(ctx, principal.ObjectID, entra.ServicePrincipalPatch{AssignmentRequired: &yes}),
		s.UpdateFederatedCredential(ctx, app.ObjectID, credential.ID, entra.FederatedCredentialPatch{Subject: &subject}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	patch.Apply(&app.ApplicationSettings)
	same(t, "the application, with the scope unconfirmed", app, must(s.Application(ctx, app.ObjectID))(t))
	same(t, "the principal", true, must(s.ServicePrincipal(ctx, app.AppID))(t).AssignmentRequired)
	same(t, "the credential", "new", must(s.Trust(ctx, app.ObjectID))(t).Credentials[0].Subject)

	removal := s.UpdateApplication(ctx, app.ObjectID, entra.ApplicationPatch{Scopes: &[]entra.Scope{}})
	if !errors.Is(removal, entra.ErrStillEnabled) {
		t.Errorf("a removal too early: %v", removal)
	}
	s.pass(31 * time.Second)
	app.Scopes[0].Unconfirmed = false
	same(t, "half a minute later", app, must(s.Application(ctx, app.ObjectID))(t))
}

func TestListsShowWhatWeJustAddedAndNotWhatWeJustTook(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	app, api := s.create("orders-api")
	_, worker := s.create("orders-worker")
	s.pass(time.Hour)
	s.SetLag(behind)

	given := must(s.Assign(ctx, entra.Assignment{PrincipalID: worker.ObjectID, ResourceID: api.ObjectID, AppRoleID: roleID}))(t)
	trusted := must(s.CreateFederatedCredential(ctx, app.ObjectID, entra.FederatedCredential{
		Name: "worker", Issuer: "https://issuer.example.com", Subject: "s", Audience: "api://AzureADTokenExchange"}))(t)
	same(t, "given", []entra.Assignment{given}, must(s.Client(ctx, worker.ObjectID))(t).Assignments)
	same(t, "holders", []entra.Assignment{given}, must(s.Holders(ctx, api.ObjectID))(t))
	same(t, "trusted", []entra.FederatedCredential{trusted}, must(s.Trust(ctx, app.ObjectID))(t).Credentials)
	if err := s.DeleteFederatedCredential(ctx, app.ObjectID, trusted.ID); !errors.Is(err, entra.ErrLagging) {
		t.Errorf("a deletion that found nothing: %v, want lag", err)
	}

	s.pass(time.Minute)
	if err := errors.Join(s.Unassign(ctx, given), s.DeleteFederatedCredential(ctx, app.ObjectID, trusted.ID)); err != nil {
		t.Fatal(err)
	}
	same(t, "given, afterwards", 0, len(must(s.Client(ctx, worker.ObjectID))(t).Assignments))
	same(t, "holders, afterwards", 0, len(must(s.Holders(ctx, api.ObjectID))(t)))
	same(t, "trusted, afterwards", 0, len(must(s.Trust(ctx, app.ObjectID))(t).Credentials))
}

func TestARoleThatIsNotCopiedYetIsLag(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	_, api := s.create("orders-api")
	_, worker := s.create("orders-worker")
	s.pass(time.Hour)
	unknown := entra.Assignment{PrincipalID: worker.ObjectID, ResourceID: api.ObjectID, AppRoleID: scopeID}
	if _, err := s.Assign(ctx, unknown); !errors.Is(err, entra.ErrLagging) {
		t.Errorf("at first: %v, want lag", err)
	}
	s.pass(11 * time.Minute)
	var no entra.Refused
	if _, err := s.Assign(ctx, unknown); !errors.As(err, &no) || no.Reason != entra.RefusedInvalid {
		t.Errorf("eleven minutes later: %v, want a refusal", err)
	}
}

func TestARestoredApplicationThatIsNotShownYetIsLag(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	app, principal := s.create("orders")
	if err := s.DeleteApplication(ctx, app.ObjectID); err != nil {
		t.Fatal(err)
	}
	s.pass(time.Hour) // both are old
	s.SetLag(behind)
	must(s.RestoreApplication(ctx, app.ObjectID))(t)
	if _, err := s.RestoreServicePrincipal(ctx, principal.ObjectID, app.AppID); !errors.Is(err, entra.ErrLagging) {
		t.Errorf("right after its application: %v", err)
	}
	s.pass(31 * time.Second)
	must(s.RestoreServicePrincipal(ctx, principal.ObjectID, app.AppID))(t)
}

func TestWhatSomebodyDeletedIsGoneAfterTwoMissesFiveMinutesApart(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	app := must(s.CreateApplication(ctx, s.newApplication("orders")))(t)
	if err := s.DeleteApplication(ctx, app.ObjectID); err != nil {
		t.Fatal(err)
	}
	s.restart() // now somebody else did
	s.pass(time.Hour)
	for _, step := range []struct {
		after time.Duration
		want  error
	}{{0, entra.ErrLagging}, {4 * time.Minute, entra.ErrLagging}, {time.Minute, entra.ErrNotFound}, {time.Second, entra.ErrNotFound}} {
		s.pass(step.after)
		if _, err := s.Application(ctx, app.ObjectID); !errors.Is(err, step.want) {
			t.Errorf("%s later: %v, want %v", step.after, err, step.want)
		}
	}
}
