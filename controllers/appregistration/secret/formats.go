package secret

import (
	"net/url"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// firstVersionIssuers are the issuers of version 1 tokens by the token service's host. Others are not known, and are left out.
var firstVersionIssuers = map[string]string{
	"login.microsoftonline.com":        "https://sts.windows.net/",
	"login.microsoftonline.us":         "https://sts.windows.net/",
	"login.partner.microsoftonline.cn": "https://sts.chinacloudapi.cn/",
	"login.chinacloudapi.cn":           "https://sts.chinacloudapi.cn/",
}

// Issuer of the tokens that the application's API receives. For an audience beyond the own directory it is a template, as Entra
// writes it: every directory has its own. Empty where it is not known.
func Issuer(tenant binding.Tenant, app entra.Application) string {
	name := tenant.Endpoints.Issuer
	if app.AccessTokenVersion != 2 {
		where, err := url.Parse(name)
		if err != nil || firstVersionIssuers[where.Host] == "" {
			return ""
		}
		name = firstVersionIssuers[where.Host] + tenant.ID + "/"
	}
	if app.SignInAudience != string(v1alpha1.AudienceMyOrg) {
		name = strings.ReplaceAll(name, tenant.ID, "{tenantid}")
	}
	return name
}

// tokenAudience is what tokens for the application carry: its client ID; in version 1 also whatever name they were asked for by.
func tokenAudience(app entra.Application) string {
	if app.AccessTokenVersion == 2 {
		return app.AppID
	}
	return strings.Join(append([]string{app.AppID}, app.IdentifierURIs...), ",")
}

// render gives the keys of the formats. A key without a value is left out: it would say something that is not so.
func render(formats []v1alpha1.SecretFormat, tenant binding.Tenant, app entra.Application) map[string][]byte {
	if len(formats) == 0 {
		formats = []v1alpha1.SecretFormat{v1alpha1.FormatAzureSDK}
	}
	data := map[string][]byte{}
	for _, format := range formats {
		for key, value := range keysOf(format, tenant, app) {
			if value != "" {
				data[key] = []byte(value)
			}
		}
	}
	return data
}

func keysOf(format v1alpha1.SecretFormat, tenant binding.Tenant, app entra.Application) map[string]string {
	at := tenant.Endpoints
	switch format {
	case v1alpha1.FormatOIDC:
		return openIDKeys(tenant, app)
	case v1alpha1.FormatAzurerator:
		return map[string]string{
			"AZURE_APP_CLIENT_ID": app.AppID, "AZURE_APP_TENANT_ID": tenant.ID, "AZURE_APP_WELL_KNOWN_URL": at.Discovery,
			"AZURE_OPENID_CONFIG_ISSUER": Issuer(tenant, app), "AZURE_OPENID_CONFIG_JWKS_URI": at.JWKS,
			"AZURE_OPENID_CONFIG_TOKEN_ENDPOINT": at.Token,
		}
	case v1alpha1.FormatAzureSDK:
	}
	return map[string]string{
		"AZURE_CLIENT_ID": app.AppID, "AZURE_TENANT_ID": tenant.ID, "AZURE_AUTHORITY_HOST": tenant.AuthorityHost,
	}
}

func openIDKeys(tenant binding.Tenant, app entra.Application) map[string]string {
	at := tenant.Endpoints
	keys := map[string]string{
		"type": "oauth2", "provider": "entra", "client-id": app.AppID, "tenant-id": tenant.ID,
		"issuer-uri": Issuer(tenant, app), "authorization-uri": at.Authorization, "token-uri": at.Token,
		"device-authorization-uri": at.DeviceAuthorization, "end-session-uri": at.EndSession, "jwk-set-uri": at.JWKS,
		"discovery-uri": at.Discovery, "audience": tokenAudience(app),
	}
	if len(app.IdentifierURIs) > 0 {
		keys["app-id-uri"] = app.IdentifierURIs[0]
		keys["scope"] = app.IdentifierURIs[0] + "/.default"
	}
	return keys
}
