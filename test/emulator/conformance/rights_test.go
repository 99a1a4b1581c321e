package conformance

import (
	"net/http"
	"testing"
)

func TestAuthorization_NonOwnersReadAllWriteNothing(t *testing.T) {
	t.Parallel()
	other := nonOwner(t)
	application, principal := examined.first.newPair(t, object{"uniqueName": examined.name()})
	path := applicationPath(application)
	federated := examined.first.newFederated(t, path, nil)
	secret := examined.first.addPassword(t, path, "of the owner")

	other.waitPresent(t, path)
	other.waitPresent(t, by(applications, "uniqueName", application.text("uniqueName")))
	other.waitPresent(t, principalPath(principal))
	other.waitPresent(t, path+"/federatedIdentityCredentials")
	other.find(t, query(applications, "filter", "appId eq '"+application.text("appId")+"'"), application.id())

	for _, row := range []struct {
		name, method, path string
		body               object
	}{
		{"patch the application", http.MethodPatch, path, object{"notes": "taken"}},
		{"patch it by name", http.MethodPatch, by(applications, "uniqueName", application.text("uniqueName")), object{"notes": "taken"}},
		{"delete the application", http.MethodDelete, path, nil},
		{"add a password", http.MethodPost, path + "/addPassword", password("taken")},
		{"remove a password", http.MethodPost, path + "/removePassword", object{"keyId": secret.text("keyId")}},
		{"add a key", http.MethodPatch, path, keyCredentials(newCertificate(t).credential(nil))},
		{"add a federated credential", http.MethodPost, path + "/federatedIdentityCredentials", federatedBody(nil)},
		{"change a federated credential", http.MethodPatch, path + "/federatedIdentityCredentials/" + federated.id(), object{"description": "taken"}},
		{"delete a federated credential", http.MethodDelete, path + "/federatedIdentityCredentials/" + federated.id(), nil},
		{"patch the service principal", http.MethodPatch, principalPath(principal), object{"notes": "taken"}},
		{"delete the service principal", http.MethodDelete, principalPath(principal), nil},
		{"remove an owner", http.MethodDelete, path + "/owners/" + examined.first.self(t) + "/$ref", nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			var body any
			if row.body != nil {
				body = row.body
			}
			other.refused(t, insufficient, row.method, row.path, body)
		})
	}
	t.Run("upsert it", func(t *testing.T) {
		t.Parallel()
		body := object{"displayName": application.text("displayName"), "notes": "taken"}
		other.refused(t, insufficient, http.MethodPatch, by(applications, "uniqueName", application.text("uniqueName")), body, createIfMissing)
	})
	t.Run("restore or purge what is deleted", func(t *testing.T) {
		t.Parallel()
		deleted := examined.first.newApplication(t, nil)
		examined.first.softDelete(t, applicationPath(deleted), deleted)
		other.refused(t, insufficient, http.MethodPost, deletedPath(deleted)+"/restore", nil)
		other.refused(t, insufficient, http.MethodDelete, deletedPath(deleted), nil)
	})
}

func TestAuthorization_PrincipalOfAnothersApplication(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, nil)
	body := object{"appId": made.text("appId")}
	denied := refusal{status: http.StatusForbidden, codes: []string{"Authorization_RequestDenied"}}
	nonOwner(t).refused(t, denied, http.MethodPost, principals, body)
	nonOwner(t).refused(t, denied, http.MethodPatch, by(principals, "appId", made.text("appId")), object{"notes": "x"}, createIfMissing)
	writeAllCaller(t).must(t, http.StatusCreated, http.MethodPost, principals, body)
}

func TestAuthorization_OwnersOfBothMayChangePrincipal(t *testing.T) {
	t.Parallel()
	application := examined.first.newApplication(t, nil)
	principal := writeAllCaller(t).newPrincipal(t, application, nil)
	examined.first.refused(t, insufficient, http.MethodPatch, principalPath(principal), object{"notes": "of the application's owner only"})
	writeAllCaller(t).must(t, http.StatusNoContent, http.MethodPost, principalPath(principal)+"/owners/$ref", examined.reference(examined.first.self(t)))
	examined.first.owners(t, principalPath(principal), examined.first.self(t))
	examined.first.must(t, http.StatusNoContent, http.MethodPatch, principalPath(principal), object{"notes": "of both"})
}

