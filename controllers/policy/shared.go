package policy

import (
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// sharedSuffixes are those that the Public Suffix List lacks.
var sharedSuffixes = []string{
	"azurecontainerapps.io", "azuredatabricks.net", "cloudapp.azure.com", "core.windows.net", "devtunnels.ms", "sharepoint.com",
	"amazonaws.com", "on.aws", "github.dev", "glitch.me", "loca.lt", "nip.io", "railway.app", "sslip.io", "surge.sh",
}

// shared reports whether anybody can get a host under the same suffix: a host that its owner gave up is somebody else's tomorrow,
// and with it every code and token that is sent there. These are the names under which the Public Suffix List's private
// section and sharedSuffixes say that hosts are given out.
func shared(host string) bool {
	if suffix, icann := publicsuffix.PublicSuffix(host); !icann && strings.Contains(suffix, ".") {
		return true
	}
	return slices.ContainsFunc(sharedSuffixes, func(suffix string) bool {
		return host == suffix || strings.HasSuffix(host, "."+suffix)
	})
}
