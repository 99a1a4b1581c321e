package sts_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory/firstparty"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts"
)

const roleID = "0a0a0a0a-1111-4222-8333-444444444444"

// exposing is an API with a role and a token version.
func exposing(version int) odata.Document {
	return odata.Document{
		"api": odata.Document{"requestedAccessTokenVersion": version},
		"appRoles": []any{odata.Document{
			"id": roleID, "value": "Orders.Read.All", "displayName": "Read", "description": "Read", "isEnabled": true,
			"allowedMemberTypes": []any{"Application"},
		}},
	}
}

// token signs in and returns the access token's parts.
func (t *tenant) token(of app, secret, scope string) (raw string, header, claims map[string]any) {
	t.Helper()
	status, body := t.post(tokenPath, url.Values{
		"grant_type": {"client_credentials"}, "client_id": {of.id}, "client_secret": {secret}, "scope": {scope},
	}, nil)
	if status != http.StatusOK {
		t.Fatalf("%d %v", status, body)
	}
	raw, _ = body["access_token"].(string)
	delete(body, "access_token")
	want := map[string]any{"token_type": "Bearer", "expires_in": 3599.0, "ext_expires_in": 3599.0}
	if diff := cmp.Diff(want, body); diff != "" {
		t.Errorf("answer (-want +got)\n%s", diff)
	}
	header, claims = t.unpack(raw)
	return raw, header, claims
}

func (t *tenant) unpack(raw string) (header, claims map[string]any) {
	t.Helper()
	parts := strings.Split(raw, ".")
	if len(parts) != 3 {
		t.Fatalf("%q is no token", raw)
	}
	return decoded(t, parts[0]), decoded(t, parts[1])
}

func decoded(t *tenant, part string) (out map[string]any) {
	t.Helper()
	text, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTokenV2_HasRecordedClaims(t *testing.T) {
	t.Parallel()
	c := newTenant(t, nil)
	client, api := c.app("client", nil), c.app("api", exposing(2))
	secret := c.secret(client)
	_, header, claims := c.token(client, secret, api.id+"/.default")

	recorded := []string{"aio", "aud", "azp", "azpacr", "exp", "iat", "iss", "nbf", "oid", "rh", "sub", "tid", "uti", "ver", "xms_ftd"}
	if diff := cmp.Diff(recorded, slices.Sorted(maps.Keys(claims))); diff != "" {
		t.Errorf("claims (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"alg", "kid", "typ"}, slices.Sorted(maps.Keys(header))); diff != "" {
		t.Errorf("header (-want +got)\n%s", diff)
	}
	for _, opaque := range []string{"aio", "rh", "uti", "xms_ftd"} {
		delete(claims, opaque)
	}
	want := map[string]any{
		"aud": api.id, "azp": client.id, "azpacr": "1", "iss": "https://" + host + "/" + tenantID + "/v2.0", "oid": client.principal,
		"sub": client.principal, "tid": tenantID, "ver": "2.0", "iat": float64(noon.Add(-5 * time.Minute).Unix()),
		"nbf": float64(noon.Add(-5 * time.Minute).Unix()), "exp": float64(noon.Add(time.Hour).Unix()),
	}
	if diff := cmp.Diff(want, claims); diff != "" {
		t.Errorf("values (-want +got)\n%s", diff)
	}
}

func TestTokenV1_HasResourceNameOfRequest(t *testing.T) {
	t.Parallel()
	c := newTenant(t, nil)
	client, api := c.app("client", nil), c.app("api", exposing(1))
	c.edit(api, func(s *directory.Session, primary, replica *directory.Object) error {
		return s.PatchApplication(primary, replica, odata.Document{"identifierUris": []any{"api://" + api.id}})
	})
	secret := c.secret(client)
	for _, named := range []string{api.id, "api://" + api.id} {
		_, header, claims := c.token(client, secret, named+"/.default")
		got := map[string]any{"x5t": header["x5t"] == header["kid"]}
		for _, name := range []string{"aud", "iss", "ver", "appid", "appidacr", "idp", "azp", "azpacr"} {
			if value, ok := claims[name]; ok {
				got[name] = value
			}
		}
		issuer := "https://" + host + "/" + tenantID + "/"
		want := map[string]any{
			"aud": named, "iss": issuer, "idp": issuer, "ver": "1.0", "appid": client.id, "appidacr": "1", "x5t": true,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", named, diff)
		}
	}
}

func TestToken_RolesAreThoseOfIssue(t *testing.T) {
	t.Parallel()
	c := newTenant(t, nil)
	client, api := c.app("client", nil), c.app("api", exposing(2))
	secret := c.secret(client)
	if _, _, claims := c.token(client, secret, api.id+"/.default"); claims["roles"] != nil {
		t.Errorf("before the assignment: %v", claims["roles"])
	}
	c.assign(client, api, roleID)
	_, _, claims := c.token(client, secret, api.id+"/.default")
	if diff := cmp.Diff([]any{"Orders.Read.All"}, claims["roles"]); diff != "" {
		t.Errorf("after the assignment (-want +got)\n%s", diff)
	}
}

func TestVerify_AcceptsOwnGraphTokensOnly(t *testing.T) {
	t.Parallel()
	c := newTenant(t, nil)
	seeded, err := c.directory.Seed(directory.SeedClient{Secret: "s3cret", DisplayName: "operator", Roles: []string{"Application.Read.All"}})
	if err != nil {
		t.Fatal(err)
	}
	operator := app{id: seeded.ClientID, principal: seeded.ServicePrincipalID}
	api := c.app("api", exposing(2))
	other := newTenant(t, nil)

	want := sts.Bearer{AppID: operator.id, ObjectID: operator.principal, Roles: []string{"Application.Read.All"}}
	for _, scope := range []string{
		"https://graph.microsoft.com/.default", "https://" + host + "/.default", firstparty.GraphAppID + "/.default",
		"https://graph.test//.default",
	} {
		raw, _, _ := c.token(operator, "s3cret", scope)
		got, err := c.service.Verify(raw, host)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got)\n%s", scope, err, diff)
		}
		if _, err := other.service.Verify(raw, host); !errors.Is(err, sts.ErrSignature) {
			t.Errorf("another key's service says %v", err)
		}
	}
	foreign, _, _ := c.token(operator, "s3cret", api.id+"/.default")
	if _, err := c.service.Verify(foreign, host); !errors.Is(err, sts.ErrAudience) {
		t.Errorf("a token for another API: %v", err)
	}
	old, _, _ := c.token(operator, "s3cret", "https://graph.microsoft.com/.default")
	c.clock.SetTime(noon.Add(time.Hour))
	if _, err := c.service.Verify(old, host); !errors.Is(err, sts.ErrTime) {
		t.Errorf("an old token: %v", err)
	}
	if _, err := c.service.Verify("nonsense", host); !errors.Is(err, sts.ErrMalformed) {
		t.Errorf("no token: %v", err)
	}
}
