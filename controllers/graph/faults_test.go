package graph_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/faults"
)

// always is the same fault for every request.
func always(fault faults.Fault) faults.Func {
	return func(*http.Request, int) faults.Fault { return fault }
}

func TestRequest_FaultsHaveTheirErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		fault faults.Fault
		want  error
		after time.Duration
	}{
		{"429 with a time", faults.Throttled(17 * time.Second), nil, 17 * time.Second},
		{"429 without one", faults.Throttled(0), nil, 0},
		{"too many at once, as 409", faults.ConcurrencyViolation(http.StatusConflict), nil, 10 * time.Second},
		{"too many at once, as 503", faults.ConcurrencyViolation(http.StatusServiceUnavailable), nil, 10 * time.Second},
		{"503", faults.ServerError(http.StatusServiceUnavailable), nil, 10 * time.Second},
		{"500", faults.ServerError(http.StatusInternalServerError), entra.ErrUnreachable, 0},
		{"a gateway's page", faults.ServerError(http.StatusBadGateway), entra.ErrUnreachable, 0},
		{"a dropped connection", faults.ConnectionReset(), entra.ErrUnreachable, 0},
		{"a page that says 404", faults.Fault{Status: http.StatusNotFound}, entra.ErrUnreachable, 0},
		{"a page that says 200", faults.Fault{Status: http.StatusOK}, entra.ErrUnreachable, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, emulator.Options{})
			e.SetFaultFunc(always(test.fault))
			_, err := e.CreateApplication(t.Context(), e.newApplication("orders"))
			var throttled entra.Throttled
			switch {
			case test.want != nil && !errors.Is(err, test.want):
				t.Errorf("%v, want %v", err, test.want)
			case test.want == nil && (!errors.As(err, &throttled) || throttled.After != test.after):
				t.Errorf("%v, want to be told to wait for %s", err, test.after)
			}
			assertEqual(t, "requests", 1, len(e.Exchanges()))
		})
	}
}

func TestThrottled_HoldsAllRequestsBack(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	e.SetFaultFunc(func(_ *http.Request, n int) faults.Fault {
		if n == 1 {
			return faults.Throttled(20 * time.Second)
		}
		return faults.Fault{}
	})
	_, _ = e.Organization(ctx)
	e.advance(5 * time.Second)
	var throttled entra.Throttled
	if _, err := e.ApplicationByName(ctx, "orders"); !errors.As(err, &throttled) || throttled.After != 15*time.Second {
		t.Errorf("during the pause: %v", err)
	}
	assertEqual(t, "requests", 1, len(e.Exchanges()))
	e.advance(15 * time.Second)
	must(e.Organization(ctx))(t)
}

func TestWrite_IsFoundWhenRepeatedAfterALostAnswer(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	lost := always(faults.ServerError(http.StatusInternalServerError).AfterCommit())
	e.SetFaultFunc(lost)
	if _, err := e.CreateApplication(ctx, e.newApplication("orders")); !errors.Is(err, entra.ErrUnreachable) {
		t.Fatal(err)
	}
	e.SetFaultFunc(nil)
	if _, err := e.CreateApplication(ctx, e.newApplication("orders")); !errors.Is(err, entra.ErrExists) {
		t.Errorf("created again: %v", err)
	}
	app := must(e.ApplicationByName(ctx, "orders"))(t)
	e.SetFaultFunc(lost)
	if err := e.DeleteApplication(ctx, app.ObjectID); !errors.Is(err, entra.ErrUnreachable) {
		t.Fatal(err)
	}
	e.SetFaultFunc(nil)
	e.advance(time.Hour)
	if err := e.DeleteApplication(ctx, app.ObjectID); err != nil {
		t.Errorf("deleted again: %v", err)
	}
}

