package appregistration

import (
	"fmt"
	"regexp"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
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
	name v1alpha1.RedirectPlatform
	uris []string
}

func (p platform) path(i int) string { return fmt.Sprintf("spec.%s.redirectURIs[%d]", p.name, i) }

// in is its list in an application.
func (p platform) in(settings *entra.ApplicationSettings) *[]string {
	switch p.name {
	case v1alpha1.RedirectSPA:
		return &settings.SPARedirectURIs
	case v1alpha1.RedirectPublicClient:
		return &settings.PublicRedirectURIs
	case v1alpha1.RedirectWeb:
	}
	return &settings.WebRedirectURIs
}

func platforms(spec v1alpha1.AppRegistrationSpec) []platform {
	list := []platform{{name: v1alpha1.RedirectWeb}, {name: v1alpha1.RedirectSPA}, {name: v1alpha1.RedirectPublicClient}}
	for i, p := range []*v1alpha1.Platform{spec.Web, spec.SPA, spec.PublicClient} {
		if p != nil {
			list[i].uris = p.RedirectURIs
		}
	}
	return list
}
