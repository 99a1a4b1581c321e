package graph_test

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/faults"
)

const microsoftGraph = "00000003-0000-0000-c000-000000000000"

// requests to Graph since the last count. One whose token was refused is sent once more, and counts once.
func (s *site) requests() int {
	count := 0
	for _, exchange := range s.Exchanges() {
		if strings.HasPrefix(exchange.Path, "/v1.0/") && exchange.Status != http.StatusUnauthorized {
			count++
		}
	}
	s.ResetExchanges()
	return count
}

func TestOneReadOfAnAPIServesAllWhoAsk(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	var crowd sync.WaitGroup
	for range 100 {
		crowd.Go(func() {
			api, err := s.APIByAppID(ctx, microsoftGraph, 0)
			if err != nil || len(api.Scopes) == 0 || len(api.AppRoles) == 0 {
				t.Errorf("%d scopes, %d roles: %v", len(api.Scopes), len(api.AppRoles), err)
			}
		})
	}
	crowd.Wait()
	same(t, "reads for a hundred who ask at once", 1, s.requests())
	api := must(s.APIByAppID(ctx, microsoftGraph, 0))(t)
	must(s.API(ctx, api.ObjectID))(t)
	same(t, "reads for who asks by object ID, a moment later", 0, s.requests())
	s.pass(15 * time.Second)
	must(s.API(ctx, api.ObjectID))(t)
	same(t, "reads for who asks by object ID, seconds later", 1, s.requests())
}

func TestAnAPIIsReadAgainAsFreshAsAskedButOnceAMinute(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	for _, step := range []struct {
		name         string
		after, fresh time.Duration
		want         int
	}{
		{"the first look", 0, 0, 1},
		{"any answer will do", 59 * time.Minute, 0, 0},
		{"one of five minutes will do", 0, 5 * time.Minute, 1},
		{"one of ten seconds, too soon", 59 * time.Second, 10 * time.Second, 0},
		{"one of ten seconds, a minute later", time.Second, 10 * time.Second, 1},
		{"one of two hours will do, and there is none", time.Hour, 2 * time.Hour, 1},
		{"after an hour none will do", time.Hour, 0, 1},
	} {
		s.pass(step.after)
		must(s.APIByAppID(ctx, microsoftGraph, step.fresh))(t)
		same(t, step.name, step.want, s.requests())
	}
}

func TestAFailureToReadAnAPIIsNotKept(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	s.SetFaultFunc(always(faults.ServerError(http.StatusInternalServerError)))
	if _, err := s.APIByAppID(ctx, microsoftGraph, 0); !errors.Is(err, entra.ErrUnreachable) {
		t.Errorf("during an outage: %v", err)
	}
	s.SetFaultFunc(nil)
	must(s.APIByAppID(ctx, microsoftGraph, 0))(t)
	same(t, "reads", 2, s.requests())
}

func TestAStrangerThatIsMissedIsAbsentAndOursIsLate(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{Lag: behind}), t.Context()
	app, _ := s.createLate("orders")
	alone := must(s.CreateApplication(ctx, s.newApplication("billing")))(t)
	for name, test := range map[string]struct {
		appID string
		want  error
	}{
		"one that we never heard of":            {"10000000-0000-4000-8000-000000000001", entra.ErrNotFound},
		"one that we just made":                 {app.AppID, entra.ErrLagging},
		"one of an application that we know of": {alone.AppID, entra.ErrLagging},
	} {
		if _, err := s.APIByAppID(ctx, test.appID, 0); !errors.Is(err, test.want) {
			t.Errorf("%s, as an API: %v, want %v", name, err, test.want)
		}
		if _, err := s.ClientByAppID(ctx, test.appID); !errors.Is(err, test.want) {
			t.Errorf("%s, as a client: %v, want %v", name, err, test.want)
		}
	}
	s.pass(31 * time.Second)
	must(s.APIByAppID(ctx, app.AppID, 0))(t)
}

func TestAnAPIOfADeletedApplicationIsGoneAtOnceForAllWhoShareIt(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	app, _ := s.create("orders")
	must(s.APIByAppID(ctx, app.AppID, 0))(t)
	if err := s.DeleteApplication(ctx, app.ObjectID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.APIByAppID(ctx, app.AppID, 0); !errors.Is(err, entra.ErrNotFound) {
		t.Errorf("%v, want it gone", err)
	}
}

func TestAManagedIdentityIsReadAsAClientByItsAppID(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	_, api := s.create("orders-api")
	appID, objectID := s.Emulator.Directory().SeedManagedIdentity("orders-identity")
	s.requests()
	identity := must(s.ClientByAppID(ctx, appID))(t)
	same(t, "what it is", []any{objectID, "ManagedIdentity", 0}, []any{identity.ObjectID, identity.Type, len(identity.Assignments)})
	given := must(s.Assign(ctx, entra.Assignment{PrincipalID: objectID, ResourceID: api.ObjectID, AppRoleID: roleID}))(t)
	same(t, "with its role", []entra.Assignment{given}, must(s.ClientByAppID(ctx, appID))(t).Assignments)
	s.golden("identity.http")
}

// createLate makes an application and its service principal in a directory that lags.
func (s *site) createLate(name string) (entra.Application, entra.ServicePrincipal) {
	s.t.Helper()
	app := must(s.CreateApplication(s.t.Context(), s.newApplication(name)))(s.t)
	s.pass(31 * time.Second)
	principal := must(s.CreateServicePrincipal(s.t.Context(), entra.NewServicePrincipal{AppID: app.AppID, OwnerID: s.self.ObjectID}))(s.t)
	return app, principal
}
