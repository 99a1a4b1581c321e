package appregistration

import (
	"fmt"
	"regexp"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// hostOnly is a redirect URI without a path. Entra matches it with and without the slash.
var hostOnly = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://[^/?]+$`)

// redirectSpelling makes https://h and https://h/ the same.
func redirectSpelling(uri string) string {
	if hostOnly.MatchString(uri) {
		return uri + "/"
	}
	return uri
}

func redirects(platform *v1alpha1.Platform) []string {
	if platform == nil {
		return nil
	}
	return distinct(platform.RedirectURIs, redirectSpelling)
}

// platform of redirect URIs as the spec has them.
type platform struct {
	name policy.Platform
	uris []string
}

func (p platform) path(i int) string { return fmt.Sprintf("spec.%s.redirectURIs[%d]", p.name, i) }

func platforms(spec v1alpha1.AppRegistrationSpec) []platform {
	list := []platform{{name: policy.Web}, {name: policy.SPA}, {name: policy.PublicClient}}
	for i, p := range []*v1alpha1.Platform{spec.Web, spec.SPA, spec.PublicClient} {
		if p != nil {
			list[i].uris = p.RedirectURIs
		}
	}
	return list
}
