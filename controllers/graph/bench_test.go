package graph_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	clocktesting "k8s.io/utils/clock/testing"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/graph"
)

// cannedAnswers answers every request without a network: the token service's, and one application's.
type cannedAnswers struct{ application string }

// RoundTrip answers.
func (c cannedAnswers) RoundTrip(r *http.Request) (*http.Response, error) {
	at := "https://" + r.URL.Host
	body := c.application
	switch {
	case strings.HasSuffix(r.URL.Path, "/openid-configuration"):
		body = fmt.Sprintf(`{"issuer":"%[1]s/t/v2.0","authorization_endpoint":"%[1]s/t/authorize","token_endpoint":"%[1]s/t/oauth2/v2.0/token"}`, at)
	case strings.HasSuffix(r.URL.Path, "/token"):
		body = fmt.Sprintf(`{"token_type":"Bearer","expires_in":3599,"access_token":%q}`, unsignedToken)
	}
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(body)), Request: r,
	}, nil
}

// application as Graph shows it, with so many roles.
func application(b *testing.B, roles int) string {
	b.Helper()
	list := make([]map[string]any, roles)
	for i := range list {
		list[i] = map[string]any{
			"id": uuid.NewString(), "value": fmt.Sprintf("Orders.Part%03d.Read.All", i), "displayName": "Read", "description": "Read",
			"isEnabled": true, "origin": "Application", "allowedMemberTypes": []string{"Application"},
		}
	}
	raw, err := json.Marshal(map[string]any{
		"id": scopeID, "appId": roleID, "uniqueName": "k8s.c1.shop.orders-api", "createdByAppId": operatorID, "createdDateTime": noon,
		"displayName": "Orders API", "signInAudience": "AzureADMyOrg", "identifierUris": []string{"api://" + roleID},
		"tags": []string{"managed-by:entra-registrar"}, "appRoles": list, "web": map[string]any{"redirectUris": []string{}},
		"api": map[string]any{"requestedAccessTokenVersion": 2, "oauth2PermissionScopes": []any{}},
	})
	if err != nil {
		b.Fatal(err)
	}
	return string(raw)
}

func BenchmarkReadAnApplication(b *testing.B) {
	for _, roles := range []int{1, 200} {
		b.Run(fmt.Sprintf("roles=%d", roles), func(b *testing.B) {
			answers, clock := cannedAnswers{application(b, roles)}, clocktesting.NewFakePassiveClock(noon)
			tenants := graph.NewTenants(graph.Options{
				Clock: clock, CustomHosts: []string{"entra.test"},
				Wrap: func(http.RoundTripper) http.RoundTripper { return answers },
			})
			if _, err := tenants.Open(tenantKey, "1", entra.Connection{
				TenantID: "t", Authority: "https://entra.test", Graph: "https://entra.test", Custom: true, Size: "Large",
				Auth: entra.Auth{Type: "ClientSecret", ClientID: operatorID, Secret: entra.Hide(canary)},
			}); err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { tenants.Close(tenantKey) })
			directory, err := tenants.Directory(tenantKey)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				clock.SetTime(clock.Now().Add(10 * time.Millisecond)) // within the budget
				app, err := directory.Application(b.Context(), scopeID)
				if err != nil || len(app.AppRoles) != roles {
					b.Fatalf("%d roles: %v", len(app.AppRoles), err)
				}
			}
		})
	}
}
