package conformance

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	grants   = "/oauth2PermissionGrants"
	grantAll = "DelegatedPermissionGrant.ReadWrite.All"
)

// grantKeys are the properties of a delegated permission grant; it is no directory object.
var grantKeys = strings.Fields("@odata.context clientId consentType id principalId resourceId scope")

// delegation is an API with two scopes, and a client to use them.
type delegation struct {
	clientApp, client, api reply
	by                     *caller
}

func newDelegation(t testing.TB) delegation {
	t.Helper()
	made := delegation{by: examined.callerWith(t, grantAll)}
	_, made.api = examined.first.newPair(t, withScopes(scope("Orders.Read", nil), scope("Orders.Write", nil)))
	made.clientApp, made.client = examined.first.newPair(t, nil)
	return made
}

func (d delegation) body(more object) object {
	return changed(object{
		"clientId": d.client.id(), "consentType": "AllPrincipals", "resourceId": d.api.id(), "scope": "Orders.Read",
	}, more)
}

func TestGrant_IsCreatedChangedAndDeleted(t *testing.T) {
	t.Parallel()
	made := newDelegation(t)
	got := made.by.must(t, http.StatusCreated, http.MethodPost, grants, made.body(nil))
	hasKeys(t, got.body, grantKeys)
	path := grants + "/" + got.id()
	made.by.waitShown(t, path, changed(made.body(nil), object{"principalId": nil}))
	duplicate := refusal{status: http.StatusConflict, codes: []string{"Request_MultipleObjectsWithSameKeyValue"}, message: "Permission entry already exists."}
	made.by.refused(t, duplicate, http.MethodPost, grants, made.body(object{"scope": "Orders.Write"}))
	made.by.must(t, http.StatusNoContent, http.MethodPatch, path, object{"scope": "Orders.Write Orders.Read"})
	made.by.waitShown(t, path, object{"scope": "Orders.Write Orders.Read"})
	for property, value := range map[string]any{"clientId": made.api.id(), "resourceId": made.client.id(), "consentType": "Principal", "principalId": guid()} {
		made.by.refused(t, badRequest, http.MethodPatch, path, object{property: value})
	}
	made.by.must(t, http.StatusNoContent, http.MethodDelete, path, nil)
	made.by.waitAbsent(t, path)
	made.by.refused(t, notFound, http.MethodDelete, path, nil)
	made.by.must(t, http.StatusCreated, http.MethodPost, grants, made.body(nil))
}

func TestGrant_IDIsMadeOfItsEnds(t *testing.T) {
	t.Parallel()
	made := newDelegation(t)
	got := made.by.must(t, http.StatusCreated, http.MethodPost, grants, made.body(nil))
	raw, err := base64.RawURLEncoding.DecodeString(got.id())
	if err != nil || len(raw) != 32 {
		t.Fatalf("id %q: %d bytes, %v", got.id(), len(raw), err)
	}
	guidOf := func(b []byte) string {
		return fmt.Sprintf("%08x-%04x-%04x-%x-%x", binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint16(b[4:]), binary.LittleEndian.Uint16(b[6:]), b[8:10], b[10:])
	}
	if diff := cmp.Diff([]string{made.client.id(), made.api.id()}, []string{guidOf(raw[:16]), guidOf(raw[16:])}); diff != "" {
		t.Errorf("ends (-want +got):\n%s", diff)
	}
}

func TestGrant_FiltersByEnds(t *testing.T) {
	t.Parallel()
	made := newDelegation(t)
	got := made.by.must(t, http.StatusCreated, http.MethodPost, grants, made.body(nil))
	for _, filter := range []string{
		"clientId eq '" + made.client.id() + "'", "resourceId eq '" + made.api.id() + "'",
		"clientId eq '" + made.client.id() + "' and resourceId eq '" + made.api.id() + "' and consentType eq 'AllPrincipals'",
	} {
		if listed := made.by.find(t, query(grants, "filter", filter), got.id()); text(listed, "scope") != "Orders.Read" {
			t.Errorf("%s: got %v", filter, listed)
		}
	}
	none := query(grants, "filter", "clientId eq '"+made.client.id()+"' and consentType eq 'Principal'")
	if listed := made.by.must(t, http.StatusOK, http.MethodGet, none, nil); len(listed.values()) != 0 {
		t.Errorf("want none\ngot  %s", listed)
	}
	made.by.refused(t, badRequest, http.MethodGet, query(grants, "filter", "scope eq 'Orders.Read'"), nil)
	almost := examined.callerWith(t, grantAll, readAll)
	almost.find(t, principalPath(made.client)+grants, got.id())
}

