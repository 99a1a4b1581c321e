package graph_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/test/emulator"
)

// newGrantKey is of a new client and a new API.
func (e *env) newGrantKey() entra.GrantKey {
	_, api := e.create("orders-api")
	_, client := e.create("orders-web")
	return entra.GrantKey{ClientID: client.ObjectID, ResourceID: api.ObjectID}
}

func (e *env) consent(key entra.GrantKey, scopes ...string) entra.Grant {
	e.t.Helper()
	return must(e.CreateGrant(e.t.Context(), entra.Grant{GrantKey: key, Scopes: scopes}))(e.t)
}

// scopesInEntra are the scopes that Entra itself has, whatever we remember.
func (e *env) scopesInEntra(key entra.GrantKey) []string {
	e.t.Helper()
	e.restart()
	for _, grant := range must(e.Grants(e.t.Context(), key.ClientID))(e.t) {
		if grant.GrantKey == key {
			return slices.Sorted(slices.Values(grant.Scopes))
		}
	}
	return nil
}

func TestGrant_Lifecycle(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	all := e.newGrantKey()
	one := all
	one.UserID = e.Emulator.Directory().SeedUser("Ada", "ada@contoso.com")
	e.countRequests()

	given, ofOne := e.consent(all, "Orders.Read", "openid"), e.consent(one, "Orders.Read")
	assertEqual(t, "given", entra.Grant{ID: given.ID, GrantKey: all, Scopes: []string{"Orders.Read", "openid"}}, given)
	if _, err := e.CreateGrant(ctx, entra.Grant{GrantKey: all, Scopes: []string{"email"}}); !errors.Is(err, entra.ErrExists) {
		t.Errorf("given twice: %v", err)
	}
	e.restart()
	assertEqual(t, "read", []entra.Grant{given, ofOne}, must(e.Grants(ctx, all.ClientID))(t))

	changed := must(e.ChangeGrant(ctx, given, entra.GrantChange{Add: []string{"email", "openid"}, Remove: []string{"Orders.Read"}}))(t)
	assertEqual(t, "changed", []string{"openid", "email"}, changed.Scopes)
	assertEqual(t, "in Entra", []string{"email", "openid"}, e.scopesInEntra(all))
	left := must(e.ChangeGrant(ctx, given, entra.GrantChange{Remove: []string{"email", "openid", "offline_access"}}))(t)
	assertEqual(t, "nothing left", 0, len(left.Scopes))
	assertEqual(t, "the other's", []entra.Grant{ofOne}, must(e.Grants(ctx, all.ClientID))(t))
	e.golden("grant.http")
}

func TestChangeGrant_DoesNotWriteWhatChangesNothing(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	given := e.consent(e.newGrantKey(), "openid", "email")
	e.countRequests()
	unchanged := must(e.ChangeGrant(ctx, given, entra.GrantChange{Add: []string{"email"}, Remove: []string{"profile"}}))(t)
	assertEqual(t, "the grant", given, unchanged)
	assertEqual(t, "requests", 1, e.countRequests())
}

func TestChangeGrant_LeavesScopesOfOthers(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	key := e.newGrantKey()
	given := e.consent(key, "openid", "made.by.hand")
	must(e.ChangeGrant(ctx, given, entra.GrantChange{Add: []string{"email"}}))(t)
	must(e.ChangeGrant(ctx, given, entra.GrantChange{Remove: []string{"openid", "email"}}))(t)
	assertEqual(t, "left", []string{"made.by.hand"}, e.scopesInEntra(key))
}

func TestChangeGrant_LosesNothingAmongManyWriters(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	key := e.newGrantKey()
	given := e.consent(key, "made.by.hand", "old.1", "old.2")
	var writers sync.WaitGroup
	want := []string{"made.by.hand"}
	for i := range 10 {
		scope := fmt.Sprintf("Orders.%d", i)
		want = append(want, scope)
		writers.Go(func() {
			must(e.ChangeGrant(ctx, given, entra.GrantChange{Add: []string{scope}, Remove: []string{"old.1", "old.2"}}))(t)
		})
	}
	writers.Wait()
	slices.Sort(want)
	assertEqual(t, "in Entra", want, e.scopesInEntra(key))
}

func TestChangeGrant_OfAnAbsentGrant(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	key := e.newGrantKey()
	given := e.consent(key, "openid")
	take, add := entra.GrantChange{Remove: []string{"openid"}}, entra.GrantChange{Add: []string{"openid"}}
	for range 2 {
		assertEqual(t, "taken", entra.Grant{ID: given.ID, GrantKey: key}, must(e.ChangeGrant(ctx, given, take))(t))
	}
	if _, err := e.ChangeGrant(ctx, given, add); !errors.Is(err, entra.ErrNotFound) {
		t.Errorf("added to what is gone: %v", err)
	}
	assertEqual(t, "given anew, and shown", []entra.Grant{e.consent(key, "openid")}, must(e.Grants(ctx, key.ClientID))(t))
	must(e.ChangeGrant(ctx, given, entra.GrantChange{Add: []string{"email"}}))(t)
	assertEqual(t, "in Entra", []string{"email", "openid"}, e.scopesInEntra(key))
}

func TestGrant_RefusesTooManyScopesBeforeAsking(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	key := e.newGrantKey()
	given := e.consent(key, strings.Repeat("a", 2000))
	e.countRequests()
	_, created := e.CreateGrant(ctx, entra.Grant{GrantKey: key, Scopes: []string{strings.Repeat("b", 3851)}})
	assertEqual(t, "requests to create", 0, e.countRequests())
	_, changed := e.ChangeGrant(ctx, given, entra.GrantChange{Add: []string{strings.Repeat("b", 1850)}})
	assertEqual(t, "requests to change", 1, e.countRequests())
	for what, err := range map[string]error{"created": created, "changed": changed} {
		var refused entra.Refused
		if !errors.As(err, &refused) || refused.Reason != entra.RefusedInvalid || !strings.Contains(refused.Message, "3850") {
			t.Errorf("%s: %v, want a refusal", what, err)
		}
	}
	must(e.ChangeGrant(ctx, given, entra.GrantChange{Add: []string{strings.Repeat("b", 1849)}}))(t)
}

func TestGrants_ReadsAllPages(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	key := e.newGrantKey()
	for i := range 101 {
		key.UserID = e.Emulator.Directory().SeedUser("user", fmt.Sprintf("user%d@contoso.com", i))
		e.consent(key, "openid")
	}
	e.restart()
	e.countRequests()
	assertEqual(t, "consents", 101, len(must(e.Grants(ctx, key.ClientID))(t)))
	assertEqual(t, "requests", true, e.countRequests() > 1)
}
