package conformance

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// recordedClaims are the claims of a v2 app-only token (recorded 2026-08-13).
var recordedClaims = strings.Fields("aio aud azp azpacr exp iat iss nbf oid rh sub tid uti ver xms_ftd")

// client is an application that signs in: a pair with a password.
func (s *tenant) client(t testing.TB) (c *caller, principal reply) {
	t.Helper()
	application, principal := s.first.newPair(t, nil)
	password := s.first.addPassword(t, applicationPath(application), "sign in")
	c = s.caller("a client", application.text("appId"), password.text("secretText"))
	c.object = application.id()
	return c, principal
}

func anyClaims(object) bool { return true }

func TestTokenResponse_HasRecordedFields(t *testing.T) {
	t.Parallel()
	got, ok := examined.first.granted(t, examined.graphScope())
	if !ok {
		t.Fatalf("no token: %s", got)
	}
	if diff := cmp.Diff([]string{"access_token", "expires_in", "ext_expires_in", "token_type"}, keys(got.body)); diff != "" {
		t.Errorf("fields (-recorded +seen):\n%s", diff)
	}
	seconds, _ := got.body["expires_in"].(float64)
	if got.text("token_type") != "Bearer" || seconds < 3000 || seconds > 86400 || got.body["ext_expires_in"] != got.body["expires_in"] {
		t.Errorf("want a Bearer token of an hour or so, got %s", got)
	}
	if content := got.header.Get("Content-Type"); !strings.HasPrefix(content, "application/json") {
		t.Errorf("Content-Type: want JSON, got %q", content)
	}
}

