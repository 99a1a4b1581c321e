package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/golden"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/signin"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
)

func TestSecret_KeysOfEachFormat(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	api := e.AppRegistration("orders-api", with.Scopes("Orders.Read"), with.AppRoles("Orders.Read.All"))
	e.Cluster.Create(api)
	e.Status.WaitReady(api)
	var text strings.Builder
	text.WriteString("# The Secret of an API, format by format. No value is secret.\n")
	for _, format := range []v1alpha1.SecretFormat{v1alpha1.FormatAzureSDK, v1alpha1.FormatOIDC, v1alpha1.FormatAzurerator} {
		env.Edit(e.Cluster, api, func(o *v1alpha1.AppRegistration) {
			o.Spec.Secret = &v1alpha1.Secret{Formats: []v1alpha1.SecretFormat{format}}
		})
		e.Status.WaitReady(api)
		fmt.Fprintf(&text, "\n### %s\n\n", format)
		data := signin.SecretData(e, "orders-api")
		keys := make([]string, 0, len(data))
		for key := range data {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		for _, key := range keys {
			fmt.Fprintf(&text, "%s: %s\n", key, data[key])
		}
	}
	names := golden.NewPlaceholders(e)
	names.Learn(e)
	golden.Check(t, "secret-formats.txt", strings.ReplaceAll(names.Replace(text.String()), "https://graph/", "https://login/"))
}

// discover the endpoints of an issuer, through go-oidc.
func discover(e *env.Env, issuer string) map[string]string {
	e.T.Helper()
	provider, err := oidc.NewProvider(signin.APIContext(e), issuer)
	if err != nil {
		e.T.Fatalf("discover %s: %v", issuer, err)
	}
	var more struct {
		EndSession string `json:"end_session_endpoint"`
		Keys       string `json:"jwks_uri"`
	}
	if err := provider.Claims(&more); err != nil {
		e.T.Fatal(err)
	}
	at := provider.Endpoint()
	return map[string]string{
		"authorization": at.AuthURL, "token": at.TokenURL, "device": at.DeviceAuthURL, "end session": more.EndSession, "keys": more.Keys,
	}
}