func TestAuthorization_RemovedOwnerIsRefused(t *testing.T) {
	t.Parallel()
	other := nonOwner(t)
	made := other.newApplication(t, examined.owned(other.self(t)))
	path := applicationPath(made)
	other.must(t, http.StatusNoContent, http.MethodPatch, path, object{"notes": "mine"})
	writeAllCaller(t).must(t, http.StatusNoContent, http.MethodDelete, path+"/owners/"+other.self(t)+"/$ref", nil)
	other.eventuallyRefuses(t, insufficient, func(reply) {}, http.MethodPatch, path, object{"notes": "not mine any more"})
}

func TestAuthorization_ReadAllOnlyReads(t *testing.T) {
	t.Parallel()
	reader := examined.callerWith(t, readAll)
	application, principal := examined.first.newPair(t, nil)
	reader.waitPresent(t, applicationPath(application))
	reader.waitPresent(t, principalPath(principal))
	reader.refused(t, insufficient, http.MethodPost, applications, examined.application(nil))
	reader.refused(t, insufficient, http.MethodPatch, applicationPath(application), object{"notes": "taken"})
	reader.refused(t, insufficient, http.MethodPost, principals, object{"appId": application.text("appId")})
	reader.refused(t, insufficient, http.MethodDelete, principalPath(principal), nil)
}

func TestAuthorization_WithoutRolesNothing(t *testing.T) {
	t.Parallel()
	nobody := examined.callerWith(t)
	application, principal := examined.first.newPair(t, nil)
	for _, path := range []string{applications, applicationPath(application), principals, principalPath(principal), deletedApplications} {
		nobody.refused(t, insufficient, http.MethodGet, path, nil)
	}
	nobody.refused(t, insufficient, http.MethodPost, applications, examined.application(nil))
}

func TestAuthorization_WriteAllNeedsNoOwnership(t *testing.T) {
	t.Parallel()
	application, principal := examined.first.newPair(t, nil)
	writeAllCaller(t).must(t, http.StatusNoContent, http.MethodPatch, applicationPath(application), object{"notes": "by another"})
	writeAllCaller(t).must(t, http.StatusNoContent, http.MethodPatch, principalPath(principal), object{"notes": "by another"})
	examined.first.waitShown(t, applicationPath(application), object{"notes": "by another"})
}

func TestMappedClaims_AcceptedOnlyAfterCreate(t *testing.T) {
	t.Parallel()
	mapped := object{"api": object{"acceptMappedClaims": true}}
	refusedAtCreate := refusal{status: http.StatusForbidden, other: []int{http.StatusBadRequest}}
	examined.first.refused(t, refusedAtCreate, http.MethodPost, applications, examined.application(mapped))
	made := examined.first.newApplication(t, nil)
	examined.first.must(t, http.StatusNoContent, http.MethodPatch, applicationPath(made), mapped)
	examined.first.waitShown(t, applicationPath(made), mapped)
}

func TestMicrosoftGraph_IsInDirectoryWithPermissions(t *testing.T) {
	t.Parallel()
	got := examined.first.waitPresent(t, query(by(principals, "appId", graphAppID), "select", "id,appId,displayName,appRoles,oauth2PermissionScopes"))
	if got.text("displayName") != "Microsoft Graph" {
		t.Errorf("displayName: want Microsoft Graph, got %q", got.text("displayName"))
	}
	found := map[string]object{}
	for _, one := range objects(got.body["appRoles"]) {
		found[text(one, "value")] = one
	}
	for value, id := range map[string]string{
		ownedBy:                                  "18a4783c-866b-4cc7-a460-3d5e5662c884",
		writeAll:                                 "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9",
		readAll:                                  "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
		assignAll:                                "06b708a9-e830-4db3-a914-8e69da51d44f",
		"DelegatedPermissionGrant.ReadWrite.All": "8e8e4742-1d95-4f68-9d56-6ee75648c72a",
	} {
		if text(found[value], "id") != id || found[value]["isEnabled"] != true {
			t.Errorf("%s: want the enabled role %s, got %v", value, id, found[value])
		}
	}
}
