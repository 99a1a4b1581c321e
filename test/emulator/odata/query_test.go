package odata_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

func TestFilter_Selects(t *testing.T) {
	t.Parallel()
	doc := odata.Document{
		"id": "1", "appId": "2", "displayName": "It's Orders", "tags": odata.Strings("a:b", "c"), "signInAudience": "AzureADMyOrg",
		"identifierUris": odata.Strings("api://x"), "createdDateTime": "2026-11-21T10:00:00Z", "owners": []any{1},
	}
	for filter, want := range map[string]bool{
		"displayName eq 'It''s orders'":                                   true,
		"displayName eq 'Orders'":                                         false,
		"startswith(displayName,'it')":                                    true,
		"startsWith(displayName, 'x') or appId eq '2'":                    true,
		"appId eq '2' and signInAudience eq 'X'":                          false,
		"(appId eq '3' or id eq '1') and tags/any(t:t eq 'c')":            true,
		"tags/any(t:startswith(t,'a:'))":                                  true,
		"tags/any(t:t eq 'b')":                                            false,
		"id in ('7','1')":                                                 true,
		"identifierUris/any(u:u eq 'api://x')":                            true,
		"createdDateTime ge 2026-11-21T10:00:00Z":                         true,
		"createdDateTime le 2026-11-21T09:59:59Z":                         false,
		"not(displayName eq 'x')":                                         true,
		"endswith(displayName,'ORDERS')":                                  true,
		"displayName ne 'x'":                                              true,
		"owners/$count eq 0":                                              false,
		"owners/$count ge 1 and federatedIdentityCredentials/$count eq 0": true,
	} {
		t.Run(filter, func(t *testing.T) {
			t.Parallel()
			f, err := odata.ParseFilter(odata.TypeByName("application"), filter)
			if err != nil {
				t.Fatal(err)
			}
			if got := f.Match(doc); got != want {
				t.Errorf("matches: %t, want %t", got, want)
			}
		})
	}
}

func TestQuery_Refusals(t *testing.T) {
	t.Parallel()
	const unsupported, bad = "Request_UnsupportedQuery", "BadRequest"
	for query, code := range map[string]string{
		"$filter=uniqueName eq 'x'":                                unsupported,
		"$filter=notes eq 'x'":                                     unsupported,
		"$filter=tags eq 'x'":                                      unsupported,
		"$filter=displayName gt 'x'":                               unsupported,
		"$filter=web/homePageUrl eq 'x'":                           unsupported,
		"$filter=api/oauth2PermissionScopes/any(s:s/value eq 'x')": unsupported,
		"$filter=nothing eq 'x'":                                   bad,
		"$filter=displayName eq":                                   bad,
		"$filter=displayName eq 'x":                                bad,
		"$filter=(displayName eq 'x'":                              bad,
		"$filter=displayName eq 'x' displayName eq 'y'":            bad,
		"$filter=displayName ne 'x'":                               unsupported,
		"$filter=endswith(displayName,'x')":                        unsupported,
		"$filter=not(displayName eq 'x')":                          unsupported,
		"$filter=owners/$count eq 0":                               unsupported,
		"$filter=displayName eq 'x'&$orderby=displayName":          unsupported,
		"$search=\"displayName:x\"":                                unsupported,
		"$count=true":                                              unsupported,
		"$count=perhaps":                                           bad,
		"$select=nothing":                                          bad,
		"$expand=nothing":                                          bad,
		"$expand=owners($filter=id eq 'x')":                        unsupported,
		"$orderby=nothing":                                         bad,
		"$top=0":                                                   "Request_BadRequest",
		"$top=1000":                                                "Request_BadRequest",
		"$skip=1":                                                  unsupported,
		"$select=id&$select=appId":                                 bad,
	} {
		t.Run(query, func(t *testing.T) {
			t.Parallel()
			options := url.Values{}
			for part := range strings.SplitSeq(query, "&") {
				name, value, _ := strings.Cut(part, "=")
				options.Add(name, value)
			}
			_, err := odata.ParseQuery(odata.TypeByName("application"), options, false)
			if err == nil || !strings.Contains(err.Error(), " "+code+":") {
				t.Errorf("want %s, got %v", code, err)
			}
		})
	}
}

func TestQuery_AdvancedPassesWithHeaderAndCount(t *testing.T) {
	t.Parallel()
	for _, query := range []string{
		"displayName ne 'x'", "endswith(displayName,'x')", "not(displayName eq 'x')", "owners/$count eq 0",
	} {
		options := url.Values{"$filter": {query}, "$count": {"true"}}
		if _, err := odata.ParseQuery(odata.TypeByName("application"), options, true); err != nil {
			t.Errorf("%s: %v", query, err)
		}
	}
}
