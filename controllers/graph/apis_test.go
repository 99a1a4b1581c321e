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

// countRequests to Graph since the last count. One whose token was refused is sent once more, and counts once.
func (e *env) countRequests() int {
	count := 0
	for _, exchange := range e.Exchanges() {
		if strings.HasPrefix(exchange.Path, "/v1.0/") && exchange.Status != http.StatusUnauthorized {
			count++
		}
	}
	e.ResetExchanges()
	return count
}

func TestAPIByAppID_ReadsOnceForAll(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	var memberFixture sync.WaitGroup
	for range 100 {
		memberFixture.Go(func() {
			api, err := e.APIByAppID(ctx, microsoftGraph, 0)
			if err != nil || len(api.Scopes) == 0 || len(api.AppRoles) == 0 {
				t.Errorf("%d scopes, %d roles: %v", len(api.Scopes), len(api.AppRoles), err)
			}
		})
	}
	memberFixture.Wait()
	assertEqual(t, "reads for a hundred who ask at once", 1, e.countRequests())
	api := must(e.APIByAppID(ctx, microsoftGraph, 0))(t)
	must(e.API(ctx, api.ObjectID))(t)
	assertEqual(t, "reads for who asks by object ID, a moment later", 0, e.countRequests())
	e.advance(15 * time.Second)
	must(e.API(ctx, api.ObjectID))(t)
	assertEqual(t, "reads for who asks by object ID, seconds later", 1, e.countRequests())
}

func TestAPIByAppID_IsAsFreshAsAskedButOnceAMinute(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
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
		e.advance(step.after)
		must(e.APIByAppID(ctx, microsoftGraph, step.fresh))(t)
		assertEqual(t, step.name, step.want, e.countRequests())
	}
}

func TestAPIByAppID_DoesNotKeepFailures(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	e.SetFaultFunc(always(faults.ServerError(http.StatusInternalServerError)))
	if _, err := e.APIByAppID(ctx, microsoftGraph, 0); !errors.Is(err, entra.ErrUnreachable) {
		t.Errorf("during an outage: %v", err)
	}
	e.SetFaultFunc(nil)
	must(e.APIByAppID(ctx, microsoftGraph, 0))(t)
	assertEqual(t, "reads", 2, e.countRequests())
}

func TestAPIByAppID_ForeignIsAbsentAndOursLags(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{Lag: halfMinuteLag}), t.Context()
	app, _ := e.createLate("orders")
	alone := must(e.CreateApplication(ctx, e.newApplication("billing")))(t)
	for name, test := range map[string]struct {
		appID string
		want  error
	}{
		"one that we never heard of":            {"10000000-0000-4000-8000-000000000001", entra.ErrNotFound},
		"one that we just made":                 {app.AppID, entra.ErrLagging},
		"one of an application that we know of": {alone.AppID, entra.ErrLagging},
	} {
		if _, err := e.APIByAppID(ctx, test.appID, 0); !errors.Is(err, test.want) {
			t.Errorf("%s, as an API: %v, want %v", name, err, test.want)
		}
		if _, err := e.ClientByAppID(ctx, test.appID); !errors.Is(err, test.want) {
			t.Errorf("%s, as a client: %v, want %v", name, err, test.want)
		}
	}
	e.advance(31 * time.Second)
	must(e.APIByAppID(ctx, app.AppID, 0))(t)
}

func TestAPIByAppID_OfADeletedApplicationIsAbsent(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	app, _ := e.create("orders")
	must(e.APIByAppID(ctx, app.AppID, 0))(t)
	if err := e.DeleteApplication(ctx, app.ObjectID); err != nil {
		t.Fatal(err)
	}
	if _, err := e.APIByAppID(ctx, app.AppID, 0); !errors.Is(err, entra.ErrNotFound) {
		t.Errorf("%v, want it gone", err)
	}
}

func TestClientByAppID_ReadsAManagedIdentity(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	_, api := e.create("orders-api")
	appID, objectID := e.Emulator.Directory().SeedManagedIdentity("orders-identity")
	e.countRequests()
	identity := must(e.ClientByAppID(ctx, appID))(t)
	assertEqual(t, "what it is", []any{objectID, "ManagedIdentity", 0}, []any{identity.ObjectID, identity.Type, len(identity.Assignments)})
	given := must(e.Assign(ctx, entra.Assignment{PrincipalID: objectID, ResourceID: api.ObjectID, AppRoleID: roleID}))(t)
	assertEqual(t, "with its role", []entra.Assignment{given}, must(e.ClientByAppID(ctx, appID))(t).Assignments)
	e.golden("identity.http")
}

// createLate makes an application and its service principal in a directory that lags.
func (e *env) createLate(name string) (entra.Application, entra.ServicePrincipal) {
	e.t.Helper()
	app := must(e.CreateApplication(e.t.Context(), e.newApplication(name)))(e.t)
	e.advance(31 * time.Second)
	principal := must(e.CreateServicePrincipal(e.t.Context(), entra.NewServicePrincipal{AppID: app.AppID, OwnerID: e.self.ObjectID}))(e.t)
	return app, principal
}