func TestGrant_Refusals(t *testing.T) {
	t.Parallel()
	made := newDelegation(t)
	missing := refusal{other: []int{http.StatusNotFound}}
	for name, row := range map[string]struct {
		body object
		want refusal
	}{
		"no client":                       {without(made.body(nil), "clientId"), badRequest},
		"no API":                          {without(made.body(nil), "resourceId"), badRequest},
		"no consent type":                 {without(made.body(nil), "consentType"), badRequest},
		"another consent type":            {made.body(object{"consentType": "Some"}), badRequest},
		"one user, but whom":              {made.body(object{"consentType": "Principal"}), badRequest},
		"everybody, and one user":         {made.body(object{"principalId": guid()}), missing},
		"an unknown client":               {made.body(object{"clientId": guid()}), missing},
		"an unknown API":                  {made.body(object{"resourceId": guid()}), missing},
		"an application for its client":   {made.body(object{"clientId": made.clientApp.id()}), missing},
		"a client by its client ID":       {made.body(object{"clientId": made.clientApp.text("appId")}), missing},
		"scopes of 3851 characters":       {made.body(object{"scope": textOf(3851)}), badRequest},
		"scopes as a list":                {made.body(object{"scope": list{"Orders.Read"}}), badRequest},
		"a time, which there was earlier": {made.body(object{"startTime": "2026-01-01T00:00:00Z"}), badRequest},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			made.by.refused(t, row.want, http.MethodPost, grants, row.body)
		})
	}
	made.by.must(t, http.StatusCreated, http.MethodPost, grants, made.body(object{"scope": textOf(3850)}))
}

func TestGrant_NeedsItsOwnPermission(t *testing.T) {
	t.Parallel()
	made := newDelegation(t)
	got := made.by.must(t, http.StatusCreated, http.MethodPost, grants, made.body(nil))
	for _, c := range []*caller{examined.first, writeAllCaller(t)} {
		c.refused(t, insufficient, http.MethodPost, grants, made.body(nil))
		c.refused(t, insufficient, http.MethodGet, grants+"/"+got.id(), nil)
		c.refused(t, insufficient, http.MethodDelete, grants+"/"+got.id(), nil)
	}
	examined.callerWith(t, "Directory.Read.All").waitPresent(t, grants+"/"+got.id())
}

func TestGrant_ForOneUser(t *testing.T) {
	t.Parallel()
	if examined.principals.userID == "" {
		t.Log("nobody named a user: nothing to test")
		return
	}
	made := newDelegation(t)
	all := made.by.must(t, http.StatusCreated, http.MethodPost, grants, made.body(nil))
	one := made.by.must(t, http.StatusCreated, http.MethodPost, grants, made.body(object{
		"consentType": "Principal", "principalId": examined.principals.userID, "scope": "Orders.Write",
	}))
	if all.id() == one.id() {
		t.Errorf("both are %s", all.id())
	}
	filter := "principalId eq '" + examined.principals.userID + "' and clientId eq '" + made.client.id() + "'"
	made.by.find(t, query(grants, "filter", filter), one.id())
	if examined.principals.groupID == "" {
		return
	}
	made.by.refused(t, badRequest, http.MethodPost, grants, made.body(object{"consentType": "Principal", "principalId": examined.principals.groupID}))
}

func TestOpenQuestion_Grants(t *testing.T) {
	t.Parallel()
	made := newDelegation(t)
	either := []int{http.StatusCreated, http.StatusBadRequest}
	got := made.by.oneOf(t, either, http.MethodPost, grants, made.body(object{"scope": "No.Such"}))
	record(t, "m: may a grant name a scope that the API does not have?", yesOrNo(got.status == http.StatusCreated), statusAndCode(got))
	other := newDelegation(t)
	left := other.by.must(t, http.StatusCreated, http.MethodPost, grants, other.body(nil))
	examined.first.softDelete(t, principalPath(other.client), other.client)
	seen, absent := other.by.untilShort(t, grants+"/"+left.id(), func(got reply) bool { return got.status == http.StatusNotFound })
	record(t, "n: does a grant go with its client's soft deletion?", yesOrNo(absent), statusAndCode(seen))
}
