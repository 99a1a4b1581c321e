package appregistration

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

func TestReview_GateJudgesAdditions(t *testing.T) {
	t.Parallel()
	wild := object(bound, redirectsTo("https://*.example.com", "https://x.azurewebsites.net/cb"))
	type outcome struct {
		Reason string
		Has    []string
	}
	for _, c := range []struct {
		name  string
		obj   *v1alpha1.AppRegistration
		world World
		want  outcome
	}{
		{"every fault of a new application is told at once", object(redirectsTo("https://*.example.com"), func(o *v1alpha1.AppRegistration) {
			o.Spec.SignInAudience, o.Spec.DeletionPolicy = v1alpha1.AudienceMultipleOrgs, v1alpha1.DeletionPurge
			o.Spec.API.Scopes[0].Type = v1alpha1.ScopeUser
			o.Spec.IdentifierURIs = []string{"https://example.com/orders"}
		}), unknown(), outcome{"Denied", []string{
			"spec.signInAudience", "spec.deletionPolicy", "spec.api.scopes[0].type", "spec.web.redirectURIs[0]", "spec.identifierURIs[0]",
		}}},
		{"a new application without the lock", object(func(o *v1alpha1.AppRegistration) {
			o.Spec.Lock = &v1alpha1.Lock{Enabled: new(false)}
		}), unknown(), outcome{"Denied", []string{"spec.lock.enabled"}}},
		{"a new application with half a lock", object(func(o *v1alpha1.AppRegistration) {
			o.Spec.Lock = &v1alpha1.Lock{AllProperties: new(false), CredentialsWithUsageSign: true}
		}), unknown(), outcome{"Denied", []string{"spec.lock.allProperties"}}},
		{"new redirect URIs with a wildcard or on a shared host are denied", wild, settled(object()), outcome{"Denied", []string{
			"spec.web.redirectURIs[0]", "spec.web.redirectURIs[1]",
		}}},
		{"what Entra has already is not judged again", wild, settled(wild), outcome{}},
		{"a purge is denied while the object lives", object(bound, func(o *v1alpha1.AppRegistration) {
			o.Spec.DeletionPolicy = v1alpha1.DeletionPurge
		}), settled(object()), outcome{"Denied", []string{"spec.deletionPolicy"}}},
		{"the operator's own application is never a target", object(bound), recorded(func(w *World) { w.application.Value.AppID = operatorApp }),
			outcome{"Denied", []string{operatorApp}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got outcome
			if refusal := decide(t, c.obj, c.world).Refusal; refusal != nil {
				got.Reason = string(refusal.Reason)
				for _, part := range c.want.Has {
					if strings.Contains(refusal.Message, part) {
						got.Has = append(got.Has, part)
					}
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error("refusal, want - got +\n" + diff)
			}
		})
	}
}
