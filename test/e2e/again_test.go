package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/faults"
)

// weathers are a fine day and a directory that lags.
var weathers = map[string]prop{
	"without lag":      func(*stage, *emulator.Options) {},
	"with lag to 30 s": func(_ *stage, o *emulator.Options) { o.Lag = directory.Lag{Max: 30 * time.Second} },
	"with lag of 30 s": lagging,
}

// lagging is a directory that is half a minute behind, always.
func lagging(_ *stage, o *emulator.Options) {
	o.Lag = directory.Lag{Min: 30 * time.Second, Max: 30 * time.Second}
}

// identities are an application's IDs.
type identities struct{ appID, objectID, principalID, uniqueName string }

func (s *stage) identities(name string) identities {
	s.t.Helper()
	app := s.app(name)
	if !s.get(app) {
		s.t.Fatalf("%s is not there", name)
	}
	return identities{app.Status.AppID, app.Status.ObjectID, app.Status.ServicePrincipalObjectID, app.Status.UniqueName}
}

// tells checks what workloads are told of an application: the Secret, and the ServiceAccount's annotation.
func (s *stage) tells(name string) {
	s.t.Helper()
	want := s.identities(name).appID
	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: s.namespace, Name: name + "-entra"}}
	if !s.get(secret) || string(secret.Data["AZURE_CLIENT_ID"]) != want {
		s.t.Errorf("Secret of %s: AZURE_CLIENT_ID %q, want %q", name, secret.Data["AZURE_CLIENT_ID"], want)
	}
	account := s.account(name)
	if !s.get(account) || account.Annotations["azure.workload.identity/client-id"] != want {
		s.t.Errorf("ServiceAccount %s: annotations %v, want client ID %q", name, account.Annotations, want)
	}
}

// settled plays the story until it is Ready.
func (s *stage) settled() []client.Object {
	s.t.Helper()
	objs := s.story()
	s.create(objs...)
	s.ready(ours(objs)...)
	return objs
}

func TestWhatIsDeletedAndAppliedAgainComesBackWithItsIDs(t *testing.T) {
	t.Parallel()
	for name, set := range weathers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, set)
			objs := s.settled()
			before := []identities{s.identities("orders-api"), s.identities("orders-worker")}
			s.delete(objs...)
			s.gone(objs...)
			s.holds(census{deleted: 2})

			s.bringsBack()
			after := []identities{s.identities("orders-api"), s.identities("orders-worker")}
			if diff := cmp.Diff(before, after, cmp.AllowUnexported(identities{})); diff != "" {
				t.Error("IDs, before - after +\n" + diff)
			}
			s.tells("orders-worker")
		})
	}
}

func TestWhatIsDeletedPurgedAndAppliedAgainIsNew(t *testing.T) {
	t.Parallel()
	for name, set := range weathers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, set)
			objs := s.settled()
			before := []identities{s.identities("orders-api"), s.identities("orders-worker")}
			s.delete(objs...)
			s.gone(objs...)
			s.clock.pass(t, time.Minute) // somebody sees them in the deleted items
			for _, app := range before {
				s.somebody(purges, app.objectID)
			}
			s.settled()
			for i, after := range []identities{s.identities("orders-api"), s.identities("orders-worker")} {
				if after.appID == before[i].appID || after.objectID == before[i].objectID || after.principalID == before[i].principalID {
					t.Errorf("what was purged cannot come back: %+v became %+v", before[i], after)
				}
				if after.uniqueName != before[i].uniqueName {
					t.Errorf("the name %s is free, and became %s", before[i].uniqueName, after.uniqueName)
				}
			}
			s.holds(storyInEntra)
			s.tells("orders-worker")
		})
	}
}

func TestAnApplicationThatOthersHaveAHandInIsNotRestored(t *testing.T) {
	t.Parallel()
	for name, act := range map[string]struct{ before, after func(*stage) mischief }{
		"a password added before the deletion": {before: func(*stage) mischief { return addsAPassword }},
		"an owner added before the deletion":   {before: (*stage).addsAnOwner},
		"a trust added before the deletion":    {before: func(*stage) mischief { return addsATrust }},
		"a password added to the deleted one":  {after: func(*stage) mischief { return addsAPasswordToTheDeleted }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			worker := s.app("orders-worker")
			s.create(worker)
			s.ready(worker)
			former := s.identities("orders-worker")
			if act.before != nil {
				s.somebody(act.before(s), former.objectID)
			}
			s.delete(worker)
			s.gone(worker)
			if act.after != nil {
				s.somebody(act.after(s), former.objectID)
			}
			worker = s.app("orders-worker")
			s.create(worker)
			s.ready(worker)
			next := s.identities("orders-worker")
			if want := former.uniqueName + "_" + string(worker.UID)[:8]; next.uniqueName != want {
				t.Errorf("the next name is %s, want %s", next.uniqueName, want)
			}
			s.announces(worker, former.appID, next.appID)
			s.holds(census{applications: 1, principals: 1, deleted: 1})
			s.forget()
			s.look(worker)
			s.costs("an application under the next name", 2, 0)
			s.delete(worker)
			s.gone(worker)
			s.holds(census{deleted: 2})
		})
	}
}

// announces waits for an event of an object that contains all the words.
func (s *stage) announces(obj client.Object, words ...string) {
	s.t.Helper()
	poll(s.t, fmt.Sprintf("an event with %q", words), func() bool {
		var events eventsv1.EventList
		if err := s.admin.List(s.t.Context(), &events, client.InNamespace(s.namespace)); err != nil {
			s.t.Fatal(err)
		}
		for _, event := range events.Items {
			if event.Regarding.UID == obj.GetUID() && containsAll(event.Note, words) {
				return true
			}
		}
		return false
	})
}

func containsAll(text string, words []string) bool {
	for _, word := range words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

func TestARestoredApplicationThatSomebodyTouchesBeforeWeRecordItIsAConflict(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	worker := s.app("orders-worker")
	s.create(worker)
	s.ready(worker)
	former := s.identities("orders-worker")
	s.delete(worker)
	s.gone(worker)

	s.entra.SetFaultFunc(nothingAfter("/restore"))
	worker = s.app("orders-worker")
	s.create(worker)
	s.clock.until(t, "the restore", time.Hour, func() bool { return s.census().applications == 1 })
	s.holds(census{applications: 1})
	s.somebody(addsATrust, former.objectID)
	s.entra.SetFaultFunc(nil)
	s.restartManager()
	message := s.has(worker, v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonConflict)
	if !strings.Contains(message, "back-door") || !strings.Contains(message, former.objectID) {
		t.Errorf("the message does not say what was found and where: %s", message)
	}
	s.holds(census{applications: 1, credentials: 1})
}

// nothingAfter breaks every connection after the first request whose path ends so.
func nothingAfter(end string) faults.Func {
	var broken atomic.Bool
	return func(r *http.Request, _ int) faults.Fault {
		if broken.Load() {
			return faults.ConnectionReset()
		}
		broken.Store(strings.HasSuffix(r.URL.Path, end))
		return faults.Fault{}
	}
}
