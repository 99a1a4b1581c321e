package conformance

import (
	"fmt"
	"net/http"
	"testing"
)

func TestOpenQuestion_RolesForUsersOnly(t *testing.T) {
	t.Parallel()
	made := newOffer(t)
	forUsers := role("Orders.Read", object{"allowedMemberTypes": list{"User"}})
	examined.first.must(t, http.StatusNoContent, http.MethodPatch, applicationPath(made.apiApp), offering(made.role, forUsers))
	examined.first.shows(t, principalPath(made.api), offering(made.role, forUsers))
	either := []int{http.StatusCreated, http.StatusBadRequest}
	got := examined.first.obtains(t, either, http.MethodPost, made.assignedTo, made.body(object{"appRoleId": forUsers["id"]}))
	record(t, "j: may a role for users only be assigned to a service principal?", yes(got.status == http.StatusCreated), said(got))
}

func TestOpenQuestion_AssignmentsAfterRoleRemoval(t *testing.T) {
	t.Parallel()
	first, made := examined.first, newOffer(t)
	assigned := first.must(t, http.StatusCreated, http.MethodPost, made.assignedTo, made.body(nil))
	path := applicationPath(made.apiApp)
	disabled := offering(changed(made.role, object{"isEnabled": false}))
	first.must(t, http.StatusNoContent, http.MethodPatch, path, disabled)
	first.shows(t, path, disabled)
	first.must(t, http.StatusNoContent, http.MethodPatch, path, offering())
	first.shows(t, principalPath(made.api), offering())
	got, gone := first.perhaps(t, made.assignedTo, func(got reply) bool { return got.status == http.StatusOK && member(got, assigned.id()) == nil })
	obtained(t, got, http.StatusOK)
	record(t, "k: does an assignment go with its role?", yes(gone), fmt.Sprintf("%d entries", len(got.values())))
}

func TestOpenQuestion_AssignmentsAfterEndDeletion(t *testing.T) {
	t.Parallel()
	first := examined.first
	for name, ends := range map[string]func(offer) (deleted reply, other string){
		"its principal": func(made offer) (reply, string) { return made.client, made.assignedTo },
		"its resource":  func(made offer) (reply, string) { return made.api, made.assigned },
	} {
		made := newOffer(t)
		assigned := first.must(t, http.StatusCreated, http.MethodPost, made.assignedTo, made.body(nil))
		deleted, other := ends(made)
		first.softDelete(t, principalPath(deleted), deleted)
		got, gone := first.perhaps(t, other, func(got reply) bool { return got.status == http.StatusOK && member(got, assigned.id()) == nil })
		obtained(t, got, http.StatusOK)
		record(t, "l: is an assignment still listed at the other end when "+name+" is soft-deleted?", yes(!gone), fmt.Sprintf("%d entries", len(got.values())))
	}
}
