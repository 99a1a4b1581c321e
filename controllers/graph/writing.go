package graph

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// writing does one write on an object while nobody else writes on it. Every ID that the path will hold is checked before.
func (c *client) writing(ctx context.Context, m matter, objectID string, write func() error, more ...string) error {
	if err := mustBeIDs(m.step, append(more, objectID)...); err != nil {
		return err
	}
	release, err := c.locks.hold(ctx, objectID)
	if err != nil {
		return fmt.Errorf("%s: %w", m.step, err)
	}
	defer release()
	return c.settle(m, write())
}

// isMissing tells whether Graph answered that the object is not there.
func isMissing(err error) bool { return meets(err, missing) }

// meets tells whether Graph's answer means that.
func meets(err error, v verdict) bool {
	var f *failure
	return errors.As(err, &f) && f.verdict() == v
}

// paged is a page of a collection.
type paged interface{ GetOdataNextLink() *string }

// mostPages bounds a listing: links that lead in a circle must end.
const mostPages = 200

// pages gives every page to take, from the first on, until take has seen enough. Links to the next page must lead home.
func (c *client) pages(m matter, page paged, err error, follow func(link string) (paged, error), take func(paged) bool) error {
	for range mostPages {
		if page, err = answered(c, m, page, err); err != nil {
			return err
		}
		if !take(page) || value(page.GetOdataNextLink()) == "" {
			return nil
		}
		link := *page.GetOdataNextLink()
		target, bad := url.Parse(link)
		if bad != nil {
			return fmt.Errorf("%s: %w: the link to the next page cannot be read", m.step, entra.ErrUnreachable)
		}
		if err := c.home.mustHold(target); err != nil {
			return fmt.Errorf("%s: next page: %w", m.step, err)
		}
		page, err = follow(link)
	}
	return fmt.Errorf("%s: %w: more than %d pages", m.step, entra.ErrUnreachable, mostPages)
}
