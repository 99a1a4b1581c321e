package appregistration

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"k8s.io/apimachinery/pkg/types"
	"pgregory.net/rapid"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
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
			scope.ID = fmt.Sprintf("00000000-0000-0000-0000-%012x", value)[:36]
		}
		spec.API.Scopes = append(spec.API.Scopes, scope)
	}
	if !personal(audience(spec)) {
		o := &v1alpha1.AppRegistration{}
		roles(values[cut:]...)(o)
		spec.AppRoles = o.Spec.AppRoles
	}
	return spec
}

// anyReferences of a spec, all found.
func anyReferences(t *rapid.T, spec v1alpha1.AppRegistrationSpec) references {
	var found references
	for _, value := range subset(t, "permissions", "a/1", "a/2", "b/1", "b/2", "c/1") {
		api, id, _ := strings.Cut(value, "/")
		kind := rapid.SampledFrom([]v1alpha1.PermissionType{v1alpha1.PermissionDelegated, v1alpha1.PermissionApplication}).Draw(t, "type")
		found.permissions = append(found.permissions, permission{
			kind: kind, value: value, id: id, api: reference.API{AppID: api, Managed: &types.NamespacedName{Namespace: "shop", Name: api}, Own: true},
		})
	}
	var values []string
	for _, scope := range spec.API.Scopes {
		values = append(values, scope.Value)
	}
	for _, appID := range subset(t, "clients", "web", "worker") {
		found.trusted = append(found.trusted, consumer{appID: appID, scopes: values})
	}
	for _, appID := range subset(t, "known clients", "web", "worker") {
		found.known = append(found.known, consumer{appID: appID})
	}
	for i := range found.trusted {
		found.trusted[i].index = i
		spec.API.PreAuthorizedClients = append(spec.API.PreAuthorizedClients, v1alpha1.PreAuthorizedClient{Scopes: values})
	}
	for i := range found.known {
		found.known[i].index = i
		spec.API.KnownClients = append(spec.API.KnownClients, v1alpha1.ClientReference{})
	}
	return found
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

// idle tells which fields of a patch would change nothing.
func idle(patch entra.ApplicationPatch, have entra.ApplicationSettings) []string {
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

func TestFromAnyApplicationToAnySpecByMinimalPatchesAndThenNothing(t *testing.T) {
	t.Parallel()
	k := kind()
	rules := allowing(
		v1alpha1.PolicyRule{Field: &v1alpha1.FieldRule{Path: "spec.signInAudience", Values: []string{policy.Any}}},
		v1alpha1.PolicyRule{Field: &v1alpha1.FieldRule{Path: "spec.lock.allProperties", Values: []string{policy.Any}}},
		v1alpha1.PolicyRule{Field: &v1alpha1.FieldRule{Path: "spec.fallbackPublicClient", Values: []string{policy.Any}}},
		v1alpha1.PolicyRule{IdentifierURI: &v1alpha1.IdentifierURIRule{Prefixes: []string{"api://{appID}", "https://example.com/"}}},
	)
	rapid.Check(t, func(t *rapid.T) {
		before, after := object(bound), object(bound)
		before.Spec, after.Spec = anySpec(t), anySpec(t)
		world := with(settledWith(before, anyReferences(t, before.Spec)), rules)
		world.references = anyReferences(t, after.Spec)
		d := newDirectory()
		d.apps[objectID], d.principals[appID] = world.application.Value, world.principal.Value
		for range 12 {
			p := k.Decide(after, world, now)
			if p.Refusal != nil {
				t.Fatalf("refused: %+v", *p.Refusal)
			}
			for _, step := range p.Steps {
				if update, is := step.(updateApplication); is {
					if names := idle(update.patch, world.application.Value.ApplicationSettings); len(names) > 0 {
						t.Fatalf("%s carries what does not differ: %v", step, names)
					}
					if err := sound(update.patch, world.application.Value.ApplicationSettings); err != nil {
						t.Fatalf("%s: %v", step, err)
					}
				}
				if err := step.Do(t.Context(), engine.Hands{Tenants: d}, &world); err != nil {
					t.Fatal(err)
				}
			}
			if len(p.Steps) == 0 && p.Again == 0 {
				agrees(t, after, world)
				return
			}
			world.application, world.holders = entra.Present(d.apps[objectID]), entra.Present[[]entra.Assignment](nil)
		}
		t.Fatalf("does not settle: %v", lines(k.Decide(after, world, now)))
	})
}

// agrees compares the application with the spec, list by list, as sets.
func agrees(t *rapid.T, obj *v1alpha1.AppRegistration, world World) {
	have, d := world.application.Value.ApplicationSettings, want(obj.Spec, identify(obj, world.Basis), world.references)
	expected := d.created()
	expected.IdentifierURIs, expected.PreAuthorized = d.identifierURIsOf(appID), d.preAuthorized(have)
	if diff := cmp.Diff(plain(expected), plain(have), cmpopts.EquateEmpty()); diff != "" {
		t.Fatal("application at rest, want - got +\n" + diff)
	}
	if world.principal.Value.AssignmentRequired != d.assignmentRequired {
		t.Fatal("assignmentRequired differs")
	}
}

// plain makes settings that mean the same equal.
func plain(s entra.ApplicationSettings) entra.ApplicationSettings {
	for _, list := range []*[]string{&s.IdentifierURIs, &s.Tags, &s.WebRedirectURIs, &s.SPARedirectURIs} {
		*list = slices.Clone(*list)
		for i, text := range *list {
			(*list)[i] = redirectSpelling(text)
		}
		slices.Sort(*list)
		if len(*list) == 0 {
			*list = nil
		}
	}
	var scopes []entra.Scope
	for _, scope := range s.Scopes {
		scope.ID = ""
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
		s.PreAuthorized[i].Scopes = sorted(client.Scopes)
	}
	slices.SortFunc(s.PreAuthorized, func(a, b entra.PreAuthorized) int { return strings.Compare(a.AppID, b.AppID) })
	s.KnownClients = sorted(s.KnownClients)
	return s
}

func sorted(list []string) []string { return slices.Sorted(slices.Values(list)) }
