package policy

import (
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// sharedSuffixes are suffixes under which hosts are given out, and which the Public Suffix List lacks.
var sharedSuffixes = []string{
	"azurecontainerapps.io", "azuredatabricks.net", "cloudapp.azure.com", "core.windows.net", "devtunnels.ms", "sharepoint.com",
	"amazonaws.com", "on.aws", "github.dev", "glitch.me", "loca.lt", "nip.io", "railway.app", "sslip.io", "surge.sh",
}

// hasSharedSuffix reports whether anybody can get a host under the same suffix, as the private section of the Public Suffix List and
// sharedSuffixes have them: a host that its owner gave up is somebody else's tomorrow, and with it every code and token that is sent there.
func hasSharedSuffix(host string) bool {
	if suffix, icann := publicsuffix.PublicSuffix(host); !icann && strings.Contains(suffix, ".") {
		return true
	}
	return slices.ContainsFunc(sharedSuffixes, func(suffix string) bool {
		return host == suffix || strings.HasSuffix(host, "."+suffix)
	})
}
