package application

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

func many(prefix string, n int) []string {
	uris := make([]string, n)
	for i := range uris {
		uris[i] = fmt.Sprintf("%s%d", prefix, i)
	}
	return uris
}

func TestFaults_WhatASchemaCannotRefuse(t *testing.T) {
	t.Parallel()
	type edit = func(*v1alpha1.AppRegistration)
	const because = " with a signInAudience for personal accounts"
	for _, c := range []struct {
		name string
		edit edit
		want []string
	}{
		{"nothing", func(*v1alpha1.AppRegistration) {}, nil},
		{"one URI on two platforms", func(o *v1alpha1.AppRegistration) {
			o.Spec.Web = &v1alpha1.Platform{RedirectURIs: []string{"https://h"}}
			o.Spec.SPA = &v1alpha1.Platform{RedirectURIs: []string{"https://x", "https://h/"}}
		}, []string{"spec.spa.redirectURIs[1]: the same URI is spec.web.redirectURIs[0] already: a redirect URI belongs to one platform"}},
		{"one URI twice on a platform is one", redirectsTo("https://h", "https://h/"), nil},
		{"257 redirect URIs in all", func(o *v1alpha1.AppRegistration) {
			o.Spec.Web = &v1alpha1.Platform{RedirectURIs: many("https://w/", 100)}
			o.Spec.SPA = &v1alpha1.Platform{RedirectURIs: many("https://s/", 100)}
			o.Spec.PublicClient = &v1alpha1.Platform{RedirectURIs: many("https://p/", 57)}
		}, []string{"spec: 257 redirect URIs on all platforms together, and Entra takes 256"}},
		{"two entries with one ID", func(o *v1alpha1.AppRegistration) {
			o.Spec.API.Scopes[0].ID, o.Spec.AppRoles[0].ID = "00000000-0000-0000-0000-0000000000ff", "00000000-0000-0000-0000-0000000000ff"
		}, []string{"spec.appRoles[0].id: the ID 00000000-0000-0000-0000-0000000000ff is that of spec.api.scopes[0].id already"}},
		{"everything that personal accounts forbid", func(o *v1alpha1.AppRegistration) {
			o.Spec.SignInAudience = v1alpha1.AudienceOrgsAndPersonal
			o.Spec.DisplayName = strings.Repeat("ö", 91)
			o.Spec.API.RequestedAccessTokenVersion = new(int32(1))
			o.Spec.API.Scopes = append(o.Spec.API.Scopes, v1alpha1.Scope{Value: strings.Repeat("s", 41)})
			o.Spec.IdentifierURIs = []string{"api://{appID}", "urn:orders"}
			o.Spec.Web = &v1alpha1.Platform{RedirectURIs: []string{"https://*.example.com"}}
			o.Spec.SPA = &v1alpha1.Platform{RedirectURIs: many("https://s/", 100)}
		}, []string{
			"spec: 101 redirect URIs on all platforms together, and Entra takes 100",
			"spec.displayName: at most 90 characters" + because,
			"spec.appRoles: no app roles" + because,
			"spec.api.requestedAccessTokenVersion: must be 2" + because,
			"spec.identifierURIs[1]: at most 120 characters, no urn:, wildcard, query or fragment" + because,
			"spec.web.redirectURIs[0]: no wildcard and no query" + because,
			"spec.api.scopes[1].value: at most 40 characters" + because,
		}},
		{"a client trusted with a scope that the API has not", trusts("Orders.Read", "Orders.Raed"), []string{
			`spec.api.preAuthorizedClients[0].scopes[1]: this API has no scope "Orders.Raed"; it has "Orders.Read"`,
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, ofNew(object(c.edit), References{}).Faults); diff != "" {
				t.Error("faults, want - got +\n" + diff)
			}
		})
	}
}

// ofAPIs are so many permissions of each of so many APIs.
func ofAPIs(apis, each int) References {
	var found References
	for _, api := range many("api", apis) {
		for _, id := range many("id", each) {
			found.Permissions = append(found.Permissions, Permission{Type: v1alpha1.PermissionDelegated, Value: id, ID: id, API: reference.API{AppID: api}})
		}
	}
	return found
}

// ofOthers registers the APIs in another tenant.
func ofOthers(found References) References {
	for i := range found.Permissions {
		found.Permissions[i].API.Foreign = true
	}
	return found
}

func TestFaults_MoreThanEntraTakes(t *testing.T) {
	t.Parallel()
	const because = " with a signInAudience for personal accounts"
	people := func(o *v1alpha1.AppRegistration) {
		o.Spec.SignInAudience, o.Spec.AppRoles = v1alpha1.AudienceOrgsAndPersonal, nil
	}
	crowded := func(o *v1alpha1.AppRegistration) {
		scopes(many("Scope", 200)...)(o)
		roles(many("Role", 200)...)(o)
		o.Spec.Tags = many("tag", 50)
		o.Spec.Web = &v1alpha1.Platform{RedirectURIs: many("https://w/", 100)}
		o.Spec.SPA = &v1alpha1.Platform{RedirectURIs: many("https://s/", 100)}
	}
	trusting := ofAPIs(50, 8)
	for _, id := range many("client", 100) {
		trusting.Trusted, trusting.Known = append(trusting.Trusted, Client{AppID: id}), append(trusting.Known, Client{AppID: id})
	}
	for _, c := range []struct {
		name  string
		edit  func(*v1alpha1.AppRegistration)
		found References
		want  []string
	}{
		{"as many as it takes", func(*v1alpha1.AppRegistration) {}, ofAPIs(50, 8), nil},
		{"51 APIs", func(*v1alpha1.AppRegistration) {}, ofAPIs(51, 1), []string{"spec.permissions: 51 APIs, and Entra takes 50"}},
		{"10 APIs of other tenants", func(*v1alpha1.AppRegistration) {}, ofOthers(ofAPIs(10, 2)), nil},
		{"11 APIs of other tenants", func(*v1alpha1.AppRegistration) {}, ofOthers(ofAPIs(11, 2)), []string{
			"spec.permissions: 11 APIs that are registered in other tenants, and Entra takes 10",
		}},
		{"408 permissions", func(*v1alpha1.AppRegistration) {}, ofAPIs(8, 51), []string{"spec.permissions: 408 permissions in all, and Entra takes 400"}},
		{"201 for personal accounts", people, ofAPIs(67, 3), []string{
			"spec.permissions: 201 permissions in all, and Entra takes 200" + because, "spec.permissions: 67 APIs, and Entra takes 50",
		}},
		{"31 of one API for personal accounts", people, ofAPIs(1, 31), []string{"spec.permissions: 31 permissions of API api0, and Entra takes 30" + because}},
		{"1306 entries in all", crowded, trusting, []string{"spec: 1306 entries in all lists together, and Entra takes 1200"}},
		{"31 scopes of a client for personal accounts", func(o *v1alpha1.AppRegistration) {
			people(o)
			scopes(many("Scope", 31)...)(o)
			trusts(many("Scope", 31)...)(o)
		}, References{}, []string{"spec.api.preAuthorizedClients[0].scopes: at most 30 scopes a client" + because}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, ofNew(object(c.edit), c.found).Faults); diff != "" {
				t.Error("faults, want - got +\n" + diff)
			}
		})
	}
}
