package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

func TestTheKeysOfEachFormatOfTheSecret(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	api := s.app("orders-api", scoped("Orders.Read"), exposing("Orders.Read.All"))
	s.create(api)
	s.ready(api)
	var text strings.Builder
	text.WriteString("# The Secret of an API, format by format. No value is secret.\n")
	for _, format := range []v1alpha1.SecretFormat{v1alpha1.FormatAzureSDK, v1alpha1.FormatOIDC, v1alpha1.FormatAzurerator} {
		edit(s, api, func(o *v1alpha1.AppRegistration) {
			o.Spec.Secret = &v1alpha1.Secret{Formats: []v1alpha1.SecretFormat{format}}
		})
		s.ready(api)
		fmt.Fprintf(&text, "\n### %s\n\n", format)
		data := s.secretData("orders-api")
		keys := make([]string, 0, len(data))
		for key := range data {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		for _, key := range keys {
			fmt.Fprintf(&text, "%s: %s\n", key, data[key])
		}
	}
	names := s.names()
	names.learn(s)
	golden(t, "secret-formats.txt", strings.ReplaceAll(names.legible(text.String()), "https://graph/", "https://login/"))
}

// discovered are the endpoints that go-oidc finds for an issuer.
func (s *stage) discovered(issuer string) map[string]string {
	s.t.Helper()
	provider, err := oidc.NewProvider(s.asAPI(), issuer)
	if err != nil {
		s.t.Fatalf("discover %s: %v", issuer, err)
	}
	var more struct {
		EndSession string `json:"end_session_endpoint"`
		Keys       string `json:"jwks_uri"`
	}
	if err := provider.Claims(&more); err != nil {
		s.t.Fatal(err)
	}
	at := provider.Endpoint()
	return map[string]string{
		"authorization": at.AuthURL, "token": at.TokenURL, "device": at.DeviceAuthURL, "end session": more.EndSession, "keys": more.Keys,
	}
}
