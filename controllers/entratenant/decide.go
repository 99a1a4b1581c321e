package entratenant

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// Decide says whether the tenant can be worked with, and asks for the finalizer before the first object may be bound to it.
func (k *Kind) Decide(obj *v1alpha1.EntraTenant, world World, _ time.Time) decision {
	mismatch := tenantMismatch(obj, world)
	identities := k.identities(obj, world)
	var decided decision
	switch {
	case !obj.DeletionTimestamp.IsZero():
		decided = decideDeletion(obj, world)
	case obj.Spec.Abandoned:
		decided.Unsynced = engine.Refuse(v1alpha1.ReasonDisabled, "%s", abandonedMessage(world))
	case mismatch != "":
		decided.Refusal = engine.Refuse(v1alpha1.ReasonInvalid, "%s", mismatch)
	case !controllerutil.ContainsFinalizer(obj, v1alpha1.Finalizer):
		decided.Intent = true
	default:
		decided = k.decideReached(obj, world, identities)
	}
	decided.Object = obj.DeepCopy()
	writeStatus(decided.Object, world, mismatch == "", identities)
	return decided
}

// decideReached about a tenant that answers.
func (k *Kind) decideReached(obj *v1alpha1.EntraTenant, world World, identities []identity) decision {
	if wait, is := errors.AsType[engine.Wait](world.PrivilegedErr); is {
		return decision{Wait: &wait}
	}
	if refused, is := errors.AsType[entra.Refused](world.PrivilegedErr); is {
		return decision{Refusal: engine.Refuse(v1alpha1.Reason(refused.Reason), "%s", world.PrivilegedErr)}
	}
	for _, identity := range identities {
		if len(identity.missing()) > 0 {
			return decision{Refusal: engine.Refuse(v1alpha1.ReasonForbidden, "%s", identity.howToGrant())}
		}
	}
	decided := decision{Remark: k.remark(obj, identities)}
	if len(world.OtherDefaults) > 0 {
		decided.Unsynced = engine.Refuse(v1alpha1.ReasonConflict,
			"also marked default: EntraTenant %s; two defaults are none, and objects without tenantRef wait: unmark all but one",
			strings.Join(world.OtherDefaults, ", "))
	}
	return decided
}

// tenantMismatch says how what answered is not the tenant in spec; empty where it is.
func tenantMismatch(obj *v1alpha1.EntraTenant, world World) string {
	for _, answer := range []struct{ who, id, field string }{
		{"our token is of tenant", world.Self.TenantID, authField},
		{"Graph answers for tenant", world.Organization.ID, authField},
		{"our privileged token is of tenant", world.Privileged.TenantID, privilegedField},
	} {
		if answer.id != "" && !strings.EqualFold(answer.id, string(obj.Spec.TenantID)) {
			return fmt.Sprintf("spec.tenantID is %s, but %s %s: %s signs in to another tenant; correct it, or delete this "+
				"EntraTenant and create one with the right tenantID, which is immutable", obj.Spec.TenantID, answer.who, answer.id, answer.field)
		}
	}
	return ""
}

func abandonedMessage(world World) string {
	text := "spec.abandoned is true: no call is made to the tenant, objects of it are released when they are deleted, and nothing of them " +
		"is cleaned up in Entra"
	if len(world.Objects) > 0 {
		text += "; these name it: " + firstThree(world.Objects)
	}
	return text
}

// firstThree of a list, and how many there are.
func firstThree(objects []string) string {
	shown := strings.Join(objects[:min(len(objects), 3)], ", ")
	if rest := len(objects) - 3; rest > 0 {
		return fmt.Sprintf("%d objects, %s and %d more", len(objects), shown, rest)
	}
	return shown
}

// remark tells what the operator may do in the tenant.
func (k *Kind) remark(obj *v1alpha1.EntraTenant, identities []identity) string {
	var switches []string
	for _, privilege := range k.Privileges {
		switches = append(switches, fmt.Sprintf("%ss are %s", privilege.Kind, privilege.Switch))
	}
	parts := []string{strings.Join(switches, ", ")}
	for _, identity := range identities {
		parts = append(parts, identity.String())
	}
	if obj.Spec.PrivilegedAuth != nil && len(identities) == 1 {
		parts = append(parts, fmt.Sprintf("%s (application %s) is not used here", privilegedField, obj.Spec.PrivilegedAuth.ClientID))
	}
	return engine.JoinMessages(parts...)
}

// decideDeletion waits for the objects: they take back what they made, through this tenant. Nothing of a tenant's own is in Entra.
func decideDeletion(obj *v1alpha1.EntraTenant, world World) decision {
	switch {
	case len(world.Objects) > 0:
		return decision{Wait: &engine.Wait{What: "held by " + firstThree(world.Objects) + "; delete what is left of it first", Watched: true}}
	case !world.Closed:
		return decision{Steps: []engine.Step[World]{closeConnections{string(obj.UID)}}}
	default:
		return decision{}
	}
}

// closeConnections forgets the connections of the tenant with this UID.
type closeConnections struct{ uid string }

func (closeConnections) String() string { return "close the connection" }

func (s closeConnections) Do(_ context.Context, clients engine.Clients, world *World) error {
	for _, privileged := range []bool{false, true} {
		clients.Tenants.Close(entra.TenantKey{UID: s.uid, Privileged: privileged})
	}
	world.Closed = true
	return nil
}
