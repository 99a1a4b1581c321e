package graph_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/test/emulator"
)

// crowd is an API, another one, a user and a group of which the user is a member.
type crowd struct{ api, other, user, group string }

func (s *site) crowd() crowd {
	_, api := s.create("orders-api")
	_, other := s.create("billing-api")
	directory := s.Emulator.Directory()
	made := crowd{api.ObjectID, other.ObjectID, directory.SeedUser("Ada", "ada@contoso.com"), directory.SeedGroup("Readers")}
	directory.AddMember(made.group, made.user)
	return made
}

func (s *site) assign(principalID, apiID string) entra.Assignment {
	s.t.Helper()
	return must(s.Assign(s.t.Context(), entra.Assignment{PrincipalID: principalID, ResourceID: apiID, AppRoleID: roleID}))(s.t)
}

func TestTheRolesOfAMemberAreItsOwnAndOfOneAPI(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	c := s.crowd()
	s.requests()
	same(t, "a user without any", entra.Member{ID: c.user, Kind: entra.MemberUser},
		must(s.Member(ctx, entra.MemberUser, c.user, c.api))(t))
	user, group := s.assign(c.user, c.api), s.assign(c.group, c.api)
	s.assign(c.user, c.other)
	s.restart() // believe Entra, not the memory
	same(t, "the user", entra.Member{ID: c.user, Kind: entra.MemberUser, DisplayName: "Ada", Assignments: []entra.Assignment{user}},
		must(s.Member(ctx, entra.MemberUser, c.user, c.api))(t))
	same(t, "the group", entra.Member{ID: c.group, Kind: entra.MemberGroup, DisplayName: "Readers", Assignments: []entra.Assignment{group}},
		must(s.Member(ctx, entra.MemberGroup, c.group, c.api))(t))
	if err := s.Unassign(ctx, user); err != nil {
		t.Fatal(err)
	}
	same(t, "afterwards", 0, len(must(s.Member(ctx, entra.MemberUser, c.user, c.api))(t).Assignments))
	s.golden("member.http")
}

func TestAMembersRolesShowWhatWeJustGaveAndNotWhatWeJustTook(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	c := s.crowd()
	s.pass(time.Hour)
	s.SetLag(behind)
	s.assign(c.user, c.other)
	given := s.assign(c.user, c.api)
	same(t, "given", []entra.Assignment{given}, must(s.Member(ctx, entra.MemberUser, c.user, c.api))(t).Assignments)
	s.pass(31 * time.Second)
	if err := s.Unassign(ctx, given); err != nil {
		t.Fatal(err)
	}
	same(t, "taken", 0, len(must(s.Member(ctx, entra.MemberUser, c.user, c.api))(t).Assignments))
}

func TestAMemberIsGoneAfterTwoMissesFiveMinutesApart(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, emulator.Options{}), t.Context()
	c := s.crowd()
	nobody := "10000000-0000-4000-8000-000000000001"
	if _, err := s.Member(ctx, entra.MemberUser, nobody, c.api); !errors.Is(err, entra.ErrLagging) || !strings.Contains(err.Error(), nobody) {
		t.Errorf("at first: %v, want lag", err)
	}
	s.pass(5 * time.Minute)
	if _, err := s.Member(ctx, entra.MemberUser, nobody, c.api); !errors.Is(err, entra.ErrNotFound) {
		t.Errorf("five minutes later: %v, want it gone", err)
	}
	if _, err := s.Member(ctx, entra.MemberGroup, c.user, c.api); err == nil {
		t.Error("a user was read as a group")
	}
	var no entra.Refused
	if _, err := s.Member(ctx, entra.MemberUser, c.user, "x eq 1 or resourceId"); !errors.As(err, &no) {
		t.Errorf("what is no ID: %v", err)
	}
}