func TestToken_IsRenewedOnceWhenGraphRefusesIt(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	badToken := faults.Fault{Status: http.StatusUnauthorized, Code: "InvalidAuthenticationToken", Message: "Access token has expired or is not yet valid."}
	e.SetFaultFunc(func(_ *http.Request, n int) faults.Fault {
		if n == 1 {
			return badToken
		}
		return faults.Fault{}
	})
	must(e.CreateApplication(ctx, e.newApplication("orders")))(t)
	assertEqual(t, "the token service was asked anew", true, strings.Contains(e.paths(), "/oauth2/v2.0/token"))

	e.SetFaultFunc(always(badToken))
	e.ResetExchanges()
	var refused entra.Refused
	if _, err := e.Organization(ctx); !errors.As(err, &refused) || refused.Reason != entra.RefusedForbidden {
		t.Errorf("refused for good: %v", err)
	}
	assertEqual(t, "requests, too soon for another token", 1, len(e.Exchanges()))
}

func TestSelf_SeesNewPermissionsWithinMinutes(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	e.advance(9 * time.Minute)
	must(e.Self(ctx))(t)
	assertEqual(t, "requests for a token of nine minutes", "", e.paths())
	e.advance(time.Minute)
	must(e.Self(ctx))(t)
	assertEqual(t, "at ten minutes a new token is asked for", true, strings.Contains(e.paths(), "/oauth2/v2.0/token"))
	e.advance(time.Hour)
	e.SetDown(true)
	assertEqual(t, "while the token service is down", e.self, must(e.Self(ctx))(t))
}

func TestAssign_NamesTheMissingPermission(t *testing.T) {
	t.Parallel()
	e := newEnv(t, emulator.Options{Client: emulator.Client{ID: operatorID, Secret: canary, Roles: []string{"Application.ReadWrite.OwnedBy", "Application.Read.All"}}})
	_, api := e.create("orders-api")
	_, worker := e.create("orders-worker")
	_, err := e.Assign(t.Context(), entra.Assignment{PrincipalID: worker.ObjectID, ResourceID: api.ObjectID, AppRoleID: roleID})
	var refused entra.Refused
	if !errors.As(err, &refused) || refused.Reason != entra.RefusedForbidden || !strings.Contains(refused.Message, "AppRoleAssignment.ReadWrite.All") {
		t.Errorf("%v, want Forbidden, naming the permission", err)
	}
}

func TestRefused_NamesPropertyAndRequest(t *testing.T) {
	t.Parallel()
	e := newEnv(t, emulator.Options{})
	wrong := e.newApplication("orders")
	wrong.DisplayName = strings.Repeat("x", 500)
	_, err := e.CreateApplication(t.Context(), wrong)
	var refused entra.Refused
	if !errors.As(err, &refused) || refused.Reason != entra.RefusedInvalid || refused.Property != "displayName" || refused.RequestID == "" || refused.Code == "" {
		t.Errorf("%v, want Invalid with displayName and a request-id", err)
	}
}

func TestWrite_NeverOverlapsOnOneApplication(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	app := must(e.CreateApplication(ctx, e.newApplication("orders")))(t)
	entered, leave := make(chan struct{}), make(chan struct{})
	e.SetFaultFunc(func(*http.Request, int) faults.Fault {
		entered <- struct{}{}
		<-leave
		return faults.Fault{}
	})
	name, done := "renamed", make(chan error)
	rename := func(ctx context.Context) error {
		return e.UpdateApplication(ctx, app.ObjectID, entra.ApplicationPatch{DisplayName: &name})
	}
	go func() { done <- rename(ctx) }()
	<-entered
	impatient, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
	defer cancel()
	if err := rename(impatient); !errors.Is(err, entra.ErrUnreachable) {
		t.Errorf("the second write: %v, want it to wait its turn in vain", err)
	}
	close(leave)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func (e *env) paths() string {
	var paths []string
	for _, exchange := range e.Exchanges() {
		paths = append(paths, exchange.Path)
	}
	return strings.Join(paths, " ")
}
