package e2e

import (
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/emulator"
)

func TestWhereCredentialsGoCannotBeChanged(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.ready(s.tenantObject())
	for what, change := range map[string]func(*v1alpha1.EntraTenantSpec){
		"the cloud":     func(spec *v1alpha1.EntraTenantSpec) { spec.Cloud, spec.Endpoints = v1alpha1.CloudPublic, nil },
		"no cloud":      func(spec *v1alpha1.EntraTenantSpec) { spec.Cloud, spec.Endpoints = "", nil },
		"the directory": func(spec *v1alpha1.EntraTenantSpec) { spec.TenantID = otherApp },
		"the authority": func(spec *v1alpha1.EntraTenantSpec) { spec.Endpoints.Authority = "https://" + thief },
		"Graph":         func(spec *v1alpha1.EntraTenantSpec) { spec.Endpoints.Graph = "https://" + thief },
		"the cluster":   func(spec *v1alpha1.EntraTenantSpec) { spec.ClusterID = "c2" },
	} {
		tenant := s.tenantObject()
		s.get(tenant)
		change(&tenant.Spec)
		if err := s.admin.Update(t.Context(), tenant); !apierrors.IsInvalid(err) || !strings.Contains(err.Error(), "immutable") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// lab is a second directory, with an EntraTenant that is not the default.
func (s *stage) lab() (*emulator.Emulator, *v1alpha1.EntraTenant) {
	s.t.Helper()
	lab, err := emulator.Start(emulator.Options{
		Clock: s.clock, Seed: 2, TenantID: "c0a1e5ce-0000-4000-9000-00000000001a",
		Client: emulator.Client{ID: operatorClientID, Secret: operatorSecret, Roles: operatorRoles},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = lab.Close() })
	tenant := s.entraTenant()
	tenant.Name, tenant.Spec.Default, tenant.Spec.TenantID = s.tenant+"-lab", false, lab.TenantID()
	tenant.Spec.Endpoints = &v1alpha1.CustomEndpoints{Authority: lab.URL(), Graph: lab.URL(), CABundle: string(lab.CA())}
	s.stopManager()
	s.settings.CustomEndpointHosts = append(s.settings.CustomEndpointHosts, strings.TrimPrefix(lab.URL(), "https://"))
	s.create(tenant)
	s.startManager()
	s.ready(tenant)
	return lab, tenant
}

func TestADefaultThatMovesTakesNothingWithIt(t *testing.T) {
	t.Parallel()
	s, mallory := besieged(t)
	before := s.app("before")
	mallory.create(before)
	mallory.ready(before)
	made := s.identities("before")
	lab, labTenant := s.lab()

	edit(s, labTenant, func(tenant *v1alpha1.EntraTenant) { tenant.Spec.Default = true })
	between := s.app("between")
	mallory.create(between)
	message := mallory.has(between, v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonWaiting)
	mallory.says(message, "exactly one EntraTenant with default: true")

	edit(s, s.tenantObject(), func(tenant *v1alpha1.EntraTenant) { tenant.Spec.Default = false })
	mallory.ready(between)
	if between.Status.TenantName != labTenant.Name || between.Status.TenantID != lab.TenantID() {
		t.Errorf("what came later is in %s", between.Status.TenantName)
	}
	edit(mallory, before, func(a *v1alpha1.AppRegistration) { a.Spec.DisplayName = "still here" })
	mallory.ready(before)
	if after := s.identities("before"); after != made {
		t.Errorf("%+v became %+v", made, after)
	}
	if before.Status.TenantName != s.tenant || s.sees(made.objectID).Properties["displayName"] != "still here" {
		t.Errorf("it is in %s, called %v", before.Status.TenantName, s.sees(made.objectID).Properties["displayName"])
	}
	for _, entry := range lab.Directory().Snapshot().Live {
		if entry.Properties["uniqueName"] == s.uniqueName("before") {
			t.Error("it was made in the other directory too")
		}
	}
}

func TestANamespaceThatATenantIsNotForLearnsNothing(t *testing.T) {
	t.Parallel()
	s, mallory := besieged(t)
	edit(s, s.tenantObject(), func(tenant *v1alpha1.EntraTenant) {
		tenant.Spec.Namespaces = &v1alpha1.NamespaceSelection{Names: []string{"payments"}}
	})
	s.clock.quiet(t)
	untouched := s.untouched()
	said := map[string]string{}
	for name, tenant := range map[string]string{"there": s.tenant, "nowhere": "no-such-tenant"} {
		app := s.app(name, func(spec *v1alpha1.AppRegistrationSpec) { spec.TenantRef = &v1alpha1.TenantReference{Name: tenant} })
		mallory.create(app)
		message := mallory.has(app, v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonWaiting)
		said[name] = strings.ReplaceAll(message, tenant, "TENANT")
	}
	if said["there"] != said["nowhere"] {
		t.Errorf("the messages tell a tenant that is there from one that is not:\n%s\n%s", said["there"], said["nowhere"])
	}
	untouched()
}
