package graph_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/faults"
)

func TestConsentsShowWhatWeJustDidToThem(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	key := s.pair()
	s.pass(time.Hour)
	s.SetLag(behind)
	shown := func() []string {
		var scopes []string
		for _, grant := range must(s.Grants(ctx, key.ClientID))(t) {
			scopes = append(scopes, strings.Join(grant.Scopes, " "))
		}
		return scopes
	}
	given := s.consent(key, "openid")
	same(t, "given a moment ago", []string{"openid"}, shown())
	if _, err := s.ChangeGrant(ctx, given, entra.GrantChange{Add: []string{"email"}}); !errors.Is(err, entra.ErrLagging) {
		t.Errorf("a change of what is not shown yet: %v, want lag", err)
	}
	if _, err := s.ChangeGrant(ctx, given, entra.GrantChange{Remove: []string{"openid"}}); !errors.Is(err, entra.ErrLagging) {
		t.Errorf("a removal from what is not shown yet: %v, want lag", err)
	}
	s.pass(31 * time.Second)
	must(s.ChangeGrant(ctx, given, entra.GrantChange{Add: []string{"email"}}))(t)
	same(t, "changed a moment ago", []string{"openid email"}, shown())
	must(s.ChangeGrant(ctx, given, entra.GrantChange{Add: []string{"profile"}}))(t) // reads an old answer
	s.pass(31 * time.Second)
	same(t, "two changes, both in Entra", []string{"openid email profile"}, shown())
	must(s.ChangeGrant(ctx, given, entra.GrantChange{Remove: []string{"openid", "email", "profile"}}))(t)
	same(t, "taken a moment ago", []string(nil), shown())
}

func TestAnAnswerThatWasLostDoesNoHarmToAConsent(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	key := s.pair()
	writes := func(r *http.Request, _ int) faults.Fault {
		if r.Method == http.MethodGet {
			return faults.Fault{}
		}
		return faults.ServerError(http.StatusInternalServerError).AfterCommit()
	}
	// lose does a call whose answer is lost, and then once more.
	lose := func(call func() error) error {
		s.SetFaultFunc(writes)
		if err := call(); !errors.Is(err, entra.ErrUnreachable) {
			t.Errorf("%v, want no answer", err)
		}
		s.SetFaultFunc(nil)
		return call()
	}
	err := lose(func() error {
		_, err := s.CreateGrant(ctx, entra.Grant{GrantKey: key, Scopes: []string{"openid"}})
		return err
	})
	if !errors.Is(err, entra.ErrExists) {
		t.Errorf("given again: %v", err)
	}
	given := must(s.Grants(ctx, key.ClientID))(t)[0]
	for _, change := range []entra.GrantChange{{Add: []string{"email"}}, {Remove: []string{"openid"}}} {
		if err := lose(func() error { _, err := s.ChangeGrant(ctx, given, change); return err }); err != nil {
			t.Errorf("%v again: %v", change, err)
		}
	}
	same(t, "in Entra", []string{"email"}, s.consented(key))
	err = lose(func() error {
		_, err := s.ChangeGrant(ctx, given, entra.GrantChange{Remove: []string{"email"}})
		return err
	})
	if !errors.Is(err, entra.ErrLagging) { // it may be late, or gone
		t.Errorf("taken again: %v", err)
	}
	same(t, "what is left", 0, len(must(s.Grants(ctx, key.ClientID))(t)))
}

func TestAConsentThatAWriteMissesRightAfterItWasReadIsLate(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	given := s.consent(s.pair(), "openid")
	s.pass(30 * time.Minute) // it is old
	s.SetFaultFunc(func(r *http.Request, _ int) faults.Fault {
		if r.Method == http.MethodGet {
			return faults.Fault{}
		}
		return faults.Fault{Status: http.StatusNotFound, Code: "Request_ResourceNotFound", Message: "Resource 'x' does not exist."}
	})
	for _, change := range []entra.GrantChange{{Add: []string{"email"}}, {Remove: []string{"openid"}}} {
		if _, err := s.ChangeGrant(ctx, given, change); !errors.Is(err, entra.ErrLagging) {
			t.Errorf("%v: %v, want lag", change, err)
		}
	}
}

