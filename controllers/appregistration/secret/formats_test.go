package secret

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

const (
	tenantID = "8b2c0000-0000-4000-8000-000000000001"
	appID    = "aaaa0000-0000-4000-8000-000000000001"
)

func tenant() binding.Tenant {
	login := "https://login.microsoftonline.com/"
	return binding.Tenant{ID: tenantID, AuthorityHost: login, Endpoints: entra.Endpoints{
		Issuer: login + tenantID + "/v2.0", Authorization: login + tenantID + "/oauth2/v2.0/authorize",
		Token: login + tenantID + "/oauth2/v2.0/token", DeviceAuthorization: login + tenantID + "/oauth2/v2.0/devicecode",
		EndSession: login + tenantID + "/oauth2/v2.0/logout", JWKS: login + tenantID + "/discovery/v2.0/keys",
		Discovery: login + tenantID + "/v2.0/.well-known/openid-configuration",
	}}
}

func TestRender_KeysOfTheFormats(t *testing.T) {
	t.Parallel()
	const login = "https://login.microsoftonline.com/" + tenantID
	api := entra.Application{AppID: appID, ApplicationSettings: entra.ApplicationSettings{
		SignInAudience: "AzureADMyOrg", AccessTokenVersion: 2, IdentifierURIs: []string{"api://" + appID},
	}}
	first := api
	first.AccessTokenVersion = 1
	multi, client := api, api
	multi.SignInAudience = "AzureADMultipleOrgs"
	client.IdentifierURIs = nil
	openID := func(changes map[string]string) map[string]string {
		keys := map[string]string{
			"type": "oauth2", "provider": "entra", "client-id": appID, "tenant-id": tenantID, "issuer-uri": login + "/v2.0",
			"authorization-uri": login + "/oauth2/v2.0/authorize", "token-uri": login + "/oauth2/v2.0/token",
			"device-authorization-uri": login + "/oauth2/v2.0/devicecode", "end-session-uri": login + "/oauth2/v2.0/logout",
			"jwk-set-uri": login + "/discovery/v2.0/keys", "discovery-uri": login + "/v2.0/.well-known/openid-configuration",
			"audience": appID, "app-id-uri": "api://" + appID, "scope": "api://" + appID + "/.default",
		}
		for key, value := range changes {
			if keys[key] = value; value == "" {
				delete(keys, key)
			}
		}
		return keys
	}
	sdk := map[string]string{
		"AZURE_CLIENT_ID": appID, "AZURE_TENANT_ID": tenantID, "AZURE_AUTHORITY_HOST": "https://login.microsoftonline.com/",
	}
	for _, c := range []struct {
		name    string
		formats []v1alpha1.SecretFormat
		app     entra.Application
		cloud   string
		want    map[string]string
	}{
		{"none is AzureSDK", nil, api, "", sdk},
		{"AzureSDK", []v1alpha1.SecretFormat{v1alpha1.FormatAzureSDK}, api, "", sdk},
		{"OIDC", []v1alpha1.SecretFormat{v1alpha1.FormatOIDC}, api, "", openID(nil)},
		{"Azurerator", []v1alpha1.SecretFormat{v1alpha1.FormatAzurerator}, api, "", map[string]string{
			"AZURE_APP_CLIENT_ID": appID, "AZURE_APP_TENANT_ID": tenantID,
			"AZURE_APP_WELL_KNOWN_URL":   login + "/v2.0/.well-known/openid-configuration",
			"AZURE_OPENID_CONFIG_ISSUER": login + "/v2.0", "AZURE_OPENID_CONFIG_JWKS_URI": login + "/discovery/v2.0/keys",
			"AZURE_OPENID_CONFIG_TOKEN_ENDPOINT": login + "/oauth2/v2.0/token",
		}},
		{"version 1 tokens have another issuer and carry either name", []v1alpha1.SecretFormat{v1alpha1.FormatOIDC}, first, "", openID(map[string]string{
			"issuer-uri": "https://sts.windows.net/" + tenantID + "/", "audience": appID + ",api://" + appID,
		})},
		{"an issuer that is not known is left out", []v1alpha1.SecretFormat{v1alpha1.FormatOIDC}, first, "https://login.example.com/x/v2.0", openID(map[string]string{
			"issuer-uri": "", "audience": appID + ",api://" + appID,
		})},
		{"every directory has an issuer of its own", []v1alpha1.SecretFormat{v1alpha1.FormatOIDC}, multi, "", openID(map[string]string{
			"issuer-uri": "https://login.microsoftonline.com/{tenantid}/v2.0",
		})},
		{"an application that is no API has no scope", []v1alpha1.SecretFormat{v1alpha1.FormatOIDC}, client, "", openID(map[string]string{
			"app-id-uri": "", "scope": "",
		})},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			tenant := tenant()
			if c.cloud != "" {
				tenant.Endpoints.Issuer = c.cloud
			}
			got := map[string]string{}
			for key, value := range render(c.formats, tenant, c.app) {
				got[key] = string(value)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error("data, want - got +\n" + diff)
			}
		})
	}
}

func BenchmarkRender(b *testing.B) {
	app := entra.Application{AppID: appID, ApplicationSettings: entra.ApplicationSettings{
		SignInAudience: "AzureADMyOrg", AccessTokenVersion: 2, IdentifierURIs: []string{"api://" + appID},
	}}
	formats := []v1alpha1.SecretFormat{v1alpha1.FormatAzureSDK, v1alpha1.FormatOIDC, v1alpha1.FormatAzurerator}
	in := tenant()
	b.ReportAllocs()
	for b.Loop() {
		if len(render(formats, in, app)) != 23 {
			b.Fatal("keys are missing")
		}
	}
}
