package entra

import (
	"reflect"
	"slices"
)

// Empty reports whether the patch changes nothing.
func (p ApplicationPatch) Empty() bool { return p == ApplicationPatch{} }

// Apply folds the patch into the settings, as Entra will show them in the end. A scope or role that the patch disables is
// marked unconfirmed: only a read can say that Entra has seen it.
func (p ApplicationPatch) Apply(s *ApplicationSettings) {
	if p.Scopes != nil {
		p.Scopes = new(fold(s.Scopes, *p.Scopes, func(s *Scope) (string, bool, *bool) { return s.ID, s.Enabled, &s.Unconfirmed }))
	}
	if p.AppRoles != nil {
		p.AppRoles = new(fold(s.AppRoles, *p.AppRoles, func(r *AppRole) (string, bool, *bool) { return r.ID, r.Enabled, &r.Unconfirmed }))
	}
	apply(p, s)
}

// Patch makes these settings of nothing, so that what is empty is left out.
func (s ApplicationSettings) Patch() ApplicationPatch { return Between(ApplicationSettings{}, s) }

// Between is the patch that makes one of the settings into the other: it carries what differs, and nothing else. A list that is empty and
// one that is nil are the same.
func Between(have, want ApplicationSettings) ApplicationPatch {
	var patch ApplicationPatch
	before, after := reflect.ValueOf(have), reflect.ValueOf(want)
	for field, pointer := range reflect.ValueOf(&patch).Elem().Fields() {
		from, to := before.FieldByName(field.Name), after.FieldByName(field.Name)
		list := to.Kind() == reflect.Slice
		if list && from.Len() == 0 && to.Len() == 0 || reflect.DeepEqual(from.Interface(), to.Interface()) {
			continue
		}
		pointer.Set(reflect.New(to.Type()))
		if list && to.IsNil() {
			to = reflect.MakeSlice(to.Type(), 0, 0)
		}
		pointer.Elem().Set(to)
	}
	return patch
}

// Names are the properties that the patch changes, as people read them.
func (p ApplicationPatch) Names() []string {
	var names []string
	for field, pointer := range reflect.ValueOf(p).Fields() {
		if !pointer.IsNil() {
			names = append(names, field.Tag.Get("graph"))
		}
	}
	return names
}

// ServicePrincipalPatch carries what differs: nil leaves a property alone.
type ServicePrincipalPatch struct {
	AssignmentRequired *bool
	Tags               *[]string
}

// Empty reports whether the patch changes nothing.
func (p ServicePrincipalPatch) Empty() bool { return p == ServicePrincipalPatch{} }

// Apply folds the patch into the principal.
func (p ServicePrincipalPatch) Apply(s *ServicePrincipal) { apply(p, s) }

// FederatedCredentialPatch carries what differs: nil leaves a property alone.
type FederatedCredentialPatch struct {
	Issuer      *string
	Subject     *string
	Audience    *string
	Description *string
}

// Empty reports whether the patch changes nothing.
func (p FederatedCredentialPatch) Empty() bool { return p == FederatedCredentialPatch{} }

// Retargets reports whether the patch changes whose tokens are trusted, or for whom.
func (p FederatedCredentialPatch) Retargets() bool {
	return p.Issuer != nil || p.Subject != nil || p.Audience != nil
}

// Apply folds the patch into the credential.
func (p FederatedCredentialPatch) Apply(c *FederatedCredential) { apply(p, c) }

// apply sets the fields of object that patch gives. A patch has pointers, under the names of the fields that they change.
func apply(patch, object any) {
	target := reflect.ValueOf(object).Elem()
	for field, pointer := range reflect.ValueOf(patch).Fields() {
		if !pointer.IsNil() {
			target.FieldByName(field.Name).Set(pointer.Elem())
		}
	}
}

// fold lays a written list over what was read before it: what the read shows enabled and the write disables is unconfirmed.
func fold[T any](read, written []T, of func(*T) (id string, enabled bool, unconfirmed *bool)) []T {
	folded := slices.Clone(written)
	for i := range folded {
		id, enabled, unconfirmed := of(&folded[i])
		for j := range read {
			if before, wasEnabled, wasUnconfirmed := of(&read[j]); before == id {
				*unconfirmed = !enabled && (wasEnabled || *wasUnconfirmed)
			}
		}
	}
	return folded
}
