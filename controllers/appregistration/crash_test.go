package appregistration

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// crash kills the process at one of its changes: before its effect, or after it, so that the answer is lost.
type crash struct {
	at, count int
	lost      bool
}

type killed struct{}

func (c *crash) change(do func() error) error {
	c.count++
	if c.count != c.at {
		return do()
	}
	if c.lost {
		_ = do() // its answer is what gets lost
	}
	panic(killed{})
}

// crashing is a directory whose changes may kill the process.
type crashing struct {
	*directory
	crash *crash
}

func (f crashing) Open(entra.TenantKey, string, entra.Connection) (entra.Reader, error) {
	return f, nil
}
func (f crashing) Directory(entra.TenantKey) (entra.Directory, error) { return f, nil }

func (f crashing) CreateApplication(ctx context.Context, n entra.NewApplication) (app entra.Application, err error) {
	return app, f.crash.change(func() error { app, err = f.directory.CreateApplication(ctx, n); return err })
}

func (f crashing) UpdateApplication(ctx context.Context, id string, patch entra.ApplicationPatch) error {
	return f.crash.change(func() error { return f.directory.UpdateApplication(ctx, id, patch) })
}

func (f crashing) DeleteApplication(ctx context.Context, id string) error {
	return f.crash.change(func() error { return f.directory.DeleteApplication(ctx, id) })
}

func (f crashing) RestoreApplication(ctx context.Context, id string) (app entra.Application, err error) {
	return app, f.crash.change(func() error { app, err = f.directory.RestoreApplication(ctx, id); return err })
}

func (f crashing) CreateServicePrincipal(ctx context.Context, n entra.NewServicePrincipal) (sp entra.ServicePrincipal, err error) {
	return sp, f.crash.change(func() error { sp, err = f.directory.CreateServicePrincipal(ctx, n); return err })
}

func (f crashing) RestoreServicePrincipal(ctx context.Context, id, appID string) (sp entra.ServicePrincipal, err error) {
	return sp, f.crash.change(func() error { sp, err = f.directory.RestoreServicePrincipal(ctx, id, appID); return err })
}

// until reconciles until there is nothing more to do. It reports whether the process was killed.
func (c *cluster) until(obj *v1alpha1.AppRegistration) (dead bool) {
	defer func() {
		switch p := recover(); p.(type) {
		case nil:
		case killed:
			dead = true
		default:
			panic(p)
		}
	}()
	for range 6 {
		if len(c.reconcile(obj)) == 0 {
			return false
		}
	}
	c.t.Errorf("does not settle: %v", c.reconcile(obj))
	return false
}

// live are the names of what lives in the directory.
func (d *directory) live() []string {
	names := []string{}
	for id, app := range d.apps {
		if !d.deleted[id] {
			names = append(names, app.UniqueName)
		}
	}
	return names
}

// scenario is what happened before, and the object that is reconciled now.
type scenario struct {
	name  string
	begin func(*cluster) *v1alpha1.AppRegistration
}

func scenarios() []scenario {
	again := func(c *cluster, prepare func(*directory)) *v1alpha1.AppRegistration {
		obj := object()
		c.until(obj)
		deleting(obj)
		c.until(obj)
		_ = c.kube.DeleteAllOf(context.Background(), &corev1.Secret{}, client.InNamespace("shop"))
		prepare(c.directory)
		return object()
	}
	return []scenario{
		{"a new object", func(*cluster) *v1alpha1.AppRegistration { return object() }},
		{"a new object where Entra does not tell the creator", func(c *cluster) *v1alpha1.AppRegistration {
			c.directory.noCreator = true
			return object()
		}},
		{"an object applied again", func(c *cluster) *v1alpha1.AppRegistration { return again(c, func(*directory) {}) }},
		{"an object applied again where restoring is refused", func(c *cluster) *v1alpha1.AppRegistration {
			return again(c, func(d *directory) { d.errs["RestoreApplication"] = entra.Refused{Reason: entra.RefusedForbidden} })
		}},
		{"an edit of scopes, roles and the Secret's name", func(c *cluster) *v1alpha1.AppRegistration {
			obj := object()
			c.until(obj)
			scopes("Orders.Write")(obj)
			roles("Orders.Write.All")(obj)
			obj.Spec.Secret = &v1alpha1.Secret{Name: "api"}
			return obj
		}},
		{"an edit of permissions and of the clients that are trusted", func(c *cluster) *v1alpha1.AppRegistration {
			microsoftGraph(c.directory)
			c.directory.grants = []entra.Grant{{GrantKey: entra.GrantKey{ResourceID: graphID}, Scopes: []string{"User.Read"}}}
			web := apiOf("shop", "web")
			_ = c.kube.Create(context.Background(), web)
			c.entraHas(web)
			obj := object()
			c.until(obj)
			scopes("Orders.Read", "Orders.Write")(obj)
			trusts(clientNamed("web"), "Orders.Read", "Orders.Write")(obj)
			needs(wellKnownGraph, []string{"User.Read"})(obj)
			return obj
		}},
		{"an application that somebody deleted", func(c *cluster) *v1alpha1.AppRegistration {
			obj := object()
			c.until(obj)
			_ = c.directory.DeleteApplication(context.Background(), obj.Status.ObjectID)
			return obj
		}},
	}
}

// arm makes a cluster crash.
func (c *cluster) arm(at int, lost bool) *crash {
	f := &crash{at: at, lost: lost}
	writer := crashing{c.directory, f}
	c.kube = interceptor.NewClient(c.kube.(client.WithWatch), interceptor.Funcs{
		Create: func(ctx context.Context, kube client.WithWatch, obj client.Object, opts ...client.CreateOption) error {
			return f.change(func() error { return kube.Create(ctx, obj, opts...) })
		},
		Update: func(ctx context.Context, kube client.WithWatch, obj client.Object, opts ...client.UpdateOption) error {
			return f.change(func() error { return kube.Update(ctx, obj, opts...) })
		},
		Delete: func(ctx context.Context, kube client.WithWatch, obj client.Object, opts ...client.DeleteOption) error {
			return f.change(func() error { return kube.Delete(ctx, obj, opts...) })
		},
	})
	c.kind.Binder.Tenants, c.writer = writer, writer
	return f
}

func TestSettle_CrashAtAnyChangeEndsTheSame(t *testing.T) {
	t.Parallel()
	for _, s := range scenarios() {
		undisturbed := newCluster(t)
		expected := s.begin(undisturbed)
		changes := undisturbed.arm(0, false)
		undisturbed.until(expected)
		for at := 1; at <= changes.count; at++ {
			for _, lost := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s, change %d, answer lost %t", s.name, at, lost), func(t *testing.T) {
					t.Parallel()
					c := newCluster(t)
					obj := s.begin(c)
					c.arm(at, lost)
					if !c.until(obj) {
						t.Fatal("the process was not killed")
					}
					c.until(obj)
					if diff := cmp.Diff(expected.Status, obj.Status); diff != "" {
						t.Error("status, undisturbed - crashed +\n" + diff)
					}
					same(t, "live", undisturbed.directory.live(), c.directory.live())

					over := newCluster(t)
					ending := s.begin(over)
					over.arm(at, lost)
					over.until(ending)
					deleting(ending)
					over.until(ending)
					same(t, "live after a deletion before the restart", []string{}, over.directory.live())
				})
			}
		}
	}
}
