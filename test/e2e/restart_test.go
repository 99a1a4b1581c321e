package e2e

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

func TestARestartWithEverythingInSyncWritesNothing(t *testing.T) {
	t.Parallel()
	for name, set := range weathers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, set)
			objs := ours(s.settled())
			s.clock.pass(t, time.Minute) // Entra shows everything
			s.look(s.tenantObject())     // it has counted its objects
			s.forget()
			versions, mutations := s.versions(), s.wire.mutations()
			s.restartManager()
			s.clock.linger(t, 10*time.Minute)
			for _, obj := range objs {
				if s.get(obj); !isReady(obj) {
					t.Errorf("%s is not Ready", obj.GetName())
				}
			}
			if seen := s.traffic(); len(seen.writes) > 0 || len(seen.reads) == 0 {
				t.Errorf("a restart looks at everything and writes nothing, and cost %s", seen)
			}
			if diff := cmp.Diff(versions, s.versions()); diff != "" {
				t.Error("versions, before - after +\n" + diff)
			}
			if more := s.wire.mutations() - mutations; more > 0 {
				t.Errorf("%d writes of the restarted manager", more)
			}
		})
	}
}

// created plays the story one after the other, so that the order of writes is the same each time, and gives what was written with
// success, without IDs.
func (s *stage) created() []string {
	s.t.Helper()
	s.ready(s.tenantObject())
	s.forget()
	for _, obj := range s.story() {
		s.create(obj)
		if o, is := obj.(object); is {
			s.ready(o)
		}
	}
	return s.written()
}

var anID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)

// written are the writes that Entra took since the last forget.
func (s *stage) written() []string {
	s.t.Helper()
	s.clock.quiet(s.t)
	var writes []string
	for _, exchange := range s.entra.Exchanges() {
		if isDirectory(exchange) && exchange.Method != http.MethodGet && exchange.Status < http.StatusMultipleChoices {
			writes = append(writes, exchange.Method+" "+anID.ReplaceAllString(exchange.Path, "…"))
		}
	}
	return writes
}

func TestLagCostsNoWrite(t *testing.T) {
	t.Parallel()
	calm := newStage(t).created()
	s := newStage(t, lagging)
	if diff := cmp.Diff(calm, s.created()); diff != "" {
		t.Error("writes, without lag - at 30 s lag +\n" + diff)
	}
	// The reconcile caused by our own write, and those after it.
	objs := ours(s.story())
	for _, after := range []time.Duration{0, time.Second, 10 * time.Second, 20 * time.Second, time.Minute, 5 * time.Minute} {
		s.clock.pass(t, after)
		s.forget()
		for _, obj := range objs {
			s.look(obj)
		}
		if writes := s.traffic().writes; len(writes) > 0 {
			t.Errorf("%s after that, a look writes %q", after, writes)
		}
	}
}

func TestAnEditAtThirtySecondsLagIsWrittenOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t, lagging)
	app := s.app("orders-api", scoped("Orders.Read"), exposing("Orders.Read.All"))
	s.create(app)
	s.ready(app)
	s.clock.linger(t, 10*time.Minute)
	for _, row := range []struct {
		name   string
		change func(*v1alpha1.AppRegistration)
	}{
		{"a name", func(o *v1alpha1.AppRegistration) { o.Spec.DisplayName = "Orders, renamed" }},
		{"and back again", func(o *v1alpha1.AppRegistration) { o.Spec.DisplayName = "orders-api" }},
		{"a new role", func(o *v1alpha1.AppRegistration) { exposing("Orders.Write.All")(&o.Spec) }},
		{"a redirect URI", func(o *v1alpha1.AppRegistration) {
			o.Spec.Web = &v1alpha1.Platform{RedirectURIs: []string{"https://orders.example.com/callback"}}
		}},
	} {
		s.forget()
		edit(s, app, row.change)
		s.ready(app)
		for range 4 {
			s.clock.pass(t, 8*time.Second)
			s.look(app)
		}
		if writes := s.traffic().writes; len(writes) != 1 {
			t.Errorf("%s takes one write, and took %q", row.name, writes)
		}
	}
}

func TestARestartRightAfterAnEditRepeatsAtMostOnePatch(t *testing.T) {
	t.Parallel()
	s := newStage(t, lagging)
	app := s.app("orders-api", exposing("Orders.Read.All"))
	s.create(app)
	s.ready(app)
	s.clock.linger(t, 10*time.Minute)
	edit(s, app, func(o *v1alpha1.AppRegistration) { o.Spec.DisplayName = "Orders, renamed" })
	s.ready(app)
	s.forget()
	s.restartManager()
	for range 6 {
		s.clock.pass(t, 10*time.Second)
		s.look(app)
	}
	writes := s.traffic().writes
	if len(writes) > 1 || slices.ContainsFunc(writes, func(w string) bool { return !strings.HasPrefix(w, http.MethodPatch) }) {
		t.Errorf("a new process may repeat one PATCH, and wrote %q", writes)
	}
	s.entra.SetLag(directory.Lag{})
	s.look(app)
	if !isReady(app) {
		t.Error("not Ready")
	}
}