func TestTokenV2_Claims(t *testing.T) {
	t.Parallel()
	api, _ := examined.first.newPair(t, version2())
	client, principal := examined.client(t)
	header, claims := client.tokenFor(t, api.text("appId")+"/.default", anyClaims)
	if diff := cmp.Diff(recordedClaims, keys(claims)); diff != "" {
		t.Errorf("claims (-recorded +seen):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"alg", "kid", "typ"}, keys(header)); diff != "" || text(header, "alg") != "RS256" || text(header, "typ") != "JWT" {
		t.Errorf("header %v (-recorded +seen):\n%s", header, diff)
	}
	want := object{
		"aud": api.text("appId"), "azp": client.id, "azpacr": "1", "oid": principal.id(), "sub": principal.id(), "tid": examined.tenantID,
		"iss": examined.authority + "/" + examined.tenantID + "/v2.0", "ver": "2.0",
	}
	if !includes(claims, asJSON(want)) {
		t.Errorf("want %v, got %v", want, claims)
	}
	issued, _ := claims["iat"].(float64)
	begins, _ := claims["nbf"].(float64)
	ends, _ := claims["exp"].(float64)
	if begins != issued || ends-issued < 3000 {
		t.Errorf("want nbf = iat and an hour or so to exp, got %v", claims)
	}
}

func TestTokenV2_OfIdentifierURIHasAppID(t *testing.T) {
	t.Parallel()
	uri := "api://" + examined.tenantID + "/" + random(8)
	api, _ := examined.first.newPair(t, changed(version2(), identifiers(uri)))
	client, _ := examined.client(t)
	_, claims := client.tokenFor(t, uri+"/.default", anyClaims)
	if claims["aud"] != api.text("appId") {
		t.Errorf("aud: want %s, got %v", api.text("appId"), claims["aud"])
	}
}

func TestTokenV1_Claims(t *testing.T) {
	t.Parallel()
	uri := "api://" + examined.tenantID + "/" + random(8)
	api, _ := examined.first.newPair(t, identifiers(uri))
	client, principal := examined.client(t)
	for _, audience := range []string{uri, api.text("appId")} {
		header, claims := client.tokenFor(t, audience+"/.default", anyClaims)
		want := object{
			"aud": audience, "appid": client.id, "appidacr": "1", "oid": principal.id(), "sub": principal.id(), "tid": examined.tenantID, "ver": "1.0",
		}
		if !includes(claims, asJSON(want)) {
			t.Errorf("want %v, got %v", want, claims)
		}
		for _, name := range []string{"idp", "uti", "iat", "nbf", "exp", "iss"} {
			if _, present := claims[name]; !present {
				t.Errorf("claim %s is missing from %v", name, claims)
			}
		}
		if _, present := claims["azp"]; present || text(header, "x5t") == "" || text(header, "kid") == "" {
			t.Errorf("want no azp, and x5t and kid in the header: %v %v", header, claims)
		}
		if issuer := text(claims, "iss"); !strings.HasSuffix(issuer, "/"+examined.tenantID+"/") || strings.Contains(issuer, "v2.0") {
			t.Errorf("iss: want https://…/%s/, got %q", examined.tenantID, issuer)
		}
	}
}

func TestToken_HasRolesOnceAssigned(t *testing.T) {
	t.Parallel()
	read, write := role("Orders.Read.All", nil), role("Orders.Write.All", nil)
	api, resource := examined.first.newPair(t, changed(version2(), withRoles(read, write)))
	client, principal := examined.client(t)
	scope := api.text("appId") + "/.default"
	_, before := client.tokenFor(t, scope, anyClaims)
	if _, present := before["roles"]; present {
		t.Errorf("want no roles claim before any assignment, got %v", before["roles"])
	}
	for _, one := range []object{read, write} {
		body := object{"principalId": principal.id(), "resourceId": resource.id(), "appRoleId": one["id"]}
		examined.first.must(t, http.StatusCreated, http.MethodPost, principalPath(resource)+"/appRoleAssignedTo", body)
	}
	_, after := client.tokenFor(t, scope, func(claims object) bool { return len(texts(claims["roles"])) == 2 })
	held := texts(after["roles"])
	slices.Sort(held)
	if !slices.Equal(held, []string{"Orders.Read.All", "Orders.Write.All"}) {
		t.Errorf("roles: want both values, got %q", held)
	}
	if diff := cmp.Diff(append(slices.Clone(recordedClaims), "roles"), keys(after), cmp.Transformer("sorted", sorted)); diff != "" {
		t.Errorf("claims (-recorded +seen):\n%s", diff)
	}
}

func sorted(in []string) []string {
	out := slices.Clone(in)
	slices.Sort(out)
	return out
}

func TestToken_ForGraphHasGraphRoles(t *testing.T) {
	t.Parallel()
	_, claims := nonOwner(t).tokenFor(t, examined.graphScope(), anyClaims)
	if got := texts(claims["roles"]); !slices.Equal(got, []string{ownedBy}) {
		t.Errorf("roles: want %s only, got %q", ownedBy, got)
	}
	if claims["tid"] != examined.tenantID || claims["oid"] != nonOwner(t).self(t) {
		t.Errorf("want the caller's own tenant and object ID, got %v", claims)
	}
}

func TestToken_RefusedWithoutRequiredAssignment(t *testing.T) {
	t.Parallel()
	one := role("Orders.Read.All", nil)
	api := examined.first.newApplication(t, changed(version2(), withRoles(one)))
	resource := examined.first.newPrincipal(t, api, object{"appRoleAssignmentRequired": true})
	client, principal := examined.client(t)
	scope := api.text("appId") + "/.default"
	examined.noToken(t, client.grant(scope), http.StatusBadRequest, "", 501051)
	body := object{"principalId": principal.id(), "resourceId": resource.id(), "appRoleId": one["id"]}
	examined.first.must(t, http.StatusCreated, http.MethodPost, principalPath(resource)+"/appRoleAssignedTo", body)
	client.tokenFor(t, scope, func(claims object) bool { return slices.Contains(texts(claims["roles"]), "Orders.Read.All") })
}

func TestClientSecret_ByBasicAuthentication(t *testing.T) {
	t.Parallel()
	form := examined.first.grant(examined.graphScope())
	form.Del("client_id")
	form.Del("client_secret")
	basic := url.UserPassword(url.QueryEscape(examined.first.id), url.QueryEscape(examined.first.secret))
	got, err := examined.requestTokenOf(t.Context(), examined.tenantID, form, basic)
	if err != nil {
		t.Fatal(err)
	}
	if got.status != http.StatusOK || got.text("access_token") == "" {
		t.Errorf("want a token\ngot  %s", got)
	}
}
