package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
)

// ordersAPI is an API as anybody would write it: signature, issuer, audience and expiry by go-oidc, then the role.
type ordersAPI struct{ verifier *oidc.IDTokenVerifier }

// requiredRoles is the role for each method.
var requiredRoles = map[string]string{http.MethodGet: "Orders.Read.All", http.MethodPost: "Orders.Write.All"}

func (a ordersAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	token, err := a.verifier.Verify(r.Context(), raw)
	if err != nil {
		http.Error(w, "a valid token is needed", http.StatusUnauthorized)
		return
	}
	var claims struct{ Roles []string }
	if err := token.Claims(&claims); err != nil || !slices.Contains(claims.Roles, requiredRoles[r.Method]) {
		http.Error(w, "the role is missing", http.StatusForbidden)
	}
}

// callOrders shows whom the API lets in.
func callOrders(ctx context.Context, api ordersAPI, token string) error {
	server := httptest.NewServer(api)
	defer server.Close()
	printLine("orders-api answers:")
	for _, call := range []struct {
		method, token, why string
		want               int
	}{
		{http.MethodGet, token, "the token's role Orders.Read.All is enough to read", http.StatusOK},
		{http.MethodGet, "", "no token", http.StatusUnauthorized},
		{http.MethodGet, token[:strings.LastIndex(token, ".")] + ".Zm9yZ2Vk", "a forged signature", http.StatusUnauthorized},
		{http.MethodPost, token, "writing takes the role Orders.Write.All", http.StatusForbidden},
	} {
		request, err := http.NewRequestWithContext(ctx, call.method, server.URL+"/orders", nil)
		if err != nil {
			return err
		}
		if call.token != "" {
			request.Header.Set("Authorization", "Bearer "+call.token)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return fmt.Errorf("call the API: %w", err)
		}
		_ = response.Body.Close()
		printLine("  %-4s /orders → %-16s  %s", call.method, response.Status, call.why)
		if response.StatusCode != call.want {
			return fmt.Errorf("expected %d", call.want)
		}
	}
	return nil
}
