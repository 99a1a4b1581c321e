// Package wire stands between the manager and all that it talks to: it counts what the manager writes, ends the manager's process as if by
// a crash, and records what the manager sends to Entra.
package wire

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

var errCrashed = errors.New("the process has crashed")

// Wire counts the manager's writes, to Entra and to the cluster alike, and cuts everything at the one that a test names.
type Wire struct {
	mutex sync.Mutex
	count int
	// crashAt is the write, from 1, after whose effect the process has crashed; 0 for never.
	crashAt int
	// answerLost is true where the answer to that write does not arrive.
	answerLost bool
	crashed    bool
	// afterStatus is called once, after the next status is written.
	afterStatus func(cache client.Reader)
}

// AfterNextStatus does something after the manager has next written a status, before anything else happens. It is given the manager's
// cache.
func (w *Wire) AfterNextStatus(does func(cache client.Reader)) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.afterStatus = does
}

func (w *Wire) statusWritten(cache client.Reader) {
	w.mutex.Lock()
	does := w.afterStatus
	w.afterStatus = nil
	w.mutex.Unlock()
	if does != nil {
		does(cache)
	}
}

// CrashAt plans a crash after the k-th write from now.
func (w *Wire) CrashAt(k int, answerLost bool) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.count, w.crashAt, w.answerLost, w.crashed = 0, k, answerLost, false
}

// Reset lets everything through again.
func (w *Wire) Reset() {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.crashAt, w.crashed = 0, false
}

// Writes is how many there were.
func (w *Wire) Writes() int {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.count
}

// Crashed reports whether nothing is let through any more.
func (w *Wire) Crashed() bool {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.crashed
}

// write does a write, and gives its error, or that of the crash where its answer does not arrive.
func (w *Wire) write(effect func() error) error {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.crashed {
		return errCrashed
	}
	err := effect()
	w.count++
	if w.crashAt != 0 && w.count == w.crashAt {
		w.crashed = true
		if w.answerLost {
			return errCrashed
		}
	}
	return err
}

type roundTripper struct {
	wire *Wire
	next http.RoundTripper
}

// RoundTripper is the wire's end towards Entra.
func (w *Wire) RoundTripper(next http.RoundTripper) http.RoundTripper { return roundTripper{w, next} }

// RoundTrip lets reads and sign-ins through as long as the process lives.
func (t roundTripper) RoundTrip(r *http.Request) (*http.Response, error) {
	if t.wire.Crashed() {
		return nil, errCrashed
	}
	if r.Method == http.MethodGet || strings.Contains(r.URL.Path, "/oauth2/") {
		return t.next.RoundTrip(r)
	}
	var answer *http.Response
	err := t.wire.write(func() (err error) {
		answer, err = t.next.RoundTrip(r)
		return err
	})
	return answer, err
}

// Client is the wire's end towards the cluster: it counts and cuts the client's writes.
func (w *Wire) Client(c client.WithWatch) client.Client {
	return interceptor.NewClient(c, interceptor.Funcs{
		Create: func(ctx context.Context, c client.WithWatch, obj client.Object, opts ...client.CreateOption) error {
			return w.write(func() error { return c.Create(ctx, obj, opts...) })
		},
		Delete: func(ctx context.Context, c client.WithWatch, obj client.Object, opts ...client.DeleteOption) error {
			return w.write(func() error { return c.Delete(ctx, obj, opts...) })
		},
		Update: func(ctx context.Context, c client.WithWatch, obj client.Object, opts ...client.UpdateOption) error {
			return w.write(func() error { return c.Update(ctx, obj, opts...) })
		},
		Patch: func(ctx context.Context, c client.WithWatch, obj client.Object, p client.Patch, opts ...client.PatchOption) error {
			return w.write(func() error { return c.Patch(ctx, obj, p, opts...) })
		},
		Apply: func(ctx context.Context, c client.WithWatch, obj runtime.ApplyConfiguration, opts ...client.ApplyOption) error {
			return w.write(func() error { return c.Apply(ctx, obj, opts...) })
		},
		SubResourcePatch: func(ctx context.Context, c client.Client, sub string, obj client.Object, p client.Patch, opts ...client.SubResourcePatchOption) error {
			defer w.statusWritten(c)
			return w.write(func() error { return c.SubResource(sub).Patch(ctx, obj, p, opts...) })
		},
	})
}
