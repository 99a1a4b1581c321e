package sts_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

const tokenPath = "/" + tenantID + "/oauth2/v2.0/token"

// refusal is what a client sees of an error, without the ids and times.
type refusal struct {
	Status int
	Error  string
	Code   float64
	URI    bool
}

func refused(status int, body map[string]any) refusal {
	got := refusal{Status: status}
	got.Error, _ = body["error"].(string)
	if codes, _ := body["error_codes"].([]any); len(codes) == 1 {
		got.Code, _ = codes[0].(float64)
	}
	_, got.URI = body["error_uri"]
	return got
}

// refusalFixture has the applications of the table of refusals.
type refusalFixture struct {
	*tenant

	client, api, closed, off, bare app
	secret                         string
}

func newRefusalFixture(t *testing.T) *refusalFixture {
	t.Helper()
	c := &refusalFixture{tenant: newTenant(t, nil)}
	c.client = c.app("client", nil)
	c.secret = c.tenant.secret(c.client)
	c.api = c.app("api", nil)
	c.closed = c.app("closed api", nil)
	c.within(func(s *directory.Session) error {
		primary, _, err := s.Editable(directory.ServicePrincipal, directory.Key{Value: c.closed.principal})
		if err != nil {
			return err
		}
		return s.PatchServicePrincipal(primary, odata.Document{"appRoleAssignmentRequired": true})
	})
	c.off = c.app("switched off", nil)
	c.directory.Set(c.off.principal, map[string]any{"accountEnabled": false})
	c.bare = c.bareApp("without a service principal", nil)
	return c
}

// form is a good request with some parameters changed; an empty value takes the parameter away.
func (c *refusalFixture) form(change ...string) url.Values {
	form := url.Values{
		"grant_type": {"client_credentials"}, "client_id": {c.client.id}, "client_secret": {c.secret}, "scope": {c.api.id + "/.default"},
	}
	for i := 0; i < len(change); i += 2 {
		form.Set(change[i], change[i+1])
		if change[i+1] == "" {
			form.Del(change[i])
		}
	}
	return form
}

