package entratenant

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
)

type plan = engine.Plan[World]

// Decide says whether the tenant can be worked with, and holds it before the first object may be bound to it.
func (k *Kind) Decide(obj *v1alpha1.EntraTenant, world World, _ time.Time) plan {
	switch stray := strayed(obj, world); {
	case !obj.DeletionTimestamp.IsZero():
		return farewell(world)
	case obj.Spec.Abandoned:
		return plan{Unsynced: &engine.Refusal{Reason: v1alpha1.ReasonDisabled, Message: abandoned(world)}}
	case stray != "":
		return engine.Refuse[World](v1alpha1.ReasonInvalid, stray)
	case !controllerutil.ContainsFinalizer(obj, v1alpha1.Finalizer):
		return engine.Do[World](hold{clusterID(obj, world)})
	}
	if world.Trouble != nil {
		return trouble(world.Trouble)
	}
	for _, identity := range k.identities(obj, world) {
		if len(identity.missing()) > 0 {
			return engine.Refuse[World](v1alpha1.ReasonForbidden, identity.howToGrant())
		}
	}
	return plan{Unsynced: rivalry(world), Remark: k.remark(obj, world)}
}

// rivalry tells of other tenants that are marked default.
func rivalry(world World) *engine.Refusal {
	if len(world.Rivals) == 0 {
		return nil
	}
	return &engine.Refusal{Reason: v1alpha1.ReasonConflict, Message: fmt.Sprintf(
		"also marked default: EntraTenant %s; two defaults are none, and objects without tenantRef wait: unmark all but one",
		strings.Join(world.Rivals, ", "))}
}

// strayed says how what answered is not the tenant in spec; empty where it is.
func strayed(obj *v1alpha1.EntraTenant, world World) string {
	for _, answer := range []struct{ who, id, field string }{
		{"our token is of tenant", world.Self.TenantID, authField},
		{"Graph answers for tenant", world.Organization.ID, authField},
		{"our privileged token is of tenant", world.Privileged.TenantID, privilegedField},
	} {
		if answer.id != "" && !strings.EqualFold(answer.id, obj.Spec.TenantID) {
			return fmt.Sprintf("spec.tenantID is %s, but %s %s: %s signs in to another tenant; correct it, or delete this "+
				"EntraTenant and create one with the right tenantID, which is immutable", obj.Spec.TenantID, answer.who, answer.id, answer.field)
		}
	}
	return ""
}

// farewell waits for the objects: they take back what they made, through this tenant. Nothing of a tenant's own is in Entra.
func farewell(world World) plan {
	switch {
	case len(world.Objects) > 0:
		return engine.WaitFor[World](engine.Wait{What: "held by " + some(world.Objects) + "; delete what is left of it first", Watched: true})
	case !world.Closed:
		return engine.Do[World](closing{})
	default:
		return plan{}
	}
}

func abandoned(world World) string {
	text := "spec.abandoned is true: no call is made to the tenant, objects of it are released when they are deleted, and nothing of them " +
		"is cleaned up in Entra"
	if len(world.Objects) > 0 {
		text += "; these name it: " + some(world.Objects)
	}
	return text
}

// some are the first three of a list, and how many there are.
func some(objects []string) string {
	shown := strings.Join(objects[:min(len(objects), 3)], ", ")
	if rest := len(objects) - 3; rest > 0 {
		return fmt.Sprintf("%d objects, %s and %d more", len(objects), shown, rest)
	}
	return shown
}

func sorted(values []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(values)))
}
