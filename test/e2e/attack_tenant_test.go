package e2e

import (
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/emulator"
)

func TestTenant_WhereCredentialsGoIsImmutable(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	e.Status.WaitReady(e.EntraTenant())
	for what, change := range map[string]func(*v1alpha1.EntraTenantSpec){
		"the cloud":     func(spec *v1alpha1.EntraTenantSpec) { spec.Cloud, spec.Endpoints = v1alpha1.CloudPublic, nil },
		"no cloud":      func(spec *v1alpha1.EntraTenantSpec) { spec.Cloud, spec.Endpoints = "", nil },
		"the directory": func(spec *v1alpha1.EntraTenantSpec) { spec.TenantID = otherAppID },
		"the authority": func(spec *v1alpha1.EntraTenantSpec) { spec.Endpoints.Authority = "https://" + foreignHost },
		"Graph":         func(spec *v1alpha1.EntraTenantSpec) { spec.Endpoints.Graph = "https://" + foreignHost },
		"the cluster":   func(spec *v1alpha1.EntraTenantSpec) { spec.ClusterID = "c2" },
	} {
		tenant := e.EntraTenant()
		e.Cluster.Get(tenant)
		change(&tenant.Spec)
		if err := e.Cluster.Client.Update(t.Context(), tenant); !apierrors.IsInvalid(err) || !strings.Contains(err.Error(), "immutable") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// addSecondTenant starts another directory, with an EntraTenant that is not the default.
func addSecondTenant(e *env.Env) (*emulator.Emulator, *v1alpha1.EntraTenant) {
	e.T.Helper()
	lab, err := emulator.Start(emulator.Options{
		Clock: e.Clock, Seed: 2, TenantID: "c0a1e5ce-0000-4000-9000-00000000001a",
		Client: emulator.Client{ID: env.OperatorClientID, Secret: env.OperatorSecret, Roles: env.OperatorPermissions},
	})
	if err != nil {
		e.T.Fatal(err)
	}
	e.T.Cleanup(func() { _ = lab.Close() })
	tenant := e.NewEntraTenant()
	tenant.Name, tenant.Spec.Default, tenant.Spec.TenantID = e.TenantName+"-lab", false, v1alpha1.GUID(lab.TenantID())
	tenant.Spec.Endpoints = &v1alpha1.CustomEndpoints{Authority: lab.URL(), Graph: lab.URL(), CABundle: string(lab.CA())}
	e.Manager.Stop()
	e.Manager.Settings.CustomEndpointHosts = append(e.Manager.Settings.CustomEndpointHosts, strings.TrimPrefix(lab.URL(), "https://"))
	e.Cluster.Create(tenant)
	e.Manager.Start()
	e.Status.WaitReady(tenant)
	return lab, tenant
}

// A default that moves to another directory takes nothing with it.
func TestDefaultTenant_MoveToAnotherDirectoryTakesNothing(t *testing.T) {
	t.Parallel()
	e, mallory := env.NewWithTenantUser(t)
	before := e.AppRegistration("before")
	mallory.Cluster.Create(before)
	mallory.Status.WaitReady(before)
	made := e.IDsOf("before")
	lab, labTenant := addSecondTenant(e)

	env.Edit(e.Cluster, labTenant, func(tenant *v1alpha1.EntraTenant) { tenant.Spec.Default = true })
	between := e.AppRegistration("between")
	mallory.Cluster.Create(between)
	message := mallory.Status.WaitCondition(between, v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonWaiting)
	mallory.Status.CheckMessage(message, "exactly one EntraTenant with default: true")

	env.Edit(e.Cluster, e.EntraTenant(), func(tenant *v1alpha1.EntraTenant) { tenant.Spec.Default = false })
	mallory.Status.WaitReady(between)
	if between.Status.TenantName != labTenant.Name || between.Status.TenantID != lab.TenantID() {
		t.Errorf("what came later is in %s", between.Status.TenantName)
	}
	env.Edit(mallory.Cluster, before, func(a *v1alpha1.AppRegistration) { a.Spec.DisplayName = "still here" })
	mallory.Status.WaitReady(before)
	if after := e.IDsOf("before"); after != made {
		t.Errorf("%+v became %+v", made, after)
	}
	if before.Status.TenantName != e.TenantName || e.Tenant.Entry(made.ObjectID).Properties["displayName"] != "still here" {
		t.Errorf("it is in %s, called %v", before.Status.TenantName, e.Tenant.Entry(made.ObjectID).Properties["displayName"])
	}
	for _, entry := range lab.Directory().Snapshot().Live {
		if entry.Properties["uniqueName"] == e.UniqueName("before") {
			t.Error("it was made in the other directory too")
		}
	}
}

// A namespace that a tenant is not for cannot learn whether it is there.
func TestTenant_HidesFromNamespacesItIsNotFor(t *testing.T) {
	t.Parallel()
	e, mallory := env.NewWithTenantUser(t)
	env.Edit(e.Cluster, e.EntraTenant(), func(tenant *v1alpha1.EntraTenant) {
		tenant.Spec.Namespaces = &v1alpha1.NamespaceSelection{Names: []string{"payments"}}
	})
	e.Quiet()
	checkUnchanged := e.RecordTenant()
	said := map[string]string{}
	for name, tenant := range map[string]string{"there": e.TenantName, "nowhere": "no-such-tenant"} {
		app := e.AppRegistration(name, func(spec *v1alpha1.AppRegistrationSpec) { spec.TenantRef = &v1alpha1.TenantReference{Name: tenant} })
		mallory.Cluster.Create(app)
		message := mallory.Status.WaitCondition(app, v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonWaiting)
		said[name] = strings.ReplaceAll(message, tenant, "TENANT")
	}
	if said["there"] != said["nowhere"] {
		t.Errorf("the messages tell a tenant that is there from one that is not:\n%s\n%s", said["there"], said["nowhere"])
	}
	checkUnchanged()
}
