package e2e

import (
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

const (
	nobodysID = "5f0a6c2e-0000-4000-8000-00000000dead"
	// quarter is how soon a mended tenant must work where nothing tells us that it was mended.
	quarter = 15*time.Minute + 30*time.Second
)

// breakage is why a tenant cannot be worked with.
type breakage struct {
	set          prop
	breaks, ends func(*stage)
	reason       v1alpha1.Reason
	words        []string
	within       time.Duration // after it ends
}

var breakages = map[string]breakage{
	"nobody answers": {
		breaks: func(s *stage) { s.entra.SetDown(true); s.replaceTenant(nil) },
		ends:   func(s *stage) { s.entra.SetDown(false) },
		reason: v1alpha1.ReasonUnreachable, words: []string{"cannot be reached", "127.0.0.1:", "check that the manager may connect"}, within: 6 * time.Minute,
	},
	"nobody knows its certificate": {
		breaks: func(s *stage) { s.replaceTenant(func(spec *v1alpha1.EntraTenantSpec) { spec.Endpoints.CABundle = "" }) },
		ends: func(s *stage) {
			edit(s, s.tenantObject(), func(o *v1alpha1.EntraTenant) { o.Spec.Endpoints.CABundle = string(s.entra.CA()) })
		},
		reason: v1alpha1.ReasonUnreachable, words: []string{"127.0.0.1:", "certificate signed by unknown authority", "caBundle"}, within: time.Minute,
	},
	"its host is not listed": {
		breaks: func(s *stage) {
			s.replaceTenant(func(spec *v1alpha1.EntraTenantSpec) { spec.Endpoints.Graph = "https://graph.example.com" })
		},
		ends:   func(s *stage) { s.replaceTenant(nil) },
		reason: v1alpha1.ReasonInvalid, words: []string{"graph.example.com", "is not allowed", "--custom-endpoint-hosts=graph.example.com:443"}, within: time.Minute,
	},
	"its ID is another": {
		breaks: func(s *stage) { s.replaceTenant(func(spec *v1alpha1.EntraTenantSpec) { spec.TenantID = nobodysID }) },
		ends:   func(s *stage) { s.replaceTenant(nil) },
		reason: v1alpha1.ReasonInvalid, words: []string{"AADSTS90002", nobodysID, "Check tenantID and cloud"}, within: time.Minute,
	},
	"the client is unknown": {
		breaks: func(s *stage) {
			s.replaceTenant(func(spec *v1alpha1.EntraTenantSpec) { spec.Auth.ClientID = nobodysID })
		},
		ends: func(s *stage) {
			edit(s, s.tenantObject(), func(o *v1alpha1.EntraTenant) { o.Spec.Auth.ClientID = operatorClientID })
		},
		reason: v1alpha1.ReasonInvalid, words: []string{"AADSTS700016", nobodysID, "Check clientID and tenantID"}, within: time.Minute,
	},
	"the client is disabled": {
		breaks: func(s *stage) { s.operatorIs(false); s.replaceTenant(nil) },
		ends:   func(s *stage) { s.operatorIs(true) },
		reason: v1alpha1.ReasonForbidden, words: []string{"AADSTS7000112", operatorClientID, "enable it in Entra"}, within: quarter,
	},
	"the secret is wrong": {
		breaks: func(s *stage) { s.credentialIs("client-secret", "wrong"); s.replaceTenant(nil) },
		ends:   func(s *stage) { s.credentialIs("client-secret", operatorSecret) },
		reason: v1alpha1.ReasonForbidden, words: []string{"AADSTS7000215", operatorClientID, "client secret's value, not its ID"}, within: quarter,
	},
	"the Secret has another key": {
		breaks: func(s *stage) { s.credentialIs("password", operatorSecret); s.replaceTenant(nil) },
		ends:   func(s *stage) { s.credentialIs("client-secret", operatorSecret) },
		reason: v1alpha1.ReasonWaiting, words: []string{operatorNamespace + "/", "-credential", "spec.auth.secretRef", "no key client-secret"}, within: 5 * time.Minute,
	},
	"the Secret is missing": {
		breaks: func(s *stage) { s.delete(s.credential()); s.replaceTenant(nil) },
		ends:   func(s *stage) { s.create(s.credential()) },
		reason: v1alpha1.ReasonWaiting, words: []string{operatorNamespace + "/", "-credential", "spec.auth.secretRef", "does not exist"}, within: 5 * time.Minute,
	},
	"no permission to write":          lacking(operatorRoles[0]),
	"no permission to read":           lacking(operatorRoles[1]),
	"no permission to assign":         lacking(operatorRoles[2]),
	"no permission for anything here": lacking(operatorRoles...),
}

// lacking is a tenant where an admin has not given the operator its permissions yet.
func lacking(permissions ...string) breakage {
	return breakage{
		set: func(_ *stage, o *emulator.Options) {
			o.Client.Roles = nil
			for _, role := range operatorRoles {
				if !strings.Contains(strings.Join(permissions, " ")+" ", role+" ") {
					o.Client.Roles = append(o.Client.Roles, role)
				}
			}
		},
		ends: func(s *stage) {
			for _, permission := range permissions {
				s.consents(permission)
			}
		},
		reason: v1alpha1.ReasonForbidden, within: quarter,
		words: append([]string{operatorClientID, "az ad app permission add", "az ad app permission admin-consent", "API permissions"}, permissions...),
	}
}

func TestATenantThatCannotBeWorkedWithSaysWhyAndHeals(t *testing.T) {
	t.Parallel()
	for name, b := range breakages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if b.set == nil {
				b.set = func(*stage, *emulator.Options) {}
			}
			s := newStage(t, b.set)
			if b.breaks != nil {
				b.breaks(s)
			}
			tenant, objs := s.tenantObject(), ours(s.story())
			message := s.has(tenant, v1alpha1.ConditionSynced, unsynced(b.reason), b.reason)
			s.says(message, b.words...)
			s.create(s.story()...)
			s.clock.pass(t, 2*time.Minute)
			s.clock.quiet(t)
			if s.get(tenant); isReady(tenant) {
				t.Error("the tenant is Ready")
			}
			if s.allReady(objs...) {
				t.Errorf("all objects are Ready: %+v", s.census())
			}

			b.ends(s)
			ended := s.clock.Now()
			if b.within == quarter {
				s.clock.leap(t, quarter/2)
			}
			s.ready(tenant)
			if took := s.clock.Since(ended); took > b.within {
				t.Errorf("the tenant healed after %s", took)
			}
			s.ready(objs...)
			s.holds(storyInEntra)
		})
	}
}

