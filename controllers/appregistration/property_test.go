package appregistration

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

func subset(t *rapid.T, label string, from ...string) []string {
	return rapid.SliceOfNDistinct(rapid.SampledFrom(from), 0, len(from), rapid.ID).Draw(t, label)
}

// anySpec that is valid, without a Secret.
func anySpec(t *rapid.T) v1alpha1.AppRegistrationSpec {
	spec := v1alpha1.AppRegistrationSpec{
		DisplayName:          rapid.SampledFrom([]string{"Orders", "Orders API"}).Draw(t, "displayName"),
		FallbackPublicClient: rapid.Bool().Draw(t, "fallback"),
		Description:          rapid.SampledFrom([]string{"", "takes orders"}).Draw(t, "description"),
		SignInAudience: rapid.SampledFrom([]v1alpha1.SignInAudience{
			"", v1alpha1.AudienceMyOrg, v1alpha1.AudienceMultipleOrgs, v1alpha1.AudienceOrgsAndPersonal,
		}).Draw(t, "audience"),
		IdentifierURIs: subset(t, "identifierURIs", "api://{appID}", "api://{appID}/orders", "https://example.com/orders"),
		Tags:           subset(t, "tags", "team", "prod"),
		API:            &v1alpha1.API{},
		Web:            &v1alpha1.Platform{RedirectURIs: subset(t, "web", "https://a", "https://a/", "https://a/cb")},
		SPA:            &v1alpha1.Platform{RedirectURIs: subset(t, "spa", "https://b", "https://b/cb")},
		Secret:         &v1alpha1.Secret{Enabled: new(false)},
	}
	if rapid.Bool().Draw(t, "unlocked") {
		spec.Lock = &v1alpha1.Lock{AllProperties: new(false), CredentialsWithUsageSign: rapid.Bool().Draw(t, "sign")}
	}
	values := subset(t, "entitlements", "Read", "Write", "Admin", "Audit")
	cut := rapid.IntRange(0, len(values)).Draw(t, "scopes")
	for _, value := range values[:cut] {
		scope := v1alpha1.Scope{Value: value, Enabled: rapid.SampledFrom([]*bool{nil, new(false)}).Draw(t, "enabled")}
		if rapid.Bool().Draw(t, "pinned") {
			scope.ID = v1alpha1.GUID(fmt.Sprintf("00000000-0000-0000-0000-%012x", value)[:36])
		}
		spec.API.Scopes = append(spec.API.Scopes, scope)
	}
	if spec.SignInAudience != v1alpha1.AudienceOrgsAndPersonal {
		o := &v1alpha1.AppRegistration{}
		roles(values[cut:]...)(o)
		spec.AppRoles = o.Spec.AppRoles
	}
	anyReferences(t, &spec)
	return spec
}

// anyReferences adds permissions, and clients that are trusted and known, to a spec that has an API.
func anyReferences(t *rapid.T, spec *v1alpha1.AppRegistrationSpec) {
	for _, api := range []string{"a", "b", "c"} {
		entry := v1alpha1.Permissions{API: v1alpha1.APIReference{AppRegistrationRef: &v1alpha1.AppRegistrationReference{Name: api}}}
		for _, value := range subset(t, "permissions of "+api, "1", "2") {
			if rapid.Bool().Draw(t, "delegated") {
				entry.Delegated = append(entry.Delegated, value)
			} else {
				entry.Application = append(entry.Application, value)
			}
		}
		if len(entry.Delegated)+len(entry.Application) > 0 {
			spec.Permissions = append(spec.Permissions, entry)
		}
	}
	var values []string
	for _, scope := range spec.API.Scopes {
		values = append(values, scope.Value)
	}
	for _, name := range subset(t, "clients", "web", "worker") {
		spec.API.PreAuthorizedClients = append(spec.API.PreAuthorizedClients, v1alpha1.PreAuthorizedClient{Client: clientNamed(name), Scopes: values})
	}
	for _, name := range subset(t, "known clients", "web", "worker") {
		spec.API.KnownClients = append(spec.API.KnownClients, clientNamed(name))
	}
}

// sound holds a patch against what Entra asks of references to scopes.
func sound(patch entra.ApplicationPatch, have entra.ApplicationSettings) error {
	enabled := map[string]bool{}
	for _, scope := range have.Scopes {
		enabled[scope.ID] = scope.Enabled
	}
	after := have
	patch.Apply(&after)
	left := map[string]bool{}
	for _, scope := range after.Scopes {
		left[scope.ID] = scope.Enabled
	}
	for _, client := range after.PreAuthorized {
		for _, id := range client.Scopes {
			if !enabled[id] || !left[id] {
				return fmt.Errorf("client %s is pre-authorized for scope %s, which is not there and enabled before and after", client.AppID, id)
			}
		}
	}
	return nil
}

// unchanged are the fields of a patch that would change nothing.
func unchanged(patch entra.ApplicationPatch, have entra.ApplicationSettings) []string {
	var names []string
	fields := reflect.ValueOf(patch)
	for i := range fields.NumField() {
		if fields.Field(i).IsNil() {
			continue
		}
		only := entra.ApplicationPatch{}
		reflect.ValueOf(&only).Elem().Field(i).Set(fields.Field(i))
		after := have
		only.Apply(&after)
		if reflect.DeepEqual(after, have) {
			names = append(names, fields.Type().Field(i).Name)
		}
	}
	return names
}

