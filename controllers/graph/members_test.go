package graph_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/test/emulator"
)

// memberFixture is an API, another one, a user and a group of which the user is a member.
type memberFixture struct{ api, other, user, group string }

func (e *env) newMembers() memberFixture {
	_, api := e.create("orders-api")
	_, other := e.create("billing-api")
	directory := e.Emulator.Directory()
	members := memberFixture{api.ObjectID, other.ObjectID, directory.SeedUser("Ada", "ada@contoso.com"), directory.SeedGroup("Readers")}
	directory.AddMember(members.group, members.user)
	return members
}

func (e *env) assign(principalID, apiID string) entra.Assignment {
	e.t.Helper()
	return must(e.Assign(e.t.Context(), entra.Assignment{PrincipalID: principalID, ResourceID: apiID, AppRoleID: roleID}))(e.t)
}

func TestMember_HasItsOwnRolesOfOneAPI(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	c := e.newMembers()
	e.countRequests()
	assertEqual(t, "a user without any", entra.Member{ID: c.user, Kind: entra.MemberUser},
		must(e.Member(ctx, entra.MemberUser, c.user, c.api))(t))
	user, group := e.assign(c.user, c.api), e.assign(c.group, c.api)
	e.assign(c.user, c.other)
	e.restart() // believe Entra, not the memory
	assertEqual(t, "the user", entra.Member{ID: c.user, Kind: entra.MemberUser, DisplayName: "Ada", Assignments: []entra.Assignment{user}},
		must(e.Member(ctx, entra.MemberUser, c.user, c.api))(t))
	assertEqual(t, "the group", entra.Member{ID: c.group, Kind: entra.MemberGroup, DisplayName: "Readers", Assignments: []entra.Assignment{group}},
		must(e.Member(ctx, entra.MemberGroup, c.group, c.api))(t))
	if err := e.Unassign(ctx, user); err != nil {
		t.Fatal(err)
	}
	assertEqual(t, "afterwards", 0, len(must(e.Member(ctx, entra.MemberUser, c.user, c.api))(t).Assignments))
	e.golden("member.http")
}

func TestLag_MembersRolesShowOurChanges(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	c := e.newMembers()
	e.advance(time.Hour)
	e.SetLag(halfMinuteLag)
	e.assign(c.user, c.other)
	given := e.assign(c.user, c.api)
	assertEqual(t, "given", []entra.Assignment{given}, must(e.Member(ctx, entra.MemberUser, c.user, c.api))(t).Assignments)
	e.advance(31 * time.Second)
	if err := e.Unassign(ctx, given); err != nil {
		t.Fatal(err)
	}
	assertEqual(t, "taken", 0, len(must(e.Member(ctx, entra.MemberUser, c.user, c.api))(t).Assignments))
}

func TestMember_IsAbsentAfterTwoMissesFiveMinutesApart(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	c := e.newMembers()
	nobody := "10000000-0000-4000-8000-000000000001"
	if _, err := e.Member(ctx, entra.MemberUser, nobody, c.api); !errors.Is(err, entra.ErrLagging) || !strings.Contains(err.Error(), nobody) {
		t.Errorf("at first: %v, want lag", err)
	}
	e.advance(5 * time.Minute)
	if _, err := e.Member(ctx, entra.MemberUser, nobody, c.api); !errors.Is(err, entra.ErrNotFound) {
		t.Errorf("five minutes later: %v, want it gone", err)
	}
	if _, err := e.Member(ctx, entra.MemberGroup, c.user, c.api); err == nil {
		t.Error("a user was read as a group")
	}
	var refused entra.Refused
	if _, err := e.Member(ctx, entra.MemberUser, c.user, "x eq 1 or resourceId"); !errors.As(err, &refused) {
		t.Errorf("what is no ID: %v", err)
	}
}
