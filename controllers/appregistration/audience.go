package appregistration

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

func personal(audience v1alpha1.SignInAudience) bool {
	return audience == v1alpha1.AudienceOrgsAndPersonal || audience == v1alpha1.AudiencePersonalAccountOnly
}

// orderAudience keeps a change of audience apart. Entra checks every property against the audience: a stricter one comes after
// everything that it asks for, a looser one before what only it allows.
func (c *change) orderAudience(have entra.Application) {
	to := c.patch.SignInAudience
	if to == nil {
		return
	}
	rest := c.patch
	rest.SignInAudience = nil
	switch {
	case slices.Index(audiences, *to) < slices.Index(audiences, have.SignInAudience):
		c.patch = entra.ApplicationPatch{SignInAudience: to}
		c.words = []string{"signInAudience"}
	case !rest.Empty() || c.pending || len(c.kept) > 0:
		c.patch = rest
		c.words = slices.DeleteFunc(c.words, func(word string) bool { return word == "signInAudience" })
	}
}
