package application

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
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

func (d desired) redirectEntries(have entra.Application) []Entry {
	var entries []Entry
	for _, p := range platforms(d.spec) {
		known := *p.in(&have.ApplicationSettings)
		for i, uri := range p.uris {
			present := slices.ContainsFunc(known, func(k string) bool { return redirectSpelling(k) == redirectSpelling(uri) })
			entries = append(entries, entry(p.path(i), present, policy.Redirect{Path: p.path(i), Platform: p.name, URI: uri}))
		}
	}
	return entries
}
