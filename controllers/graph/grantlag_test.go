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

func TestLag_GrantsShowOurOwnChanges(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	key := e.newGrantKey()
	e.advance(time.Hour)
	e.SetLag(halfMinuteLag)
	shown := func() []string {
		var scopes []string
		for _, grant := range must(e.Grants(ctx, key.ClientID))(t) {
			scopes = append(scopes, strings.Join(grant.Scopes, " "))
		}
		return scopes
	}
	given := e.consent(key, "openid")
	assertEqual(t, "given a moment ago", []string{"openid"}, shown())
	if _, err := e.ChangeGrant(ctx, given, entra.GrantChange{Add: []string{"email"}}); !errors.Is(err, entra.ErrLagging) {
		t.Errorf("a change of what is not shown yet: %v, want lag", err)
	}
	if _, err := e.ChangeGrant(ctx, given, entra.GrantChange{Remove: []string{"openid"}}); !errors.Is(err, entra.ErrLagging) {
		t.Errorf("a removal from what is not shown yet: %v, want lag", err)
	}
	e.advance(31 * time.Second)
	must(e.ChangeGrant(ctx, given, entra.GrantChange{Add: []string{"email"}}))(t)
	assertEqual(t, "changed a moment ago", []string{"openid email"}, shown())
	must(e.ChangeGrant(ctx, given, entra.GrantChange{Add: []string{"profile"}}))(t) // reads an old answer
	e.advance(31 * time.Second)
	assertEqual(t, "two changes, both in Entra", []string{"openid email profile"}, shown())
	must(e.ChangeGrant(ctx, given, entra.GrantChange{Remove: []string{"openid", "email", "profile"}}))(t)
	assertEqual(t, "taken a moment ago", []string(nil), shown())
}

func TestGrant_SurvivesALostAnswer(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	key := e.newGrantKey()
	writes := func(r *http.Request, _ int) faults.Fault {
		if r.Method == http.MethodGet {
			return faults.Fault{}
		}
		return faults.ServerError(http.StatusInternalServerError).AfterCommit()
	}
	// lose does a call whose answer is lost, and then once more.
	lose := func(call func() error) error {
		e.SetFaultFunc(writes)
		if err := call(); !errors.Is(err, entra.ErrUnreachable) {
			t.Errorf("%v, want no answer", err)
		}
		e.SetFaultFunc(nil)
		return call()
	}
	err := lose(func() error {
		_, err := e.CreateGrant(ctx, entra.Grant{GrantKey: key, Scopes: []string{"openid"}})
		return err
	})
	if !errors.Is(err, entra.ErrExists) {
		t.Errorf("given again: %v", err)
	}
	given := must(e.Grants(ctx, key.ClientID))(t)[0]
	for _, change := range []entra.GrantChange{{Add: []string{"email"}}, {Remove: []string{"openid"}}} {
		if err := lose(func() error { _, err := e.ChangeGrant(ctx, given, change); return err }); err != nil {
			t.Errorf("%v again: %v", change, err)
		}
	}
	assertEqual(t, "in Entra", []string{"email"}, e.scopesInEntra(key))
	err = lose(func() error {
		_, err := e.ChangeGrant(ctx, given, entra.GrantChange{Remove: []string{"email"}})
		return err
	})
	if !errors.Is(err, entra.ErrLagging) { // it may be late, or gone
		t.Errorf("taken again: %v", err)
	}
	assertEqual(t, "what is left", 0, len(must(e.Grants(ctx, key.ClientID))(t)))
}

func TestChangeGrant_LagsWhereTheWriteMisses(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	given := e.consent(e.newGrantKey(), "openid")
	e.advance(30 * time.Minute) // it is old
	e.SetFaultFunc(func(r *http.Request, _ int) faults.Fault {
		if r.Method == http.MethodGet {
			return faults.Fault{}
		}
		return faults.Fault{Status: http.StatusNotFound, Code: "Request_ResourceNotFound", Message: "Resource 'x' does not exist."}
	})
	for _, change := range []entra.GrantChange{{Add: []string{"email"}}, {Remove: []string{"openid"}}} {
		if _, err := e.ChangeGrant(ctx, given, change); !errors.Is(err, entra.ErrLagging) {
			t.Errorf("%v: %v, want lag", change, err)
		}
	}
}

