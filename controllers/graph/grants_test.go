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

// pair is a client and an API.
func (s *site) pair() entra.GrantKey {
	_, api := s.create("orders-api")
	_, client := s.create("orders-web")
	return entra.GrantKey{ClientID: client.ObjectID, ResourceID: api.ObjectID}
}

func (s *site) consent(key entra.GrantKey, scopes ...string) entra.Grant {
	s.t.Helper()
	return must(s.CreateGrant(s.t.Context(), entra.Grant{GrantKey: key, Scopes: scopes}))(s.t)
}

// consented are the scopes that Entra itself has, whatever we remember.
func (s *site) consented(key entra.GrantKey) []string {
	s.t.Helper()
	s.restart()
	for _, grant := range must(s.Grants(s.t.Context(), key.ClientID))(s.t) {
		if grant.GrantKey == key {
			return slices.Sorted(slices.Values(grant.Scopes))
		}
	}
	return nil
}

func TestAConsentIsGivenReadChangedAndTakenAway(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	all := s.pair()
	one := all
	one.UserID = s.Emulator.Directory().SeedUser("Ada", "ada@contoso.com")
	s.requests()

	given, ofOne := s.consent(all, "Orders.Read", "openid"), s.consent(one, "Orders.Read")
	same(t, "given", entra.Grant{ID: given.ID, GrantKey: all, Scopes: []string{"Orders.Read", "openid"}}, given)
	if _, err := s.CreateGrant(ctx, entra.Grant{GrantKey: all, Scopes: []string{"email"}}); !errors.Is(err, entra.ErrExists) {
		t.Errorf("given twice: %v", err)
	}
	s.restart()
	same(t, "read", []entra.Grant{given, ofOne}, must(s.Grants(ctx, all.ClientID))(t))

	changed := must(s.ChangeGrant(ctx, given, entra.GrantChange{Add: []string{"email", "openid"}, Remove: []string{"Orders.Read"}}))(t)
	same(t, "changed", []string{"openid", "email"}, changed.Scopes)
	same(t, "in Entra", []string{"email", "openid"}, s.consented(all))
	left := must(s.ChangeGrant(ctx, given, entra.GrantChange{Remove: []string{"email", "openid", "offline_access"}}))(t)
	same(t, "nothing left", 0, len(left.Scopes))
	same(t, "the other's", []entra.Grant{ofOne}, must(s.Grants(ctx, all.ClientID))(t))
	s.golden("grant.http")
}

func TestAChangeThatChangesNothingIsNotWritten(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	given := s.consent(s.pair(), "openid", "email")
	s.requests()
	unchanged := must(s.ChangeGrant(ctx, given, entra.GrantChange{Add: []string{"email"}, Remove: []string{"profile"}}))(t)
	same(t, "the grant", given, unchanged)
	same(t, "requests", 1, s.requests())
}

func TestScopesOfOthersStayAndSoDoesTheirConsent(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	key := s.pair()
	given := s.consent(key, "openid", "made.by.hand")
	must(s.ChangeGrant(ctx, given, entra.GrantChange{Add: []string{"email"}}))(t)
	must(s.ChangeGrant(ctx, given, entra.GrantChange{Remove: []string{"openid", "email"}}))(t)
	same(t, "left", []string{"made.by.hand"}, s.consented(key))
}

func TestManyWritersOnOneConsentLoseNothing(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	key := s.pair()
	given := s.consent(key, "made.by.hand", "old.1", "old.2")
	var writers sync.WaitGroup
	want := []string{"made.by.hand"}
	for i := range 10 {
		scope := fmt.Sprintf("Orders.%d", i)
		want = append(want, scope)
		writers.Go(func() {
			must(s.ChangeGrant(ctx, given, entra.GrantChange{Add: []string{scope}, Remove: []string{"old.1", "old.2"}}))(t)
		})
	}
	writers.Wait()
	slices.Sort(want)
	same(t, "in Entra", want, s.consented(key))
}

func TestAConsentThatIsGoneHasNothingToTakeAndNothingToAddTo(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	key := s.pair()
	given := s.consent(key, "openid")
	take, add := entra.GrantChange{Remove: []string{"openid"}}, entra.GrantChange{Add: []string{"openid"}}
	for range 2 {
		same(t, "taken", entra.Grant{ID: given.ID, GrantKey: key}, must(s.ChangeGrant(ctx, given, take))(t))
	}
	if _, err := s.ChangeGrant(ctx, given, add); !errors.Is(err, entra.ErrNotFound) {
		t.Errorf("added to what is gone: %v", err)
	}
	same(t, "given anew, and shown", []entra.Grant{s.consent(key, "openid")}, must(s.Grants(ctx, key.ClientID))(t))
	must(s.ChangeGrant(ctx, given, entra.GrantChange{Add: []string{"email"}}))(t)
	same(t, "in Entra", []string{"email", "openid"}, s.consented(key))
}

func TestMoreScopesThanAConsentHoldsAreRefusedBeforeGraphIsAsked(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	key := s.pair()
	given := s.consent(key, strings.Repeat("a", 2000))
	s.requests()
	_, created := s.CreateGrant(ctx, entra.Grant{GrantKey: key, Scopes: []string{strings.Repeat("b", 3851)}})
	same(t, "requests to create", 0, s.requests())
	_, changed := s.ChangeGrant(ctx, given, entra.GrantChange{Add: []string{strings.Repeat("b", 1850)}})
	same(t, "requests to change", 1, s.requests())
	for what, err := range map[string]error{"created": created, "changed": changed} {
		var no entra.Refused
		if !errors.As(err, &no) || no.Reason != entra.RefusedInvalid || !strings.Contains(no.Message, "3850") {
			t.Errorf("%s: %v, want a refusal", what, err)
		}
	}
	must(s.ChangeGrant(ctx, given, entra.GrantChange{Add: []string{strings.Repeat("b", 1849)}}))(t)
}

func TestAllPagesOfConsentsAreRead(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	key := s.pair()
	for i := range 101 {
		key.UserID = s.Emulator.Directory().SeedUser("user", fmt.Sprintf("user%d@contoso.com", i))
		s.consent(key, "openid")
	}
	s.restart()
	s.requests()
	same(t, "consents", 101, len(must(s.Grants(ctx, key.ClientID))(t)))
	same(t, "requests", true, s.requests() > 1)
}
