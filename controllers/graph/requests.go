package graph

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"sync"

	"k8s.io/utils/ptr"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/graph/wire"
)

// get reads an object by IDs, which are checked before they are in a path.
func get[M, T any](c *client, op operation, request func() (M, error), read func(M) (T, error), ids ...string) (object T, err error) {
	var model M
	if err = mustBeIDs(ids...); err == nil {
		model, err = notEmpty(request())
	}
	if err == nil {
		object, err = read(model)
	}
	return object, c.translate(op, err)
}

// create posts an object, alone among our writes on what the key names.
func create[M, T any](
	ctx context.Context, c *client, op operation, key string, post func() (M, error), read func(M) T, more ...string,
) (created T, err error) {
	err = c.write(ctx, op, key, func() error {
		model, err := notEmpty(post())
		if err == nil {
			created = read(model)
		}
		return err
	}, more...)
	return created, err
}

// write does one write on an object, alone among ours. Every ID that the path will hold is checked before.
func (c *client) write(ctx context.Context, op operation, objectID string, write func() error, more ...string) error {
	err := mustBeIDs(append(more, objectID)...)
	if err != nil {
		return c.translate(op, err)
	}
	unlock, err := c.locks.lock(ctx, objectID)
	if err != nil {
		return c.translate(op, err)
	}
	defer unlock()
	return c.translate(op, write())
}

// keyedMutex lets one write at a time pass for each key: Entra loses concurrent writes on one application, or refuses them.
type keyedMutex struct{ held sync.Map } // channels by key, closed when the key is free

// lock waits until nobody else has the key, as long as ctx lasts. The caller must call unlock.
func (k *keyedMutex) lock(ctx context.Context, key string) (unlock func(), err error) {
	ours := make(chan struct{})
	for {
		theirs, taken := k.held.LoadOrStore(key, ours)
		if !taken {
			return func() { k.held.Delete(key); close(ours) }, nil
		}
		select {
		case <-theirs.(chan struct{}):
		case <-ctx.Done():
			return nil, fmt.Errorf("%w: while waiting for another write on the same object: %w", entra.ErrUnreachable, ctx.Err())
		}
	}
}

// isNotFound reports whether Graph answered that the object is not there.
func isNotFound(err error) bool { return hasClass(err, wire.NotFound) }

// hasClass reports whether Graph answered with a failure of that class.
func hasClass(err error, class wire.Class) bool {
	f, failed := errors.AsType[*wire.Failure](err)
	return failed && f.Class() == class
}

// collection is the SDK's builder of requests for a collection, which may have many pages P.
type collection[B, C, P any] interface {
	Get(ctx context.Context, configuration *C) (P, error)
	WithUrl(link string) B
}

// page of a collection.
type page[M any] interface {
	GetOdataNextLink() *string
	GetValue() []M
}

// maxPages bounds a listing: links that lead in a circle must end.
const maxPages = 200

// list gives every item of a collection to take, from the first page on, until take has seen enough. Links to the next page must be at
// Graph's own host.
func list[B collection[B, C, P], C any, P page[M], M any](
	ctx context.Context, c *client, op operation, builder B, configuration *C, take func(M) (enough bool), ids ...string,
) error {
	if err := mustBeIDs(ids...); err != nil {
		return c.translate(op, err)
	}
	for range maxPages {
		page, err := notEmpty(builder.Get(ctx, configuration))
		if err != nil {
			return c.translate(op, err)
		}
		link := ptr.Deref(page.GetOdataNextLink(), "")
		if slices.ContainsFunc(page.GetValue(), take) || link == "" {
			return nil
		}
		target, err := url.Parse(link)
		if err != nil {
			return fmt.Errorf("%s: %w: the link to the next page cannot be read", op.name, entra.ErrUnreachable)
		}
		if err := c.graph.MustContain(target); err != nil {
			return fmt.Errorf("%s: next page: %w", op.name, err)
		}
		builder, configuration = builder.WithUrl(link), nil
	}
	return fmt.Errorf("%s: %w: more than %d pages", op.name, entra.ErrUnreachable, maxPages)
}

// all reads every item of a collection.
func all[B collection[B, C, P], C any, P page[M], M, T any](
	ctx context.Context, c *client, op operation, builder B, configuration *C, read func(M) T, ids ...string,
) (items []T, err error) {
	err = list(ctx, c, op, builder, configuration, func(model M) bool {
		items = append(items, read(model))
		return false
	}, ids...)
	return items, err
}

// find gives the first item of a collection that matches; ErrNotFound where none does.
func find[B collection[B, C, P], C any, P page[M], M any](
	ctx context.Context, c *client, op operation, builder B, matches func(M) bool,
) (item M, err error) {
	found := false
	err = list(ctx, c, op, builder, nil, func(model M) bool {
		item, found = model, matches(model)
		return found
	})
	if err == nil && !found {
		err = fmt.Errorf("%s: %w", op.name, entra.ErrNotFound)
	}
	return item, err
}

// notEmpty makes an error of a success without an answer.
func notEmpty[T any](answer T, err error) (T, error) {
	if err == nil && any(answer) == nil {
		err = fmt.Errorf("%w: Graph's answer was empty", entra.ErrUnreachable)
	}
	return answer, err
}
