package conformance

import (
	"fmt"
	"net/http"
	"testing"
)

func TestOpenQuestion_RolesForUsersOnly(t *testing.T) {
	t.Parallel()
	made := newRoleOffer(t)
	forUsers := role("Orders.Read", object{"allowedMemberTypes": list{"User"}})
	examined.first.must(t, http.StatusNoContent, http.MethodPatch, applicationPath(made.apiApp), withRoles(made.role, forUsers))
	examined.first.waitShown(t, principalPath(made.api), withRoles(made.role, forUsers))
	either := []int{http.StatusCreated, http.StatusBadRequest}
	got := examined.first.oneOf(t, either, http.MethodPost, made.assignedTo, made.body(object{"appRoleId": forUsers["id"]}))
	record(t, "j: may a role for users only be assigned to a service principal?", yesOrNo(got.status == http.StatusCreated), statusAndCode(got))
}

func TestOpenQuestion_AssignmentsAfterRoleRemoval(t *testing.T) {
	t.Parallel()
	first, made := examined.first, newRoleOffer(t)
	assigned := first.must(t, http.StatusCreated, http.MethodPost, made.assignedTo, made.body(nil))
	path := applicationPath(made.apiApp)
	disabled := withRoles(changed(made.role, object{"isEnabled": false}))
	first.must(t, http.StatusNoContent, http.MethodPatch, path, disabled)
	first.waitShown(t, path, disabled)
	first.must(t, http.StatusNoContent, http.MethodPatch, path, withRoles())
	first.waitShown(t, principalPath(made.api), withRoles())
	got, absent := first.untilShort(t, made.assignedTo, func(got reply) bool { return got.status == http.StatusOK && member(got, assigned.id()) == nil })
	isOneOf(t, got, http.StatusOK)
	record(t, "k: does an assignment go with its role?", yesOrNo(absent), fmt.Sprintf("%d entries", len(got.values())))
}

func TestOpenQuestion_AssignmentsAfterEndDeletion(t *testing.T) {
	t.Parallel()
	first := examined.first
	for name, ends := range map[string]func(roleOffer) (deleted reply, other string){
		"its principal": func(made roleOffer) (reply, string) { return made.client, made.assignedTo },
		"its resource":  func(made roleOffer) (reply, string) { return made.api, made.assigned },
	} {
		made := newRoleOffer(t)
		assigned := first.must(t, http.StatusCreated, http.MethodPost, made.assignedTo, made.body(nil))
		deleted, other := ends(made)
		first.softDelete(t, principalPath(deleted), deleted)
		got, absent := first.untilShort(t, other, func(got reply) bool { return got.status == http.StatusOK && member(got, assigned.id()) == nil })
		isOneOf(t, got, http.StatusOK)
		record(t, "l: is an assignment still listed at the other end when "+name+" is soft-deleted?", yesOrNo(!absent), fmt.Sprintf("%d entries", len(got.values())))
	}
}
