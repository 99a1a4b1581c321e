// Package permission is what AppRoleAssignment and DelegatedPermissionGrant have in common: both give permissions of an API that carry no
// mark in Entra, and that several objects, and people too, may give. An object takes away only what its own status names, and only where no
// other live object names it.
package permission

import (
	"context"
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// World is what the decisions of both kinds rest on.
type World struct {
	binding.Binding
	// API is what the spec names; in a deletion, and where something is Missing, what status tells. It is only a hint until ObservedAPI
	// confirms it.
	API reference.API
	// Missing is what the spec's references lack, so that nothing new can be given; nil where they lack nothing.
	Missing *engine.Wait
	// Withheld is true where what is missing is the consent of the API's owner, or the API of another namespace itself.
	Withheld bool
	// ObservedAPI is the API's service principal in Entra; nil where it was not asked for: what nobody changes needs no confirmation.
	ObservedAPI *entra.Observed[entra.ServicePrincipal]
	// Claims are what other live objects name.
	Claims []Claim
	// Taken are the IDs of permissions that were taken away a moment ago, Confirmed of those that were seen or given since status names them.
	Taken, Confirmed []string
	// Spared are the IDs of permissions that were not taken away, because another object claimed them at the last moment.
	Spared []string
}

// ReadAPI asks for the API's service principal.
func (w *World) ReadAPI(ctx context.Context, reader entra.Reader) error {
	observed, err := entra.Observe(reader.API(ctx, w.API.ObjectID))
	if err == nil {
		w.ObservedAPI = &observed
	}
	return err
}

// APIEnding is the end where the API was asked for and is not what the spec names; nil where there is none.
func (w World) APIEnding() *Ending {
	switch {
	case w.ObservedAPI == nil:
		return nil
	case w.ObservedAPI.IsAbsent():
		return w.orMissing(Ending{Wait: Gone(w.API.Title)})
	case !w.ObservedAPI.IsPresent():
		return w.orMissing(Ending{Again: engine.Lag})
	}
	return w.Refused(w.APIMismatch())
}

// APIMismatch says why the service principal that Entra shows is not the API's; nil where it is.
func (w World) APIMismatch() *engine.Refusal {
	shown := w.ObservedAPI.Value
	if refusal := w.API.Confirm(shown, w.Tenant); refusal != nil {
		return refusal
	}
	if w.API.AppID != "" && shown.AppID != w.API.AppID {
		return engine.Refuse(v1alpha1.ReasonConflict,
			"service principal %s is of application %s, and not that of %s", shown.ObjectID, shown.AppID, w.API.Title)
	}
	return nil
}

// Refused is the end by a refusal; nil where there is none. What is missing is told first.
func (w World) Refused(refusal *engine.Refusal) *Ending {
	if refusal == nil {
		return nil
	}
	return w.orMissing(Ending{Refusal: refusal})
}

func (w World) orMissing(ending Ending) *Ending {
	if w.Missing != nil {
		return &Ending{Wait: w.Missing}
	}
	return &ending
}

// Gone is the Wait for a service principal that is certainly not in Entra.
func Gone(whose string) *engine.Wait {
	return &engine.Wait{What: fmt.Sprintf("the service principal of %s is gone from Entra; it has to be made again first", whose), Watched: true}
}

// Review is what the gate is asked, without the permissions.
func (w World) Review(kind string, obj client.Object, justification string) policy.Review {
	return policy.Review{
		Kind: kind, Namespace: obj.GetNamespace(), Labels: w.Namespace.Labels, Tenant: w.Tenant.Name,
		Policies: w.Policies, Operator: w.Tenant.Operator, Justification: justification,
	}
}

// Misbound is the end where an object cannot be looked at in this tenant; nil where it can. App is its principal or client.
func (w World) Misbound(bound v1alpha1.TenantBinding, app reference.App, words Words) *Ending {
	refuse := func(reason v1alpha1.Reason, format string, args ...any) *Ending {
		return &Ending{Refusal: engine.Refuse(reason, format, args...)}
	}
	moved := func(who, tenant string) *Ending {
		return refuse(v1alpha1.ReasonConflict, "%s is in EntraTenant %q now, and this object was made in %q: create another %s",
			who, tenant, w.Tenant.Name, words.Kind)
	}
	switch {
	case bound.TenantID != "" && bound.TenantID != w.Tenant.ID:
		return refuse(v1alpha1.ReasonConflict,
			"EntraTenant %q is tenant %s now, and this object was made in tenant %s", bound.TenantName, w.Tenant.ID, bound.TenantID)
	case app.TenantName != "" && w.API.TenantName != "" && app.TenantName != w.API.TenantName:
		return refuse(v1alpha1.ReasonInvalid, words.TwoTenants, app.Name, app.TenantName, w.API.Title, w.API.TenantName)
	case app.TenantName != "" && app.TenantName != w.Tenant.Name:
		return moved(fmt.Sprintf("AppRegistration %q", app.Name), app.TenantName)
	case w.API.TenantName != "" && w.API.TenantName != w.Tenant.Name:
		return moved(w.API.Title, w.API.TenantName)
	}
	return nil
}

// Expired reports whether notAfter has passed.
func Expired(notAfter *metav1.Time, now time.Time) bool {
	return notAfter != nil && !now.Before(notAfter.Time)
}

// Lifetime is how long something will be given; zero for ever.
func Lifetime(notAfter *metav1.Time, now time.Time) time.Duration {
	if notAfter == nil {
		return 0
	}
	return notAfter.Sub(now)
}

// Revisit is after how long notAfter passes; zero where it does not, or has.
func Revisit(notAfter *metav1.Time, now time.Time) time.Duration {
	if notAfter == nil || Expired(notAfter, now) {
		return 0
	}
	return notAfter.Sub(now)
}
