package main

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/browserclient"
)

// Ada works at the tenant. The emulator is told of her when it starts.
const (
	adasName     = "ada@contoso.onmicrosoft.com"
	adasPassword = "demo-only-password" //nolint:gosec // of a tenant that lasts two minutes
	callback     = "https://portal.example.com/callback"
)

// consentInYAML shows an external permission from its name in YAML to its use: Microsoft Graph's User.Read, for whoever signs in.
func (d *demo) consentInYAML(ctx context.Context) error {
	if err := d.kubectl(ctx, "apply", "--server-side", "-f", "config/samples/portal.yaml"); err != nil {
		return err
	}
	printLine("the baseline allows no consent to anything of Microsoft's, and says what would:")
	if err := d.kubectl(ctx, "wait", "--for=condition=Stalled", "--timeout=1m", "-n", namespace, "delegatedpermissiongrant/portal-reads-profiles"); err != nil {
		return err
	}
	grant, err := read[v1alpha1.DelegatedPermissionGrant](ctx, d, "delegatedpermissiongrant", "portal-reads-profiles")
	if err != nil {
		return err
	}
	for _, condition := range grant.Status.Conditions {
		if condition.Type == v1alpha1.ConditionReady {
			printLine("  %s: %s", condition.Reason, condition.Message)
		}
	}
	printLine("so the platform team writes a policy (config/samples/policies/web-team.yaml):")
	if err := d.kubectl(ctx, "apply", "--server-side", "-f", "config/samples/policies/web-team.yaml"); err != nil {
		return err
	}
	if err := d.kubectl(ctx, "wait", "--for=condition=Ready", "--timeout=2m", "-n", namespace,
		"appregistration/portal", "federatedcredential/portal", "delegatedpermissiongrant/portal-reads-profiles"); err != nil {
		return err
	}
	d.made++
	return d.signAdaIn(ctx)
}

// signAdaIn goes through an authorization code flow with PKCE: Ada at a browser, the portal with its ServiceAccount's token.
func (d *demo) signAdaIn(ctx context.Context) error {
	portal, err := read[v1alpha1.AppRegistration](ctx, d, "appregistration", "portal")
	if err != nil {
		return err
	}
	verifier := oauth2.GenerateVerifier()
	code, err := d.codeForAda(ctx, portal, verifier)
	if err != nil {
		return err
	}
	credential := confidential.NewCredFromAssertionCallback(func(ctx context.Context, _ confidential.AssertionRequestOptions) (string, error) {
		token, err := d.kube(ctx, "create", "token", "portal", "-n", namespace, "--audience=api://AzureADTokenExchange")
		return strings.TrimSpace(token), err
	})
	client, err := confidential.New(d.entra.URL()+"/"+d.entra.TenantID(), portal.Status.AppID, credential,
		confidential.WithHTTPClient(d.httpClient()), confidential.WithInstanceDiscovery(false))
	if err != nil {
		return fmt.Errorf("make a client of MSAL: %w", err)
	}
	tokens, err := client.AcquireTokenByAuthCode(ctx, code, callback, []string{"https://graph.microsoft.com/User.Read"}, confidential.WithChallenge(verifier))
	if err != nil {
		return fmt.Errorf("redeem the code: %w", err)
	}
	printLine("MSAL redeemed the code, with the token of ServiceAccount %s/portal in place of a client secret", namespace)
	return d.printAdasTokens(ctx, portal, tokens)
}

// codeForAda is what the token service sends Ada's browser back with. She is not asked for consent: it is given.
func (d *demo) codeForAda(ctx context.Context, portal v1alpha1.AppRegistration, verifier string) (string, error) {
	query := url.Values{
		"client_id": {portal.Status.AppID}, "response_type": {"code"}, "redirect_uri": {callback}, "state": {"s"},
		"scope":          {"openid profile offline_access https://graph.microsoft.com/User.Read"},
		"code_challenge": {oauth2.S256ChallengeFromVerifier(verifier)}, "code_challenge_method": {"S256"},
	}
	ada, err := browserclient.New(d.entra.URL(), d.entra.CA(), adasName, adasPassword)
	if err != nil {
		return "", err
	}
	ada.DeclinesConsent = true
	page, err := ada.SignIn(ctx, portal.Status.Endpoints.Authorization+"?"+query.Encode())
	if err != nil {
		return "", err
	}
	if page.Redirect == nil || page.Redirect.Query().Get("code") == "" {
		return "", fmt.Errorf("sign Ada in: she was not sent back with a code: %s", page.Text)
	}
	printLine("Ada opened the portal, was sent to the token service, signed in, was asked for no consent, and came back with a code")
	return page.Redirect.Query().Get("code"), nil
}

func (d *demo) printAdasTokens(ctx context.Context, portal v1alpha1.AppRegistration, tokens confidential.AuthResult) error {
	ctx = oidc.ClientContext(ctx, d.httpClient())
	provider, err := oidc.NewProvider(ctx, portal.Status.Endpoints.Issuer)
	if err != nil {
		return fmt.Errorf("discover the issuer: %w", err)
	}
	who, err := provider.Verifier(&oidc.Config{ClientID: portal.Status.AppID}).Verify(ctx, tokens.IDToken.RawToken)
	if err != nil {
		return fmt.Errorf("verify the ID token: %w", err)
	}
	var person struct {
		Name     string `json:"name"`
		Username string `json:"preferred_username"`
	}
	if err := who.Claims(&person); err != nil {
		return fmt.Errorf("read the ID token: %w", err)
	}
	printLine("go-oidc verified the ID token: %s, %s", person.Name, person.Username)
	// The access token is Microsoft Graph's to verify; what it may be used for is told beside it.
	printLine("the access token for Microsoft Graph has the scopes %s", tokens.GrantedScopes)
	if !strings.Contains(strings.Join(tokens.GrantedScopes, " "), "User.Read") {
		return fmt.Errorf("User.Read is not among the granted scopes")
	}
	return nil
}
