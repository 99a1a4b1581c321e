package conformance

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

const (
	applications        = "/applications"
	principals          = "/servicePrincipals"
	deletedApplications = "/directory/deletedItems/microsoft.graph.application"
	deletedPrincipals   = "/directory/deletedItems/microsoft.graph.servicePrincipal"
)

// maxRunAge is the age from which a run that left something behind cannot be running any more.
const maxRunAge = 3 * time.Hour

// cleanUp removes, when the test ends, what an answer says was just created.
func (s *tenant) cleanUp(t testing.TB, got reply) {
	t.Helper()
	kind, _, created := strings.Cut(got.text("@odata.context"), "/$entity")
	if got.status != http.StatusCreated || !created {
		return
	}
	for _, collection := range []string{applications, principals} {
		if strings.HasSuffix(kind, "#"+collection[1:]) {
			t.Cleanup(func() {
				if err := s.remove(context.WithoutCancel(t.Context()), collection, got.id()); err != nil {
					t.Logf("clean up: %v", err)
				}
			})
		}
	}
}

// remove deletes an object and purges it, as whoever may.
func (s *tenant) remove(ctx context.Context, collection, id string) error {
	return errors.Join(
		s.deleteAsAnyone(ctx, collection+"/"+id),
		s.deleteAsAnyone(ctx, "/directory/deletedItems/"+id),
	)
}

// deleteAsAnyone deletes as the first caller, or where that one does not own the object, as one who may write all applications.
func (s *tenant) deleteAsAnyone(ctx context.Context, path string) error {
	got, err := s.first.sendWithRetry(ctx, request{method: http.MethodDelete, path: path}, isAbsent)
	if err == nil && got.status == http.StatusForbidden {
		var writer *caller
		if writer, err = s.callerWithRoles(ctx, writeAll); err == nil {
			got, err = writer.sendWithRetry(ctx, request{method: http.MethodDelete, path: path}, isAbsent)
		}
	}
	switch {
	case err != nil:
		return fmt.Errorf("delete %s: %w", path, err)
	case !isAbsent(got):
		return fmt.Errorf("delete: %s", got)
	}
	return nil
}

func isAbsent(got reply) bool {
	return got.status == http.StatusNoContent || got.status == http.StatusNotFound
}

// sweepThisRun removes whatever this run left, callers last: they may be needed for the rest. Afterwards nothing may be left.
func (s *tenant) sweepThisRun(ctx context.Context) error {
	mine := func(one object) bool { return strings.HasPrefix(text(one, "displayName"), s.prefix()) }
	helper := func(one object) bool { return strings.HasPrefix(text(one, "displayName"), s.prefix()+callerName) }
	_, err := s.sweep(ctx, func(one object) bool { return mine(one) && !helper(one) })
	if err != nil {
		return err
	}
	if _, err = s.sweep(ctx, mine); err != nil {
		return err
	}
	var left int
	if clean := func() bool { left, err = s.sweep(ctx, mine); return err == nil && left == 0 }; !s.retry.until(ctx, clean) {
		return fmt.Errorf("%d objects were still there: %w", left, err)
	}
	return nil
}

// sweepOldRuns removes what runs left that ended long ago.
func (s *tenant) sweepOldRuns(ctx context.Context) error {
	_, err := s.sweep(ctx, func(one object) bool {
		created, err := time.Parse(time.RFC3339, text(one, "createdDateTime"))
		return err == nil && strings.HasPrefix(text(one, "displayName"), suiteTag+"-") && s.clock.Since(created) > maxRunAge
	})
	return err
}

// sweep removes what is ours, alive or deleted, and says how much it found.
func (s *tenant) sweep(ctx context.Context, ours func(object) bool) (int, error) {
	var faults []error
	found := 0
	for _, live := range []string{principals, applications} {
		path := query(live, "filter", "startswith(displayName,'"+suiteTag+"-')")
		n, err := s.each(ctx, path, ours, func(id string) error { return s.remove(ctx, live, id) })
		found, faults = found+n, append(faults, err)
	}
	for _, deleted := range []string{deletedPrincipals, deletedApplications} {
		n, err := s.each(ctx, deleted, ours, func(id string) error {
			return s.deleteAsAnyone(ctx, "/directory/deletedItems/"+id)
		})
		found, faults = found+n, append(faults, err)
	}
	return found, errors.Join(faults...)
}

// each lists a collection to its end, then does something to every member that is ours, and says how many there were.
func (s *tenant) each(ctx context.Context, path string, ours func(object) bool, do func(id string) error) (int, error) {
	var ids []string
	for path != "" {
		r := request{method: http.MethodGet, path: path}
		got, err := s.first.sendWithRetry(ctx, r, func(got reply) bool { return got.status == http.StatusOK })
		if err != nil {
			return 0, fmt.Errorf("list %s: %w", path, err)
		}
		if got.status != http.StatusOK {
			return 0, fmt.Errorf("list: %s", got)
		}
		for _, one := range got.values() {
			if ours(one) {
				ids = append(ids, text(one, "id"))
			}
		}
		path = got.text("@odata.nextLink")
	}
	var faults []error
	for _, id := range ids {
		faults = append(faults, do(id))
	}
	return len(ids), errors.Join(faults...)
}
