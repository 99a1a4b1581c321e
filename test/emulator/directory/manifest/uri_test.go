package manifest_test

import (
	"strings"
	"testing"
)

func TestCheck_IdentifierURIs(t *testing.T) {
	t.Parallel()
	const policy, verified, invalid = "Failed to add identifier URI", "must use a verified domain", "'identifierUris'"
	for uri, want := range map[string]struct{ version1, version2 string }{
		"api://" + appID:                           {},
		"api://" + tenantID + "/orders":            {},
		"api://orders/" + appID:                    {},
		"api://x.contoso.onmicrosoft.com/orders":   {},
		"https://contoso.com/orders":               {},
		"https://api.contoso.com":                  {},
		"api://orders":                             {policy, ""},
		"api://" + appID + "/orders":               {policy, ""},
		"urn:example:orders":                       {policy, ""},
		"ms-appx://orders":                         {policy, ""},
		"https://contoso.com":                      {policy, ""},
		"http://contoso.com/orders":                {policy, ""},
		"api://" + otherID:                         {invalid, invalid},
		"api://" + otherID + "/orders":             {invalid, invalid},
		"https://example.com/orders":               {verified, verified},
		"https://notcontoso.com/orders":            {verified, verified},
		"api://" + appID + "/":                     {invalid, invalid},
		"ftp://contoso.com/orders":                 {invalid, invalid},
		"orders":                                   {invalid, invalid},
		"api://orders/" + strings.Repeat("x", 255): {invalid, invalid},
		"api://" + appID + "\",\"api://" + appID:   {invalid, invalid},
	} {
		t.Run(uri, func(t *testing.T) {
			t.Parallel()
			list := `"identifierUris":["` + uri + `"]`
			checkError(t, check(t, `{}`, `{`+list+`}`), want.version1)
			checkError(t, check(t, `{}`, `{`+list+`,"api":{"requestedAccessTokenVersion":2}}`), want.version2)
		})
	}
}

func checkError(t *testing.T, err error, want string) {
	t.Helper()
	if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
		t.Errorf("want %q, got %v", want, err)
	}
}

func TestCheck_UnchangedIdentifierURIIsNotCheckedAgain(t *testing.T) {
	t.Parallel()
	state := `{"identifierUris":["api://orders"]}`
	checkError(t, check(t, state, state), "")
	version2 := `{"identifierUris":["api://orders"],"api":{"requestedAccessTokenVersion":2}}`
	checkError(t, check(t, version2, state), "requestedAccessTokenVersion")
}

func TestCheck_PersonalAccountsNarrowIdentifierURIs(t *testing.T) {
	t.Parallel()
	for _, uri := range []string{"urn:example:orders", "api://orders?x=y", "api://orders/" + strings.Repeat("x", 120)} {
		checkError(t, check(t, `{}`, `{`+personal+`,"api":{"requestedAccessTokenVersion":2},"identifierUris":["`+uri+`"]}`), "identifierUris")
	}
}

func TestCheck_RedirectURIs(t *testing.T) {
	t.Parallel()
	const all = "web spa publicClient"
	for uri, platforms := range map[string]string{
		"https://contoso.com":           all,
		"https://contoso.com/a?b=c":     all,
		"https://*.contoso.com/cb":      all,
		"http://localhost":              all,
		"http://localhost:8080/cb":      all,
		"http://127.0.0.1/cb":           all,
		"urn:ietf:wg:oauth:2.0:oob":     "web publicClient",
		"ms-appx-web://microsoft.aad/x": "web publicClient",
		"brk-multihub://contoso.com":    all,
		"msauth.com.contoso.app://auth": "publicClient",
		"com.contoso.app:/cb":           "publicClient",
		"http://contoso.com":            "",
		"http://[::1]/cb":               "",
		"https://[::1]/cb":              "",
		"https://contoso.com/a,b":       "",
		"https://contoso.com/#x":        "",
		"https://a.*.contoso.com":       "",
		"https://":                      "",
		"contoso.com":                   "",
		"":                              "",
		"javascript:alert":              "",
		"https://user@contoso.com":      "",
		"https://contoso.com/" + strings.Repeat("x", 256): "",
	} {
		t.Run(uri, func(t *testing.T) {
			t.Parallel()
			for platform := range strings.FieldsSeq(all) {
				want := platform + ".redirectUris"
				if strings.Contains(" "+platforms+" ", " "+platform+" ") {
					want = ""
				}
				checkError(t, check(t, `{}`, `{"`+platform+`":{"redirectUris":["`+uri+`"]}}`), want)
			}
		})
	}
}

func TestCheck_RedirectURIsTogether(t *testing.T) {
	t.Parallel()
	version2 := `"api":{"requestedAccessTokenVersion":2}`
	uris := func(n int) string { return `"web":{"redirectUris":[` + many(n, `"https://contoso.com/%d"`) + `]}` }
	for name, row := range map[string]struct{ after, want string }{
		"256 are enough":                    {`{` + uris(256) + `}`, ""},
		"257 are too many":                  {`{` + uris(257) + `}`, "redirectUris"},
		"personal accounts take 100":        {`{` + personal + `,` + version2 + `,` + uris(100) + `}`, ""},
		"and not 101":                       {`{` + personal + `,` + version2 + `,` + uris(101) + `}`, "redirectUris"},
		"personal accounts take no query":   {`{` + personal + `,` + version2 + `,"web":{"redirectUris":["https://a.com?b"]}}`, "redirectUris"},
		"one on two platforms is too much":  {`{"web":{"redirectUris":["https://a.com"]},"spa":{"redirectUris":["https://a.com"]}}`, "more than once"},
		"a log-out page needs https":        {`{"web":{"logoutUrl":"http://contoso.com"}}`, "web.logoutUrl"},
		"a log-out page may be on this one": {`{"web":{"logoutUrl":"https://localhost/out"}}`, ""},
		"a home page is a web page":         {`{"web":{"homePageUrl":"mailto:a@b"}}`, "web.homePageUrl"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkError(t, check(t, `{}`, row.after), row.want)
		})
	}
}
