package conformance

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
)

// ownership describes the owners of an object from the caller's point of view.
func (c *caller) ownership(t testing.TB, path string) string {
	t.Helper()
	self := c.self(t)
	var found []string
	got, _ := examined.first.untilShort(t, path+"/owners", func(got reply) bool {
		found = found[:0]
		for _, one := range got.values() {
			found = append(found, text(one, "id"))
		}
		return slices.Contains(found, self)
	})
	isOneOf(t, got, http.StatusOK)
	switch {
	case len(found) == 0:
		return "nobody"
	case slices.Equal(found, []string{self}):
		return "the caller alone"
	case slices.Contains(found, self):
		return fmt.Sprintf("the caller and %d others", len(found)-1)
	}
	return fmt.Sprintf("%d others, not the caller", len(found))
}

// writes says what the caller's next write of an object is answered.
func (c *caller) writes(t testing.TB, path string) string {
	t.Helper()
	got := c.oneOf(t, []int{http.StatusNoContent, http.StatusForbidden}, http.MethodPatch, path, object{"notes": "written by " + c.name})
	return "its PATCH: " + statusAndCode(got)
}

func TestOpenQuestion_OwnerAfterPost(t *testing.T) {
	t.Parallel()
	for _, c := range []*caller{nonOwner(t), writeAllCaller(t)} {
		who := map[*caller]string{nonOwner(t): ownedBy, writeAllCaller(t): writeAll}[c]
		made := c.must(t, http.StatusCreated, http.MethodPost, applications, examined.application(nil))
		c.waitPresent(t, applicationPath(made))
		record(t, "h: who owns an application after POST under "+who+"?", c.ownership(t, applicationPath(made)), c.writes(t, applicationPath(made)))
		principal := c.oneOf(t, []int{http.StatusCreated, http.StatusForbidden}, http.MethodPost, principals, object{"appId": made.text("appId")})
		if principal.status == http.StatusCreated {
			record(t, "h: who owns a service principal after POST under "+who+"?", c.ownership(t, principalPath(principal)), c.writes(t, principalPath(principal)))
		}
	}
}

func TestOpenQuestion_OwnerAfterUpsert(t *testing.T) {
	t.Parallel()
	for _, c := range []*caller{nonOwner(t), writeAllCaller(t)} {
		who := map[*caller]string{nonOwner(t): ownedBy, writeAllCaller(t): writeAll}[c]
		path := by(applications, "uniqueName", examined.name())
		made := c.must(t, http.StatusCreated, http.MethodPatch, path, examined.application(nil), createIfMissing)
		c.waitPresent(t, applicationPath(made))
		record(t, "h: who owns an application after upsert under "+who+"?", c.ownership(t, applicationPath(made)), c.writes(t, applicationPath(made)))
	}
}

func TestOpenQuestion_AddingOwnerUnderOwnedBy(t *testing.T) {
	t.Parallel()
	const question = "e: may Application.ReadWrite.OwnedBy add another owner to its own application?"
	other := nonOwner(t)
	made := other.newApplication(t, examined.owned(other.self(t)))
	_, friend := examined.first.newPair(t, nil)
	got := other.oneOf(t, []int{http.StatusNoContent, http.StatusForbidden}, http.MethodPost, applicationPath(made)+"/owners/$ref", examined.reference(friend.id()))
	record(t, question, "alone: "+statusAndCode(got))
	helped := examined.callerWith(t, ownedBy, readAll)
	made = helped.newApplication(t, examined.owned(helped.self(t)))
	got = helped.oneOf(t, []int{http.StatusNoContent, http.StatusForbidden}, http.MethodPost, applicationPath(made)+"/owners/$ref", examined.reference(friend.id()))
	record(t, question, "with Application.Read.All: "+statusAndCode(got))
}

func TestOpenQuestion_ForgedCreator(t *testing.T) {
	t.Parallel()
	const question = "is a forged createdByAppId in a POST refused or ignored?"
	forged := guid()
	got := examined.first.oneOf(t, []int{http.StatusCreated, http.StatusBadRequest}, http.MethodPost, applications, examined.application(object{"createdByAppId": forged}))
	switch {
	case got.status != http.StatusCreated:
		record(t, question, "refused", statusAndCode(got))
	case got.text("createdByAppId") == forged:
		t.Error("createdByAppId is forged: it proves nothing")
		record(t, question, "taken", got.text("createdByAppId"))
	default:
		record(t, question, "ignored", "createdByAppId is the caller's: "+yesOrNo(got.text("createdByAppId") == examined.first.id))
	}
	own := examined.first.oneOf(t, []int{http.StatusCreated, http.StatusBadRequest}, http.MethodPost, applications, examined.application(object{"createdByAppId": examined.first.id}))
	record(t, "is one's own createdByAppId in a POST refused?", yesOrNo(own.status != http.StatusCreated), statusAndCode(own))
	upserted := examined.first.oneOf(t, []int{http.StatusCreated, http.StatusBadRequest}, http.MethodPatch, by(applications, "uniqueName", examined.name()), examined.application(object{"createdByAppId": forged}), createIfMissing)
	record(t, "is a forged createdByAppId in an upsert refused or ignored?", statusAndCode(upserted), "taken: "+yesOrNo(upserted.text("createdByAppId") == forged))
}