// unsynced is the status of Synced for a reason.
func unsynced(reason v1alpha1.Reason) metav1.ConditionStatus {
	if reason == v1alpha1.ReasonUnreachable {
		return metav1.ConditionUnknown
	}
	return metav1.ConditionFalse
}

// replaceTenant deletes the EntraTenant and makes one anew.
func (s *stage) replaceTenant(change func(*v1alpha1.EntraTenantSpec)) {
	s.t.Helper()
	s.delete(s.tenantObject())
	s.gone(s.tenantObject())
	tenant := s.entraTenant()
	if change != nil {
		change(&tenant.Spec)
	}
	s.create(tenant)
}

// credentialIs what the operator's Secret holds, and nothing else.
func (s *stage) credentialIs(key, value string) {
	s.t.Helper()
	secret := s.credential()
	s.get(secret)
	secret.Data = map[string][]byte{key: []byte(value)}
	if err := s.admin.Update(s.t.Context(), secret); err != nil {
		s.t.Fatal(err)
	}
}

// principalOf an application that was there from the start.
func (s *stage) principalOf(appID string) directory.Entry {
	s.t.Helper()
	for _, entry := range directory.OfKind(directory.ServicePrincipal, s.entra.Directory().Snapshot().Live) {
		if entry.Properties["appId"] == appID {
			return entry
		}
	}
	s.t.Fatalf("%s has no service principal", appID)
	return directory.Entry{}
}

// operatorIs switched on or off by an admin of Entra.
func (s *stage) operatorIs(on bool) {
	s.entra.Directory().Set(s.principalOf(operatorClientID).ID, map[string]any{"accountEnabled": on})
}

// consents is an admin of Entra who gives the operator a permission.
func (s *stage) consents(permission string) {
	s.t.Helper()
	graph := s.principalOf("00000003-0000-0000-c000-000000000000")
	for _, role := range odata.Documents(graph.Properties, "appRoles") {
		if role["value"] == permission {
			s.gives(graph.ID, s.principalOf(operatorClientID).ID, odata.Text(role, "id"))
			return
		}
	}
	s.t.Fatalf("Microsoft Graph has no permission %s", permission)
}
