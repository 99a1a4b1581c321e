package application

import (
	"cmp"
	"slices"

	"k8s.io/utils/ptr"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// fields are the spec's, by Graph's name of the property that each of them sets alone. A new property of this kind needs a line here and
// one in settings.
var fields = []struct{ property, path string }{
	{"displayName", "spec.displayName"},
	{"description", "spec.description"},
	{"signInAudience", "spec.signInAudience"},
	{"requestedAccessTokenVersion", "spec.api.requestedAccessTokenVersion"},
	{"lock", "spec.lock"},
	{"isFallbackPublicClient", "spec.fallbackPublicClient"},
}

// settings are those properties with every default filled in.
func settings(spec v1alpha1.AppRegistrationSpec) entra.ApplicationSettings {
	return entra.ApplicationSettings{
		DisplayName: spec.DisplayName, Description: spec.Description, SignInAudience: string(audience(spec)),
		AccessTokenVersion: tokenVersion(spec), Lock: lock(spec.Lock), FallbackPublicClient: spec.FallbackPublicClient,
	}
}

// normalise makes settings that do the same as those that Entra has the same, so that they do not differ.
func normalise(wanted, have entra.ApplicationSettings) entra.ApplicationSettings {
	if wanted.AccessTokenVersion == max(have.AccessTokenVersion, 1) {
		wanted.AccessTokenVersion = have.AccessTokenVersion
	}
	if sameLock(wanted.Lock, have.Lock) {
		wanted.Lock = have.Lock
	}
	return wanted
}

func tokenVersion(spec v1alpha1.AppRegistrationSpec) int32 {
	return ptr.Deref(ptr.Deref(spec.API, v1alpha1.API{}).RequestedAccessTokenVersion, 2)
}

// lock is on for all properties where the spec says nothing else.
func lock(spec *v1alpha1.Lock) entra.Lock {
	spec = cmp.Or(spec, &v1alpha1.Lock{})
	if !ptr.Deref(spec.Enabled, true) {
		return entra.Lock{}
	}
	all := ptr.Deref(spec.AllProperties, true)
	return entra.Lock{
		Enabled: true, AllProperties: all,
		CredentialsWithUsageSign:   all || spec.CredentialsWithUsageSign,
		CredentialsWithUsageVerify: all || spec.CredentialsWithUsageVerify,
		TokenEncryptionKeyID:       all || spec.TokenEncryptionKeyID,
	}
}

// sameLock compares what the locks do: single properties mean nothing where the lock is off, or on for all of them.
func sameLock(a, b entra.Lock) bool {
	switch {
	case a.Enabled != b.Enabled:
		return false
	case !a.Enabled, a.AllProperties && b.AllProperties:
		return true
	default:
		return a == b
	}
}

func audience(spec v1alpha1.AppRegistrationSpec) v1alpha1.SignInAudience {
	return cmp.Or(spec.SignInAudience, v1alpha1.AudienceMyOrg)
}

// audiences by what Entra asks of an application's other properties, least first.
var audiences = []string{
	string(v1alpha1.AudienceMyOrg), string(v1alpha1.AudienceMultipleOrgs),
	string(v1alpha1.AudienceOrgsAndPersonal), string(v1alpha1.AudiencePersonalAccountOnly),
}

// personal reports whether personal Microsoft accounts can sign in.
func personal(spec v1alpha1.AppRegistrationSpec) bool {
	return slices.Index(audiences, string(audience(spec))) >= slices.Index(audiences, string(v1alpha1.AudienceOrgsAndPersonal))
}

// inAudienceOrder keeps a change of audience apart. Entra checks every property against the audience: a stricter one comes after
// everything that it asks for, a looser one before what only it allows. Unfinished says that more is to come.
func inAudienceOrder(patch entra.ApplicationPatch, have entra.Application, unfinished bool) entra.ApplicationPatch {
	to := patch.SignInAudience
	if to == nil {
		return patch
	}
	rest := patch
	rest.SignInAudience = nil
	switch {
	case slices.Index(audiences, *to) < slices.Index(audiences, have.SignInAudience):
		return entra.ApplicationPatch{SignInAudience: to}
	case !rest.Empty() || unfinished:
		return rest
	default:
		return patch
	}
}
