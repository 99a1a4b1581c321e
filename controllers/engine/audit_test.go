package engine

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/go-logr/logr/funcr"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/events"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// granting is a toy whose steps are privileged.
type granting struct{ *toy }

func (k granting) Decide(obj *v1alpha1.AppRegistration, w toyWorld, now time.Time) toyDecision {
	decided := k.toy.Decide(obj, w, now)
	for i, step := range decided.Steps {
		decided.Steps[i] = grantingStep{step.(toyStep)}
	}
	return decided
}

type grantingStep struct{ toyStep }

func (s grantingStep) Do(ctx context.Context, clients Clients, w *toyWorld) error {
	entra.Acknowledge(ctx, "request-1")
	return s.toyStep.Do(ctx, clients, w)
}

func (s grantingStep) Change() Change {
	return Change{Action: "grant", Principal: "worker", API: "orders", Permission: s.thing, Justification: "because"}
}

// audited runs one reconcile and gives the lines of the audit log and the events.
func audited(t *testing.T, err error) (lines []string, told string) {
	t.Helper()
	kind := &toy{wants: []string{"role"}, errs: map[string]error{"role": err}}
	b := newBench(t, kind, func(app *v1alpha1.AppRegistration) {
		by := func(manager, operation, part string, minute int) metav1.ManagedFieldsEntry {
			return metav1.ManagedFieldsEntry{
				Manager: manager, Operation: metav1.ManagedFieldsOperationType(operation), APIVersion: v1alpha1.GroupVersion.String(),
				Time:       &metav1.Time{Time: noon.Add(time.Duration(minute) * time.Minute)},
				FieldsType: "FieldsV1", FieldsV1: metav1.NewFieldsV1(`{"` + part + `":{}}`),
			}
		}
		app.ManagedFields = []metav1.ManagedFieldsEntry{
			by("kubectl", "Update", "f:spec", 0), by("argocd", "Apply", "f:spec", 1), by("entra-registrar", "Update", "f:status", 2),
		}
	})
	recorder := events.NewFakeRecorder(10)
	b.r.kind, b.r.events = granting{kind}, recorder
	logger := funcr.New(func(prefix, args string) {
		if strings.HasSuffix(prefix, "audit") {
			lines = append(lines, args)
		}
	}, funcr.Options{})
	var obj v1alpha1.AppRegistration
	if err := b.client.Get(t.Context(), client.ObjectKey{Namespace: "shop", Name: "orders"}, &obj); err != nil {
		t.Fatal(err)
	}
	if _, err := b.r.Reconcile(log.IntoContext(t.Context(), logger), &obj); err != nil {
		t.Fatal(err)
	}
	close(recorder.Events)
	for event := range recorder.Events {
		told += event + "\n"
	}
	return lines, told
}

func TestAudit_OneLineSaysWhoWhatAndWhy(t *testing.T) {
	t.Parallel()
	lines, told := audited(t, nil)
	if len(lines) != 1 {
		t.Fatalf("%d lines: %v", len(lines), lines)
	}
	for _, word := range []string{
		`"result"="done"`, `"action"="grant"`, `"principal"="worker"`, `"api"="orders"`, `"permission"="role"`, `"justification"="because"`,
		`"requestID"="request-1"`, `"object"="shop/orders"`, "argocd (Apply 2026-", "kubectl (Update 2026-",
	} {
		if !strings.Contains(lines[0], word) {
			t.Errorf("the line lacks %s: %s", word, lines[0])
		}
	}
	if strings.Contains(lines[0], "entra-registrar (") {
		t.Errorf("who wrote the status did not ask for the change: %s", lines[0])
	}
	if !strings.Contains(told, `make role; justification: "because"`) {
		t.Errorf("no event tells why: %s", told)
	}
}

func TestAudit_SaysWhatMayHaveHappened(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		err  error
		want string
	}{
		"the answer was lost":   {entra.ErrUnreachable, "unknown: the answer was lost"},
		"Entra refused":         {entra.Refused{Reason: entra.RefusedForbidden}, ""},
		"it was there already":  {ErrFound, ""},
		"something else failed": {errors.New("boom"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lines, _ := audited(t, row.err)
			if told := strings.Join(lines, "\n"); (row.want == "") != (told == "") || !strings.Contains(told, row.want) {
				t.Errorf("the audit log says %q, want %q in it", told, row.want)
			}
		})
	}
}
