package application

import (
	"cmp"
	"slices"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

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
