// Package tenantreport is a toy kind: it binds to a tenant, and tells what the tenant is called.
package tenantreport

import (
	"context"
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// +kubebuilder:rbac:groups=entra-registrar.dev,resources=tenantreports,verbs=get;list;watch;patch
// +kubebuilder:rbac:groups=entra-registrar.dev,resources=tenantreports/status,verbs=patch

// Kind is TenantReport on the engine's path.
type Kind struct{ Binder binding.Binder }

// World is what a report rests on.
type World struct {
	binding.Binding
	organization entra.Organization
}

// Read asks the tenant what it is called.
func (k *Kind) Read(ctx context.Context, obj *v1alpha1.TenantReport) (World, error) {
	asked := ""
	if obj.Spec.TenantRef != nil {
		asked = obj.Spec.TenantRef.Name
	}
	tenant, err := k.Binder.TenantName(ctx, obj.Status.TenantBinding, asked)
	if err != nil {
		return World{}, err
	}
	bound, reader, err := k.Binder.Bind(ctx, obj, tenant, obj.Status.TenantName != "")
	if err != nil || reader == nil {
		return World{Binding: bound}, err
	}
	organization, err := reader.Organization(ctx)
	return World{Binding: bound, organization: organization}, err
}

// Decide makes nothing in Entra.
func (k *Kind) Decide(obj *v1alpha1.TenantReport, world World, _ time.Time) engine.Decision[*v1alpha1.TenantReport, World] {
	next := obj.DeepCopy()
	if world.Tenant.Name != "" && obj.DeletionTimestamp.IsZero() {
		next.Status.TenantBinding = v1alpha1.TenantBinding{TenantName: world.Tenant.Name, TenantID: world.Tenant.ID}
		next.Status.DisplayName = world.organization.DisplayName
	}
	return engine.Decision[*v1alpha1.TenantReport, World]{Object: next}
}

// Watches are those of every kind that binds to a tenant.
func (k *Kind) Watches(*engine.OwnWrites) []engine.Watch {
	return binding.Watches(k.Binder.Cache, &v1alpha1.TenantReportList{}, func(*v1alpha1.TenantReport, string) bool { return true })
}
