package engine

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/types"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// asking is a toy that needs an answer before it decides, and whose gate says something each time.
type asking struct {
	*toy
	intent bool
}

func (k asking) Decide(obj *v1alpha1.AppRegistration, w toyWorld, now time.Time) toyDecision {
	decided := k.toy.Decide(obj, w, now)
	if decided.Verdict = "allowed"; !w.made["answer"] {
		decided.Verdict, decided.Steps, decided.Intent = "asked", nil, k.intent
		decided.Reads = []Step[toyWorld]{toyStep{kind: k.toy, thing: "answer", verb: "read "}}
	}
	return decided
}

func (b *bench) Note(kind string, object types.NamespacedName, verdict any) {
	b.write("note " + kind + " " + object.String() + " " + verdict.(string))
}

func (b *bench) Forget(kind string, object types.NamespacedName) {
	b.write("forget " + kind + " " + object.String())
}

func TestReconcile_Reads(t *testing.T) {
	t.Parallel()
	const (
		finalizer = "patch finalizers entra-registrar.dev/finalizer"
		intent    = `patch status name="about to be made" appID="" conditions=0`
		asked     = "note AppRegistration shop/orders asked"
		allowed   = "note AppRegistration shop/orders allowed"
		inSync    = `patch status name="about to be made" appID="" conditions=2`
		unread    = `patch status name="about to be made" appID="" conditions=3`
	)
	for name, row := range map[string]struct {
		intent bool
		wants  []string
		err    error
		want   []string
	}{
		"an answer is read and decided on, and nothing is recorded for it": {want: []string{asked, "read answer", allowed, inSync}},
		"the intent is recorded before, where the decision asks for that": {
			intent: true, want: []string{asked, finalizer, intent, "read answer", allowed, inSync},
		},
		"the intent is recorded once": {
			intent: true, wants: []string{"secret"}, want: []string{asked, finalizer, intent, "read answer", allowed, "make secret", allowed, inSync},
		},
		"a read that fails ends the round, and status is decided once more": {
			err: entra.ErrUnreachable, want: []string{asked, "read answer", asked, unread},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind := &toy{wants: row.wants, errs: map[string]error{"answer": row.err}}
			b := newBench(t, kind, nil)
			b.r.kind, b.r.verdicts = asking{kind, row.intent}, b
			b.reconcile(t)
			if diff := cmp.Diff(row.want, b.lines); diff != "" {
				t.Error(diff)
			}
		})
	}
}