func TestSettle_FromAnyApplicationToAnySpec(t *testing.T) {
	t.Parallel()
	rules := allowing(
		v1alpha1.PolicyRule{Field: &v1alpha1.FieldRule{Path: "spec.signInAudience", Values: []string{policy.Any}}},
		v1alpha1.PolicyRule{Field: &v1alpha1.FieldRule{Path: "spec.lock.allProperties", Values: []string{policy.Any}}},
		v1alpha1.PolicyRule{Field: &v1alpha1.FieldRule{Path: "spec.fallbackPublicClient", Values: []string{policy.Any}}},
		v1alpha1.PolicyRule{IdentifierURI: &v1alpha1.IdentifierURIRule{Prefixes: []string{"api://{appID}", "https://example.com/"}}},
	)
	rapid.Check(t, func(r *rapid.T) {
		before, after := object(bound), object(bound)
		before.Spec, after.Spec = anySpec(r), anySpec(r)
		world := with(settled(before), rules, finding(after))
		d := newDirectory()
		d.apps[objectID], d.principals[appID] = world.application.Value, world.principal.Value
		for range 12 {
			decided := decide(t, after, world)
			if decided.Refusal != nil {
				r.Fatalf("refused: %+v", *decided.Refusal)
			}
			for _, step := range slices.Concat(decided.Reads, decided.Steps) {
				checkUpdate(r, step, world)
				if err := step.Do(t.Context(), engine.Clients{Directory: d}, &world); err != nil {
					r.Fatal(err)
				}
			}
			if len(decided.Reads)+len(decided.Steps) == 0 && decided.Again == 0 {
				checkAgreement(r, after, world)
				return
			}
			world.application, world.holders, world.holdersLookedAt = entra.Present(d.apps[objectID]), entra.Present[[]entra.Assignment](nil), true
		}
		r.Fatalf("does not settle: %v", lines(decide(t, after, world)))
	})
}

// checkUpdate fails the test where a patch carries what does not differ, or breaks what Entra asks of it.
func checkUpdate(t *rapid.T, step engine.Step[World], world World) {
	update, is := step.(updateApplication)
	if !is {
		return
	}
	have := world.application.Value.ApplicationSettings
	if names := unchanged(update.patch, have); len(names) > 0 {
		t.Fatalf("%s carries what does not differ: %v", step, names)
	}
	if err := sound(update.patch, have); err != nil {
		t.Fatalf("%s: %v", step, err)
	}
}

// checkAgreement compares the application with the one that is settled for the spec, list by list, as sets.
func checkAgreement(t *rapid.T, obj *v1alpha1.AppRegistration, world World) {
	want := settled(obj)
	have := world.application.Value.ApplicationSettings
	if diff := cmp.Diff(plain(want.application.Value.ApplicationSettings), plain(have), cmpopts.EquateEmpty()); diff != "" {
		t.Fatal("application at rest, want - got +\n" + diff)
	}
	if world.principal.Value.AssignmentRequired != want.principal.Value.AssignmentRequired {
		t.Fatal("assignmentRequired differs")
	}
}

// plain makes settings that mean the same equal.
func plain(s entra.ApplicationSettings) entra.ApplicationSettings {
	for _, list := range []*[]string{&s.IdentifierURIs, &s.Tags, &s.WebRedirectURIs, &s.SPARedirectURIs} {
		*list = slices.Clone(*list)
		for i, text := range *list {
			if strings.Count(text, "/") == 2 { // a host alone means the same with a slash
				(*list)[i] = text + "/"
			}
		}
		slices.Sort(*list)
		if len(*list) == 0 {
			*list = nil
		}
	}
	var scopes []entra.Scope
	values := map[string]string{}
	for _, scope := range s.Scopes {
		values[scope.ID], scope.ID = scope.Value, ""
		scopes = append(scopes, scope)
	}
	slices.SortFunc(scopes, func(a, b entra.Scope) int { return strings.Compare(a.Value, b.Value) })
	roles := append([]entra.AppRole(nil), s.AppRoles...)
	slices.SortFunc(roles, func(a, b entra.AppRole) int { return strings.Compare(a.Value, b.Value) })
	s.Scopes, s.AppRoles, s.PublicRedirectURIs = scopes, roles, nil
	s.RequiredAccess = slices.Clone(s.RequiredAccess)
	for i, access := range s.RequiredAccess {
		s.RequiredAccess[i].Scopes, s.RequiredAccess[i].AppRoles = sorted(access.Scopes), sorted(access.AppRoles)
	}
	slices.SortFunc(s.RequiredAccess, func(a, b entra.RequiredAccess) int { return strings.Compare(a.ResourceAppID, b.ResourceAppID) })
	s.PreAuthorized = slices.Clone(s.PreAuthorized)
	for i, client := range s.PreAuthorized {
		s.PreAuthorized[i].Scopes = nil
		for _, id := range client.Scopes {
			s.PreAuthorized[i].Scopes = append(s.PreAuthorized[i].Scopes, values[id])
		}
		slices.Sort(s.PreAuthorized[i].Scopes)
	}
	slices.SortFunc(s.PreAuthorized, func(a, b entra.PreAuthorized) int { return strings.Compare(a.AppID, b.AppID) })
	s.KnownClients = sorted(s.KnownClients)
	return s
}

func sorted(list []string) []string { return slices.Sorted(slices.Values(list)) }
