package signin

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
)

// Tokens that a sign-in gives.
type Tokens struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	ID      string `json:"id_token"`
	Error   string `json:"error_description"`
}

// askTokenEndpoint asks the token endpoint as an application does that needs no library; origin is that of a page, or empty.
func askTokenEndpoint(e *env.Env, client *v1alpha1.AppRegistration, origin string, form url.Values) (Tokens, error) {
	e.T.Helper()
	form.Set("client_id", client.Status.AppID)
	request, err := http.NewRequestWithContext(e.T.Context(), http.MethodPost, client.Status.Endpoints.Token, strings.NewReader(form.Encode()))
	if err != nil {
		e.T.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if origin != "" {
		request.Header.Set("Origin", origin)
	}
	response, err := HTTPClient(e).Do(request)
	if err != nil {
		e.T.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var answer Tokens
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		e.T.Fatal(err)
	}
	if answer.Error != "" {
		return answer, fmt.Errorf("%s", answer.Error)
	}
	return answer, nil
}

// Redeem gives what a code is worth to a client without a credential.
func Redeem(e *env.Env, client *v1alpha1.AppRegistration, origin, redirect, code string) (Tokens, error) {
	e.T.Helper()
	return askTokenEndpoint(e, client, origin, url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {redirect}, "code_verifier": {Verifier},
	})
}

// Refresh gives what a refresh token is worth to a client without a credential.
func Refresh(e *env.Env, client *v1alpha1.AppRegistration, origin, refresh string, scopes ...string) (Tokens, error) {
	e.T.Helper()
	return askTokenEndpoint(e, client, origin, url.Values{
		"grant_type": {"refresh_token"}, "refresh_token": {refresh}, "scope": {strings.Join(scopes, " ")},
	})
}

// Confidential is an application that signs in with the token of a ServiceAccount, through MSAL.
func Confidential(e *env.Env, client *v1alpha1.AppRegistration, account string) confidential.Client {
	e.T.Helper()
	token := ServiceAccountToken(e, e.Namespace, account)
	return WithAssertion(e, client, token)
}

// WithAssertion is an application that signs in with a token of any issuer, through MSAL.
func WithAssertion(e *env.Env, client *v1alpha1.AppRegistration, assertion string) confidential.Client {
	e.T.Helper()
	credential := confidential.NewCredFromAssertionCallback(func(context.Context, confidential.AssertionRequestOptions) (string, error) {
		return assertion, nil
	})
	made, err := confidential.New(e.Tenant.URL()+"/"+e.Tenant.TenantID(), client.Status.AppID, credential,
		confidential.WithHTTPClient(HTTPClient(e)), confidential.WithInstanceDiscovery(false))
	if err != nil {
		e.T.Fatal(err)
	}
	return made
}

// Public is an application on somebody's device, through MSAL.
func Public(e *env.Env, client *v1alpha1.AppRegistration) public.Client {
	e.T.Helper()
	made, err := public.New(client.Status.AppID, public.WithAuthority(e.Tenant.URL()+"/"+e.Tenant.TenantID()),
		public.WithHTTPClient(HTTPClient(e)), public.WithInstanceDiscovery(false))
	if err != nil {
		e.T.Fatal(err)
	}
	return made
}
