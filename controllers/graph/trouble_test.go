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

func TestEveryTroubleHasItsError(t *testing.T) {
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
			s := start(t, emulator.Options{})
			s.SetFaultFunc(always(test.fault))
			_, err := s.CreateApplication(t.Context(), s.newApplication("orders"))
			var slow entra.Throttled
			switch {
			case test.want != nil && !errors.Is(err, test.want):
				t.Errorf("%v, want %v", err, test.want)
			case test.want == nil && (!errors.As(err, &slow) || slow.After != test.after):
				t.Errorf("%v, want to be told to wait for %s", err, test.after)
			}
			same(t, "requests", 1, len(s.Exchanges()))
		})
	}
}

func TestAfterA429NobodyAsksUntilThePauseIsOver(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	s.SetFaultFunc(func(_ *http.Request, n int) faults.Fault {
		if n == 1 {
			return faults.Throttled(20 * time.Second)
		}
		return faults.Fault{}
	})
	_, _ = s.Organization(ctx)
	s.pass(5 * time.Second)
	var slow entra.Throttled
	if _, err := s.ApplicationByName(ctx, "orders"); !errors.As(err, &slow) || slow.After != 15*time.Second {
		t.Errorf("during the pause: %v", err)
	}
	same(t, "requests", 1, len(s.Exchanges()))
	s.pass(15 * time.Second)
	must(s.Organization(ctx))(t)
}

func TestAWriteWhoseAnswerWasLostIsFoundWhenItIsRepeated(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	lost := always(faults.ServerError(http.StatusInternalServerError).AfterCommit())
	s.SetFaultFunc(lost)
	if _, err := s.CreateApplication(ctx, s.newApplication("orders")); !errors.Is(err, entra.ErrUnreachable) {
		t.Fatal(err)
	}
	s.SetFaultFunc(nil)
	if _, err := s.CreateApplication(ctx, s.newApplication("orders")); !errors.Is(err, entra.ErrExists) {
		t.Errorf("created again: %v", err)
	}
	app := must(s.ApplicationByName(ctx, "orders"))(t)
	s.SetFaultFunc(lost)
	if err := s.DeleteApplication(ctx, app.ObjectID); !errors.Is(err, entra.ErrUnreachable) {
		t.Fatal(err)
	}
	s.SetFaultFunc(nil)
	s.pass(time.Hour)
	if err := s.DeleteApplication(ctx, app.ObjectID); err != nil {
		t.Errorf("deleted again: %v", err)
	}
}

func TestATokenThatGraphRefusesIsRenewedOnce(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	refused := faults.Fault{Status: http.StatusUnauthorized, Code: "InvalidAuthenticationToken", Message: "Access token has expired or is not yet valid."}
	s.SetFaultFunc(func(_ *http.Request, n int) faults.Fault {
		if n == 1 {
			return refused
		}
		return faults.Fault{}
	})
	must(s.CreateApplication(ctx, s.newApplication("orders")))(t)
	same(t, "the token service was asked anew", true, strings.Contains(s.paths(), "/oauth2/v2.0/token"))

	s.SetFaultFunc(always(refused))
	s.ResetExchanges()
	var no entra.Refused
	if _, err := s.Organization(ctx); !errors.As(err, &no) || no.Reason != entra.RefusedForbidden {
		t.Errorf("refused for good: %v", err)
	}
	same(t, "requests, too soon for another token", 1, len(s.Exchanges()))
}

func TestRightsThatWereGivenAreSeenWithinMinutes(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	s.pass(9 * time.Minute)
	must(s.Self(ctx))(t)
	same(t, "requests for a token of nine minutes", "", s.paths())
	s.pass(time.Minute)
	must(s.Self(ctx))(t)
	same(t, "at ten minutes a new token is asked for", true, strings.Contains(s.paths(), "/oauth2/v2.0/token"))
	s.pass(time.Hour)
	s.SetDown(true)
	same(t, "while the token service is down", s.self, must(s.Self(ctx))(t))
}

func TestAMissingPermissionIsNamed(t *testing.T) {
	t.Parallel()
	s := start(t, emulator.Options{Client: emulator.Client{ID: operatorID, Secret: canary, Roles: []string{"Application.ReadWrite.OwnedBy", "Application.Read.All"}}})
	_, api := s.create("orders-api")
	_, worker := s.create("orders-worker")
	_, err := s.Assign(t.Context(), entra.Assignment{PrincipalID: worker.ObjectID, ResourceID: api.ObjectID, AppRoleID: roleID})
	var no entra.Refused
	if !errors.As(err, &no) || no.Reason != entra.RefusedForbidden || !strings.Contains(no.Message, "AppRoleAssignment.ReadWrite.All") {
		t.Errorf("%v, want Forbidden, naming the permission", err)
	}
}

func TestAWrongValueNamesItsPropertyAndTheRequest(t *testing.T) {
	t.Parallel()
	s := start(t, emulator.Options{})
	wrong := s.newApplication("orders")
	wrong.DisplayName = strings.Repeat("x", 500)
	_, err := s.CreateApplication(t.Context(), wrong)
	var no entra.Refused
	if !errors.As(err, &no) || no.Reason != entra.RefusedInvalid || no.Property != "displayName" || no.RequestID == "" || no.Code == "" {
		t.Errorf("%v, want Invalid with displayName and a request-id", err)
	}
}

func TestTwoWritesOnOneApplicationNeverOverlap(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	app := must(s.CreateApplication(ctx, s.newApplication("orders")))(t)
	entered, leave := make(chan struct{}), make(chan struct{})
	s.SetFaultFunc(func(*http.Request, int) faults.Fault {
		entered <- struct{}{}
		<-leave
		return faults.Fault{}
	})
	name, done := "renamed", make(chan error)
	rename := func(ctx context.Context) error {
		return s.UpdateApplication(ctx, app.ObjectID, entra.ApplicationPatch{DisplayName: &name})
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

func (s *site) paths() string {
	var paths []string
	for _, exchange := range s.Exchanges() {
		paths = append(paths, exchange.Path)
	}
	return strings.Join(paths, " ")
}
