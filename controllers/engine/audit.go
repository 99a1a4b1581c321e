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

// audit writes one line about a privileged change that was made, or that may have been made: its answer was lost. What Entra
// refused, and what was there already, is no change.
func (v *visit[T, W]) audit(ctx context.Context, change Change, requestID string, err error) {
	result := "done"
	switch {
	case errors.Is(err, entra.ErrUnreachable):
		result = "unknown: the answer was lost"
	case err != nil:
		return
	case change.Justification != "":
		v.justification = change.Justification
	}
	log.FromContext(ctx).WithName("audit").Info("privileged change",
		"result", result, "action", change.Action, "principal", change.Principal, "api", change.API, "permission", change.Permission,
		"justification", change.Justification, "changedBy", v.authors(ctx), "requestID", requestID,
		"tenant", v.world.basis().Tenant.ID, "kind", v.Name, "object", client.ObjectKeyFromObject(v.obj).String(),
		"generation", v.obj.GetGeneration(), "uid", string(v.obj.GetUID()))
}

// authors are those who last wrote the spec, as far as managed fields tell, the latest first. The cache does not keep them, so the
// API server is asked: privileged changes are rare.
func (v *visit[T, W]) authors(ctx context.Context) []string {
	kind, err := apiutil.GVKForObject(v.obj, v.Hands.Kube.Scheme())
	if err != nil {
		return []string{"unknown: " + err.Error()}
	}
	object := &metav1.PartialObjectMetadata{}
	object.SetGroupVersionKind(kind)
	if err := v.Live.Get(ctx, client.ObjectKeyFromObject(v.obj), object); err != nil {
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
