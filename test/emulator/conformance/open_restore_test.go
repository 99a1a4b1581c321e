package conformance

import (
	"fmt"
	"net/http"
	"testing"
)

func TestOpenQuestion_WhatRestoreBringsBack(t *testing.T) {
	t.Parallel()
	const question = "b: does restore bring back federated credentials, owners, passwords, the service principal and assignments?"
	first, made := examined.first, newRoleOffer(t)
	path := applicationPath(made.apiApp)
	federated := first.newFederated(t, path, nil)
	secret := first.addPassword(t, path, "kept?")
	assigned := first.must(t, http.StatusCreated, http.MethodPost, made.assignedTo, made.body(nil))
	owners := first.owners(t, path)

	first.softDelete(t, path, made.apiApp)
	first.must(t, http.StatusOK, http.MethodPost, deletedPath(made.apiApp)+"/restore", nil)
	first.waitPresent(t, path)
	principal := first.oneOf(t, []int{http.StatusOK, http.StatusNotFound}, http.MethodGet, principalPath(made.api), nil)
	record(t, question, "service principal: "+yesOrNo(principal.status == http.StatusOK), "GET "+statusAndCode(principal))

	first.oneOf(t, []int{http.StatusOK, http.StatusNotFound}, http.MethodPost, deletedPath(made.api)+"/restore", nil)
	for name, seen := range map[string]struct {
		path string
		has  func(reply) bool
	}{
		"federated credentials": {path + "/federatedIdentityCredentials", func(got reply) bool { return member(got, federated.id()) != nil }},
		"owners":                {path + "/owners", func(got reply) bool { return len(got.values()) == len(owners) }},
		"passwords": {path, func(got reply) bool {
			return includes(got.body["passwordCredentials"], asJSON(list{object{"keyId": secret.text("keyId")}}))
		}},
		"assignments, once the service principal is restored too": {made.assignedTo, func(got reply) bool { return member(got, assigned.id()) != nil }},
	} {
		got, ok := first.untilShort(t, seen.path, seen.has)
		isOneOf(t, got, http.StatusOK)
		record(t, question, name+": "+yesOrNo(ok), fmt.Sprintf("%d entries", len(got.values())))
	}
}

func yesOrNo(it bool) string {
	if it {
		return "yes"
	}
	return "no"
}
