package sts_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDiscovery_HasHostOfRequest(t *testing.T) {
	t.Parallel()
	const base = "https://" + host
	c := newTenant(t, nil)
	for path, want := range map[string]map[string]any{
		"/" + tenantID + "/v2.0/.well-known/openid-configuration": {
			"issuer": base + "/" + tenantID + "/v2.0", "jwks_uri": base + "/" + tenantID + "/discovery/v2.0/keys",
			"token_endpoint": base + "/" + tenantID + "/oauth2/v2.0/token", "tenant_region_scope": "EU",
		},
		"/" + domain + "/v2.0/.well-known/openid-configuration": {
			"issuer": base + "/" + tenantID + "/v2.0", "jwks_uri": base + "/" + tenantID + "/discovery/v2.0/keys",
			"token_endpoint": base + "/" + tenantID + "/oauth2/v2.0/token", "tenant_region_scope": "EU",
		},
		"/" + tenantID + "/.well-known/openid-configuration": {
			"issuer": base + "/" + tenantID + "/", "jwks_uri": base + "/" + tenantID + "/discovery/keys",
			"token_endpoint": base + "/" + tenantID + "/oauth2/v2.0/token", "tenant_region_scope": "EU",
		},
		"/organizations/v2.0/.well-known/openid-configuration": {
			"issuer": base + "/{tenantid}/v2.0", "jwks_uri": base + "/organizations/discovery/v2.0/keys",
			"token_endpoint": base + "/organizations/oauth2/v2.0/token", "tenant_region_scope": nil,
		},
	} {
		status, body := c.get(path)
		got := map[string]any{}
		for name := range want {
			got[name] = body[name]
		}
		if diff := cmp.Diff(want, got); status != 200 || diff != "" {
			t.Errorf("%s: %d (-want +got)\n%s", path, status, diff)
		}
	}
	got := refused(c.get("/nobody/v2.0/.well-known/openid-configuration"))
	if diff := cmp.Diff(refusal{400, "invalid_request", 90002, false}, got); diff != "" {
		t.Errorf("an unknown tenant (-want +got)\n%s", diff)
	}
}

func TestDiscovery_OfInstanceMakesHostAnAuthority(t *testing.T) {
	t.Parallel()
	c := newTenant(t, nil)
	_, body := c.get("/common/discovery/instance?api-version=1.1&authorization_endpoint=https://" + host + "/" + tenantID + "/oauth2/v2.0/authorize")
	want := map[string]any{
		"tenant_discovery_endpoint": "https://" + host + "/" + tenantID + "/v2.0/.well-known/openid-configuration",
		"api-version":               "1.1",
		"metadata":                  []any{map[string]any{"preferred_network": host, "preferred_cache": host, "aliases": []any{host}}},
	}
	if diff := cmp.Diff(want, body); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
