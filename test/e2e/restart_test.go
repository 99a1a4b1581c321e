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
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

func TestRestart_InSyncWritesNothing(t *testing.T) {
	t.Parallel()
	for name, option := range env.Lags {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := env.New(t, option)
			objs := env.OperatorObjects(e.CreateOrdersObjects())
			e.Clock.Pass(time.Minute)    // Entra shows everything
			e.Reconcile(e.EntraTenant()) // it has counted its objects
			e.Requests.Reset()
			versions, writes := e.ResourceVersions(), e.Wire.Writes()
			e.Manager.Restart()
			e.Clock.PassMinutes(10 * time.Minute)
			for _, obj := range objs {
				if e.Cluster.Get(obj); !env.IsReady(obj) {
					t.Errorf("%s is not Ready", obj.GetName())
				}
			}
			if seen := e.Requests.Traffic(); len(seen.Writes) > 0 || len(seen.Reads) == 0 {
				t.Errorf("a restart reads everything and writes nothing, and this one cost %s", seen)
			}
			if diff := cmp.Diff(versions, e.ResourceVersions()); diff != "" {
				t.Error("versions, before - after +\n" + diff)
			}
			if more := e.Wire.Writes() - writes; more > 0 {
				t.Errorf("%d writes of the restarted manager", more)
			}
		})
	}
}

// createInOrder creates the orders objects one after the other, so that the order of writes is the same each time, and gives what was
// written with success, without IDs.
func createInOrder(e *env.Env) []string {
	e.T.Helper()
	e.Status.WaitReady(e.EntraTenant())
	e.Requests.Reset()
	for _, obj := range e.OrdersObjects() {
		e.Cluster.Create(obj)
		if o, is := obj.(env.Object); is {
			e.Status.WaitReady(o)
		}
	}
	return acceptedWrites(e)
}

var idPattern = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)

// acceptedWrites are the writes that Entra has accepted since the requests were reset.
func acceptedWrites(e *env.Env) []string {
	e.T.Helper()
	e.Quiet()
	var writes []string
	for _, exchange := range e.Requests.ToDirectory() {
		if exchange.Method != http.MethodGet && exchange.Status < http.StatusMultipleChoices {
			writes = append(writes, exchange.Method+" "+idPattern.ReplaceAllString(exchange.Path, "…"))
		}
	}
	return writes
}

func TestLag_CostsNoWrite(t *testing.T) {
	t.Parallel()
	undisturbed := createInOrder(env.New(t))
	e := env.New(t, env.WithMostLag)
	if diff := cmp.Diff(undisturbed, createInOrder(e)); diff != "" {
		t.Error("writes, without lag - at 30 s lag +\n" + diff)
	}
	// The reconcile caused by our own write, and those after it.
	objs := env.OperatorObjects(e.OrdersObjects())
	for _, after := range []time.Duration{0, time.Second, 10 * time.Second, 20 * time.Second, time.Minute, 5 * time.Minute} {
		e.Clock.Pass(after)
		e.Requests.Reset()
		for _, obj := range objs {
			e.Reconcile(obj)
		}
		if writes := e.Requests.Traffic().Writes; len(writes) > 0 {
			t.Errorf("%s after that, a reconcile writes %q", after, writes)
		}
	}
}

func TestLag_EditIsWrittenOnce(t *testing.T) {
	t.Parallel()
	e := env.New(t, env.WithMostLag)
	app := e.AppRegistration("orders-api", with.Scopes("Orders.Read"), with.AppRoles("Orders.Read.All"))
	e.Cluster.Create(app)
	e.Status.WaitReady(app)
	e.Clock.PassMinutes(10 * time.Minute)
	for _, row := range []struct {
		name   string
		change func(*v1alpha1.AppRegistration)
	}{
		{"a name", func(o *v1alpha1.AppRegistration) { o.Spec.DisplayName = "Orders, renamed" }},
		{"and back again", func(o *v1alpha1.AppRegistration) { o.Spec.DisplayName = "orders-api" }},
		{"a new role", func(o *v1alpha1.AppRegistration) { with.AppRoles("Orders.Write.All")(&o.Spec) }},
		{"a redirect URI", func(o *v1alpha1.AppRegistration) {
			o.Spec.Web = &v1alpha1.Platform{RedirectURIs: []string{"https://orders.example.com/callback"}}
		}},
	} {
		e.Requests.Reset()
		env.Edit(e.Cluster, app, row.change)
		e.Status.WaitReady(app)
		for range 4 {
			e.Clock.Pass(8 * time.Second)
			e.Reconcile(app)
		}
		if writes := e.Requests.Traffic().Writes; len(writes) != 1 {
			t.Errorf("%s takes one write, and took %q", row.name, writes)
		}
	}
}

func TestRestart_AfterEditRepeatsAtMostOnePatch(t *testing.T) {
	t.Parallel()
	e := env.New(t, env.WithMostLag)
	app := e.AppRegistration("orders-api", with.AppRoles("Orders.Read.All"))
	e.Cluster.Create(app)
	e.Status.WaitReady(app)
	e.Clock.PassMinutes(10 * time.Minute)
	env.Edit(e.Cluster, app, func(o *v1alpha1.AppRegistration) { o.Spec.DisplayName = "Orders, renamed" })
	e.Status.WaitReady(app)
	e.Requests.Reset()
	e.Manager.Restart()
	for range 6 {
		e.Clock.Pass(10 * time.Second)
		e.Reconcile(app)
	}
	writes := e.Requests.Traffic().Writes
	if len(writes) > 1 || slices.ContainsFunc(writes, func(w string) bool { return !strings.HasPrefix(w, http.MethodPatch) }) {
		t.Errorf("a new process may repeat one PATCH, and wrote %q", writes)
	}
	e.Tenant.SetLag(directory.Lag{})
	e.Reconcile(app)
	if !env.IsReady(app) {
		t.Error("not Ready")
	}
}