func TestToken_Refusals(t *testing.T) {
	t.Parallel()
	c := newRefusalFixture(t)
	const unknown = "99999999-0000-4000-8000-000000000000"
	for name, test := range map[string]struct {
		form url.Values
		want refusal
	}{
		"a wrong secret":                           {c.form("client_secret", "no"), refusal{401, "invalid_client", 7000215, true}},
		"no credential":                            {c.form("client_secret", ""), refusal{401, "invalid_client", 7000218, false}},
		"an assertion of an unknown type":          {c.form("client_secret", "", "client_assertion", "x.y.z"), refusal{401, "invalid_client", 7000218, false}},
		"an unknown client":                        {c.form("client_id", unknown), refusal{400, "unauthorized_client", 700016, false}},
		"a client ID of zeros":                     {c.form("client_id", "00000000-0000-0000-0000-000000000000"), refusal{400, "unauthorized_client", 700038, false}},
		"no client ID":                             {c.form("client_id", ""), refusal{400, "invalid_request", 900144, false}},
		"no grant type":                            {c.form("grant_type", ""), refusal{400, "invalid_request", 900144, false}},
		"an unknown grant type":                    {c.form("grant_type", "no_such_grant"), refusal{400, "unsupported_grant_type", 70003, false}},
		"no scope":                                 {c.form("scope", ""), refusal{400, "invalid_request", 900144, false}},
		"a scope without /.default":                {c.form("scope", c.api.id+"/Read"), refusal{400, "invalid_scope", 1002012, false}},
		"a scope that is nothing but /.default":    {c.form("scope", "/.default"), refusal{400, "invalid_scope", 1002012, false}},
		"only scopes of OpenID Connect":            {c.form("scope", "openid profile"), refusal{400, "invalid_scope", 1002012, false}},
		"scopes of two resources":                  {c.form("scope", c.api.id+"/.default "+c.closed.id+"/.default"), refusal{400, "invalid_scope", 70011, false}},
		"an unknown resource":                      {c.form("scope", "api://none/.default"), refusal{400, "invalid_resource", 500011, true}},
		"a resource without a service principal":   {c.form("scope", c.bare.id+"/.default"), refusal{400, "invalid_resource", 500011, true}},
		"a resource that is switched off":          {c.form("scope", c.off.id+"/.default"), refusal{400, "invalid_resource", 500014, false}},
		"a resource that wants an assignment":      {c.form("scope", c.closed.id+"/.default"), refusal{400, "invalid_grant", 501051, false}},
		"a client that is switched off":            {c.form("client_id", c.off.id), refusal{401, "unauthorized_client", 7000112, false}},
		"a client without a service principal":     {c.form("client_id", c.bare.id), refusal{401, "invalid_client", 7000229, false}},
		"a refused client also with a wrong scope": {c.form("client_secret", "no", "scope", "x"), refusal{401, "invalid_client", 7000215, true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := refused(c.post(tokenPath, test.form, nil))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestTokenError_HasRecordedShape(t *testing.T) {
	t.Parallel()
	c := newRefusalFixture(t)
	const correlation = "5f0a1b2c-0000-4000-8000-00000000abcd"
	_, body := c.post(tokenPath, c.form("client_secret", "no"), http.Header{"Client-Request-Id": {correlation}})
	trace, _ := body["trace_id"].(string)
	want := map[string]any{
		"error": "invalid_client",
		"error_description": "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client " +
			"secret value, not the client secret ID, for a secret added to app '" + c.client.id + "'. Trace ID: " + trace +
			" Correlation ID: " + correlation + " Timestamp: 2026-11-21 12:00:00Z",
		"error_codes": []any{7000215.0}, "timestamp": "2026-11-21 12:00:00Z", "trace_id": trace, "correlation_id": correlation,
		"error_uri": "https://" + host + "/error?code=7000215",
	}
	if diff := cmp.Diff(want, body); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestTenant_MustBeKnown(t *testing.T) {
	t.Parallel()
	c := newRefusalFixture(t)
	for name, test := range map[string]struct {
		tenant string
		want   refusal
	}{
		"another tenant's ID":      {"99999999-0000-4000-8000-000000000000", refusal{400, "invalid_request", 90002, false}},
		"no ID and no domain":      {"nobody", refusal{400, "invalid_request", 90002, false}},
		"common has no tenant":     {"common", refusal{400, "invalid_request", 50059, false}},
		"the verified domain does": {domain, refusal{Status: 200}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := refused(c.post("/"+test.tenant+"/oauth2/v2.0/token", c.form(), nil))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestSecret_IsRefusedOutsideItsTime(t *testing.T) {
	t.Parallel()
	c := newRefusalFixture(t)
	c.clock.SetTime(noon.AddDate(2, 0, 1))
	got := refused(c.post(tokenPath, c.form(), nil))
	if diff := cmp.Diff(refusal{401, "invalid_client", 7000222, false}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestSecret_ByHTTPBasic(t *testing.T) {
	t.Parallel()
	c := newRefusalFixture(t)
	form := c.form("client_id", "", "client_secret", "")
	r := &http.Request{Header: http.Header{}}
	r.SetBasicAuth(url.QueryEscape(c.client.id), url.QueryEscape(c.secret))
	if status, body := c.post(tokenPath, form, r.Header); status != http.StatusOK {
		t.Errorf("got %d %v", status, body)
	}
	r.SetBasicAuth(c.client.id, "no")
	if got := refused(c.post(tokenPath, form, r.Header)); got.Code != 7000215 {
		t.Errorf("a wrong secret got %v", got)
	}
}

func TestToken_RefusesOversizedRequest(t *testing.T) {
	t.Parallel()
	c := newRefusalFixture(t)
	if got := refused(c.post(tokenPath, c.form("client_secret", strings.Repeat("x", 2<<20)), nil)); got.Status != http.StatusBadRequest {
		t.Errorf("got %v", got)
	}
}