func TestCreateGrant_BelievesWhatOthersGaveAnew(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	key := e.newGrantKey()
	given := e.consent(key, "openid")
	must(e.ChangeGrant(ctx, given, entra.GrantChange{Remove: []string{"openid"}}))(t)
	ours := e.Directory
	e.restart() // now we are somebody else
	anew := e.consent(key, "made.by.hand")
	e.Directory = ours
	assertEqual(t, "shown at first, as if it were an old answer", 0, len(must(e.Grants(ctx, key.ClientID))(t)))
	if _, err := e.CreateGrant(ctx, given); !errors.Is(err, entra.ErrExists) {
		t.Errorf("given: %v", err)
	}
	assertEqual(t, "shown since", []entra.Grant{anew}, must(e.Grants(ctx, key.ClientID))(t))
	must(e.ChangeGrant(ctx, anew, entra.GrantChange{Add: []string{"openid"}}))(t)
	assertEqual(t, "in Entra", []string{"made.by.hand", "openid"}, e.scopesInEntra(key))
}

func TestGrants_GoWithTheirClient(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	app, client := e.create("orders-web")
	key := entra.GrantKey{ClientID: client.ObjectID, ResourceID: must(e.APIByAppID(ctx, microsoftGraph, 0))(t).ObjectID}
	e.consent(key, "User.Read")
	must(e.Application(ctx, app.ObjectID))(t)
	if err := e.DeleteApplication(ctx, app.ObjectID); err != nil {
		t.Fatal(err)
	}
	assertEqual(t, "consents", 0, len(must(e.Grants(ctx, key.ClientID))(t)))
}

func TestGrants_NameTheMissingPermission(t *testing.T) {
	t.Parallel()
	e := newEnv(t, emulator.Options{Client: emulator.Client{
		ID: operatorID, Secret: canary, Roles: []string{"Application.ReadWrite.OwnedBy", "Application.Read.All"},
	}})
	ctx, key := t.Context(), e.newGrantKey()
	_, read := e.Grants(ctx, key.ClientID)
	_, create := e.CreateGrant(ctx, entra.Grant{GrantKey: key, Scopes: []string{"openid"}})
	_, change := e.ChangeGrant(ctx, entra.Grant{ID: "x", GrantKey: key}, entra.GrantChange{Add: []string{"openid"}})
	for i, err := range []error{read, create, change} {
		var refused entra.Refused
		if !errors.As(err, &refused) || refused.Reason != entra.RefusedForbidden || !strings.Contains(refused.Message, "DelegatedPermissionGrant.ReadWrite.All") {
			t.Errorf("call %d: %v, want Forbidden, naming the permission", i, err)
		}
	}
}

func TestReceipt_HasTheRequestIDOfAWrite(t *testing.T) {
	t.Parallel()
	e := newEnv(t, emulator.Options{})
	key := e.newGrantKey()
	ctx, receipt := entra.WithReceipt(t.Context())
	must(e.Grants(ctx, key.ClientID))(t)
	assertEqual(t, "after a read", "", receipt.RequestID)
	var left []string
	for _, call := range []func() error{
		func() error {
			_, err := e.CreateGrant(ctx, entra.Grant{GrantKey: key, Scopes: []string{"openid"}})
			return err
		},
		func() error { _, _ = e.CreateGrant(ctx, entra.Grant{GrantKey: key}); return nil }, // exists
		func() error {
			_, err := e.Assign(ctx, entra.Assignment{PrincipalID: key.ClientID, ResourceID: key.ResourceID, AppRoleID: roleID})
			return err
		},
	} {
		if err := call(); err != nil {
			t.Fatal(err)
		}
		left = append(left, receipt.RequestID)
	}
	slices.Sort(left)
	assertEqual(t, "different ones", 3, len(slices.Compact(slices.DeleteFunc(left, func(id string) bool { return id == "" }))))
}
