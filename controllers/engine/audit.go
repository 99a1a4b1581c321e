package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// Privileged is a step that changes what somebody may do in Entra. It leaves a line in the audit log.
type Privileged interface {
	// Change is what it changes.
	Change() Change
}

// Change of what somebody may do, as the audit log tells it. It holds no secret.
type Change struct {
	// Action is grant or revoke.
	Action string
	// Principal, API and Permission are IDs and names as a reader of Entra's own audit log finds them.
	Principal, API, Permission string
	// Justification is the spec's own.
	Justification string
}

// audit writes one line about a privileged change that was made, or that may have been made: its answer was lost. What Entra
// refused, and what was there already, is no change.
func (r *run[T, W]) audit(ctx context.Context, change Change, requestID string, err error) {
	result := "done"
	switch {
	case errors.Is(err, entra.ErrUnreachable):
		result = "unknown: the answer was lost"
	case err != nil:
		return
	case change.Justification != "":
		r.justification = change.Justification
	}
	log.FromContext(ctx).WithName("audit").Info("privileged change",
		"result", result, "action", change.Action, "principal", change.Principal, "api", change.API, "permission", change.Permission,
		"justification", change.Justification, "changedBy", r.authors(ctx), "requestID", requestID,
		"tenant", r.world.Tenancy().TenantID, "kind", r.metric(), "object", client.ObjectKeyFromObject(r.obj).String(),
		"generation", r.obj.GetGeneration(), "uid", string(r.obj.GetUID()))
}

// authors are those who last wrote the spec, as far as managed fields tell, the latest first. The cache does not keep them, so the
// API server is asked: privileged changes are rare.
func (r *run[T, W]) authors(ctx context.Context) []string {
	object := &metav1.PartialObjectMetadata{}
	kind, err := apiutil.GVKForObject(r.obj, r.clients.Kube.Scheme())
	if err == nil {
		object.SetGroupVersionKind(kind)
		err = r.clients.Live.Get(ctx, client.ObjectKeyFromObject(r.obj), object)
	}
	if err != nil {
		return []string{"unknown: " + err.Error()}
	}
	entries := slices.DeleteFunc(object.ManagedFields, func(entry metav1.ManagedFieldsEntry) bool {
		return entry.FieldsV1 == nil || !strings.Contains(entry.FieldsV1.GetRawString(), `"f:spec"`)
	})
	slices.SortFunc(entries, func(a, b metav1.ManagedFieldsEntry) int { return strings.Compare(timeOf(b), timeOf(a)) })
	authors := make([]string, len(entries))
	for i, entry := range entries {
		authors[i] = fmt.Sprintf("%s (%s %s)", entry.Manager, entry.Operation, timeOf(entry))
	}
	return authors
}

func timeOf(entry metav1.ManagedFieldsEntry) string {
	if entry.Time == nil {
		return ""
	}
	return entry.Time.UTC().Format("2006-01-02T15:04:05Z")
}