func TestAConsentThatOthersGaveAnewIsBelieved(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	key := s.pair()
	given := s.consent(key, "openid")
	must(s.ChangeGrant(ctx, given, entra.GrantChange{Remove: []string{"openid"}}))(t)
	ours := s.Directory
	s.restart() // now we are somebody else
	anew := s.consent(key, "made.by.hand")
	s.Directory = ours
	same(t, "shown at first, as if it were an old answer", 0, len(must(s.Grants(ctx, key.ClientID))(t)))
	if _, err := s.CreateGrant(ctx, given); !errors.Is(err, entra.ErrExists) {
		t.Errorf("given: %v", err)
	}
	same(t, "shown since", []entra.Grant{anew}, must(s.Grants(ctx, key.ClientID))(t))
	must(s.ChangeGrant(ctx, anew, entra.GrantChange{Add: []string{"openid"}}))(t)
	same(t, "in Entra", []string{"made.by.hand", "openid"}, s.consented(key))
}

func TestAConsentGoesWithItsClient(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	app, client := s.create("orders-web")
	key := entra.GrantKey{ClientID: client.ObjectID, ResourceID: must(s.APIByAppID(ctx, microsoftGraph, 0))(t).ObjectID}
	s.consent(key, "User.Read")
	must(s.Application(ctx, app.ObjectID))(t)
	if err := s.DeleteApplication(ctx, app.ObjectID); err != nil {
		t.Fatal(err)
	}
	same(t, "consents", 0, len(must(s.Grants(ctx, key.ClientID))(t)))
}

func TestWhatIsMissingForConsentsIsNamed(t *testing.T) {
	t.Parallel()
	s := start(t, emulator.Options{Client: emulator.Client{
		ID: operatorID, Secret: canary, Roles: []string{"Application.ReadWrite.OwnedBy", "Application.Read.All"},
	}})
	ctx, key := t.Context(), s.pair()
	_, read := s.Grants(ctx, key.ClientID)
	_, create := s.CreateGrant(ctx, entra.Grant{GrantKey: key, Scopes: []string{"openid"}})
	_, change := s.ChangeGrant(ctx, entra.Grant{ID: "x", GrantKey: key}, entra.GrantChange{Add: []string{"openid"}})
	for i, err := range []error{read, create, change} {
		var no entra.Refused
		if !errors.As(err, &no) || no.Reason != entra.RefusedForbidden || !strings.Contains(no.Message, "DelegatedPermissionGrant.ReadWrite.All") {
			t.Errorf("call %d: %v, want Forbidden, naming the permission", i, err)
		}
	}
}

func TestAWriteLeavesTheRequestIDOfItsAnswer(t *testing.T) {
	t.Parallel()
	s := start(t, emulator.Options{})
	key := s.pair()
	ctx, receipt := entra.WithReceipt(t.Context())
	must(s.Grants(ctx, key.ClientID))(t)
	same(t, "after a read", "", receipt.RequestID)
	var left []string
	for _, call := range []func() error{
		func() error {
			_, err := s.CreateGrant(ctx, entra.Grant{GrantKey: key, Scopes: []string{"openid"}})
			return err
		},
		func() error { _, _ = s.CreateGrant(ctx, entra.Grant{GrantKey: key}); return nil }, // exists
		func() error {
			_, err := s.Assign(ctx, entra.Assignment{PrincipalID: key.ClientID, ResourceID: key.ResourceID, AppRoleID: roleID})
			return err
		},
	} {
		if err := call(); err != nil {
			t.Fatal(err)
		}
		left = append(left, receipt.RequestID)
	}
	slices.Sort(left)
	same(t, "different ones", 3, len(slices.Compact(slices.DeleteFunc(left, func(id string) bool { return id == "" }))))
}
