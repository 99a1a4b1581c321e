package e2e

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"

	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
)

var errCrashed = errors.New("the process is gone")

// wire counts the manager's mutations, of Entra and of the cluster alike, and cuts everything at the one that a test names.
type wire struct {
	mutex sync.Mutex
	count int
	// crashAt is the mutation, from 1, after whose effect the process is gone; 0 for never.
	crashAt int
	// lost : the answer of that mutation does not arrive.
	lost bool
	dead bool
	// crashed is closed at the crash.
	crashed chan struct{}
	// meddling happens once, after the next status is written; it is given the manager's cache.
	meddling func(client.Reader)
}

// meddle does something after the manager has next written a status, before anything else happens.
func (w *wire) meddle(does func(cache client.Reader)) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.meddling = does
}

func (w *wire) meddled(cache client.Reader) {
	w.mutex.Lock()
	does := w.meddling
	w.meddling = nil
	w.mutex.Unlock()
	if does != nil {
		does(cache)
	}
}

// plan a crash after the k-th mutation from now.
func (w *wire) plan(k int, lost bool) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.count, w.crashAt, w.lost, w.dead, w.crashed = 0, k, lost, false, make(chan struct{})
}

// mend lets everything through again.
func (w *wire) mend() {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.crashAt, w.dead = 0, false
}

func (w *wire) mutations() int {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.count
}

func (w *wire) isDead() bool {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.dead
}

// mutate runs one mutation and tells whether its answer arrives.
func (w *wire) mutate(effect func() error) error {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.dead {
		return errCrashed
	}
	err := effect()
	w.count++
	if w.crashAt != 0 && w.count == w.crashAt {
		w.dead = true
		close(w.crashed)
		if w.lost {
			return errCrashed
		}
	}
	return err
}

type tripper struct {
	wire *wire
	next http.RoundTripper
}

func (w *wire) under(next http.RoundTripper) http.RoundTripper { return tripper{w, next} }

// RoundTrip lets reads and sign-ins through while the process lives.
func (t tripper) RoundTrip(r *http.Request) (*http.Response, error) {
	if t.wire.isDead() {
		return nil, errCrashed
	}
	if r.Method == http.MethodGet || strings.Contains(r.URL.Path, "/oauth2/") {
		return t.next.RoundTrip(r)
	}
	var answer *http.Response
	err := t.wire.mutate(func() (err error) {
		answer, err = t.next.RoundTrip(r)
		return err
	})
	return answer, err
}

// intercept counts and cuts the client's writes.
func (w *wire) intercept(c client.WithWatch) client.Client {
	return interceptor.NewClient(c, interceptor.Funcs{
		Create: func(ctx context.Context, c client.WithWatch, obj client.Object, opts ...client.CreateOption) error {
			return w.mutate(func() error { return c.Create(ctx, obj, opts...) })
		},
		Delete: func(ctx context.Context, c client.WithWatch, obj client.Object, opts ...client.DeleteOption) error {
			return w.mutate(func() error { return c.Delete(ctx, obj, opts...) })
		},
		Update: func(ctx context.Context, c client.WithWatch, obj client.Object, opts ...client.UpdateOption) error {
			return w.mutate(func() error { return c.Update(ctx, obj, opts...) })
		},
		Patch: func(ctx context.Context, c client.WithWatch, obj client.Object, p client.Patch, opts ...client.PatchOption) error {
			return w.mutate(func() error { return c.Patch(ctx, obj, p, opts...) })
		},
		Apply: func(ctx context.Context, c client.WithWatch, obj runtime.ApplyConfiguration, opts ...client.ApplyOption) error {
			return w.mutate(func() error { return c.Apply(ctx, obj, opts...) })
		},
		SubResourcePatch: func(ctx context.Context, c client.Client, sub string, obj client.Object, p client.Patch, opts ...client.SubResourcePatchOption) error {
			defer w.meddled(c)
			return w.mutate(func() error { return c.SubResource(sub).Patch(ctx, obj, p, opts...) })
		},
	})
}
