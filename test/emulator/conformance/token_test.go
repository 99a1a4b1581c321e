package conformance

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// graphScope asks for what was granted on Graph.
func (s *tenant) graphScope() string { return s.graph + "/.default" }

// grant is the form of a client_credentials request with a secret.
func (c *caller) grant(scope string) url.Values {
	return url.Values{
		"grant_type":    {"client_credentials"},
		"client_id":     {c.id},
		"client_secret": {c.secret},
		"scope":         {scope},
	}
}

// requestToken posts a form to the tenant's token endpoint.
func (s *tenant) requestToken(ctx context.Context, form url.Values) (reply, error) {
	return s.requestTokenOf(ctx, s.tenantID, form, nil)
}

func (s *tenant) requestTokenOf(ctx context.Context, tenantID string, form url.Values, basic *url.Userinfo) (reply, error) {
	path := "/" + tenantID + "/oauth2/v2.0/token"
	made, err := http.NewRequestWithContext(ctx, http.MethodPost, s.authority+path, strings.NewReader(form.Encode()))
	if err != nil {
		return reply{}, fmt.Errorf("make a token request: %w", err)
	}
	made.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if basic != nil {
		secret, _ := basic.Password()
		made.SetBasicAuth(basic.Username(), secret)
	}
	return s.exchange(made, path)
}

// bearer is a Graph token that still lives five minutes.
func (c *caller) bearer(ctx context.Context) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.token != "" && c.tenant.clock.Now().Add(5*time.Minute).Before(c.expires) {
		return c.token, nil
	}
	got, err := c.tenant.requestToken(ctx, c.grant(c.tenant.graphScope()))
	if err != nil {
		return "", err
	}
	if got.status != http.StatusOK {
		return "", fmt.Errorf("no token: %s", got)
	}
	seconds, _ := got.body["expires_in"].(float64)
	c.token, c.expires = got.text("access_token"), c.tenant.clock.Now().Add(time.Duration(seconds)*time.Second)
	return c.token, nil
}

// waitForRoles waits until a fresh Graph token carries the roles: a new secret and a new grant reach the token service late.
func (c *caller) waitForRoles(ctx context.Context, roles []string) error {
	var last error
	ready := func() bool {
		c.mu.Lock()
		c.token = ""
		c.mu.Unlock()
		token, err := c.bearer(ctx)
		if err != nil {
			last = err
			return false
		}
		_, claims, err := unpack(token)
		if err != nil {
			last = err
			return false
		}
		held := texts(claims["roles"])
		for _, role := range roles {
			if !slices.Contains(held, role) {
				last = fmt.Errorf("the token's roles are %q, %q is missing", held, role)
				return false
			}
		}
		return true
	}
	if !c.tenant.retry.until(ctx, ready) {
		return last
	}
	return nil
}

// tokenFor asks as the caller for a token of one resource and waits until there is one that satisfies enough.
func (c *caller) tokenFor(t testing.TB, scope string, enough func(claims object) bool) (header, claims object) {
	t.Helper()
	var got reply
	var err error
	ok := c.tenant.retry.until(t.Context(), func() bool {
		got, err = c.tenant.requestToken(t.Context(), c.grant(scope))
		if err != nil || got.status != http.StatusOK {
			return false
		}
		header, claims, err = unpack(got.text("access_token"))
		return err == nil && enough(claims)
	})
	if !ok {
		t.Fatalf("no token for %s as wanted: %v %s, claims %v", scope, err, got, claims)
	}
	return header, claims
}

// noToken waits until a token request is refused with the status, error and one of the codes; no codes: any.
func (s *tenant) noToken(t testing.TB, form url.Values, status int, name string, codes ...float64) reply {
	t.Helper()
	var got reply
	ok := s.retry.until(t.Context(), func() bool {
		var err error
		if got, err = s.requestToken(t.Context(), form); err != nil {
			t.Fatal(err)
		}
		return tokenErrorMismatch(got, status, name, codes) == ""
	})
	if !ok {
		t.Errorf("%s\ngot  %s", tokenErrorMismatch(got, status, name, codes), got)
	}
	return got
}

// tokenErrorMismatch says in which way an answer is not the token error wanted, or "". Status 0 and name "" are not looked at.
func tokenErrorMismatch(got reply, status int, name string, codes []float64) string {
	found, _ := got.body["error_codes"].(list)
	switch {
	case got.status < 400:
		return "want no token"
	case status != 0 && got.status != status:
		return fmt.Sprintf("want status %d", status)
	case name != "" && got.text("error") != name:
		return fmt.Sprintf("want error %q", name)
	case len(found) != 1:
		return "want one error code"
	case len(codes) > 0 && !slices.ContainsFunc(codes, func(code float64) bool { return found[0] == code }):
		return fmt.Sprintf("want one of the error codes %.0f", codes)
	case !strings.HasPrefix(got.text("error_description"), fmt.Sprintf("AADSTS%.0f: ", found[0])):
		return "want a description that starts with its AADSTS code"
	}
	return ""
}

// unpack decodes a JWT's header and claims without a look at its signature.
func unpack(token string) (header, claims object, err error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, nil, fmt.Errorf("unpack a token: %d parts", len(parts))
	}
	for i, into := range []*object{&header, &claims} {
		decoded, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil {
			return nil, nil, fmt.Errorf("unpack a token: %w", err)
		}
		if err := json.Unmarshal(decoded, into); err != nil {
			return nil, nil, fmt.Errorf("unpack a token: %w", err)
		}
	}
	return header, claims, nil
}
