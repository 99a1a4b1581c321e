package conformance

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Graph's application permissions that callers of this suite hold.
const (
	ownedBy    = "Application.ReadWrite.OwnedBy"
	readAll    = "Application.Read.All"
	writeAll   = "Application.ReadWrite.All"
	assignAll  = "AppRoleAssignment.ReadWrite.All"
	callerName = "caller-" // in the display name, after the run's prefix
)

// nonOwner is another caller with Application.ReadWrite.OwnedBy, who owns nothing that the first caller makes.
func nonOwner(t testing.TB) *caller { return examined.callerWith(t, ownedBy) }

// writeAllCaller may write every application.
func writeAllCaller(t testing.TB) *caller { return examined.callerWith(t, writeAll) }

// callerWith is a caller who holds exactly these Graph roles. It is made once a run, and removed by the last sweep.
func (s *tenant) callerWith(t testing.TB, roles ...string) *caller {
	t.Helper()
	made, err := s.callerWithRoles(t.Context(), roles...)
	if err != nil {
		t.Fatalf("make a caller with %q: %v\nthe first caller needs %s, %s and %s", roles, err, ownedBy, readAll, assignAll)
	}
	return made
}

func (s *tenant) callerWithRoles(ctx context.Context, roles ...string) (*caller, error) {
	slices.Sort(roles)
	key := strings.Join(roles, " ")
	s.mu.Lock()
	maker, known := s.callers[key]
	if !known {
		lasting := context.WithoutCancel(ctx)
		maker = sync.OnceValues(func() (*caller, error) { return s.newCaller(lasting, roles) })
		s.callers[key] = maker
	}
	s.mu.Unlock()
	return maker()
}

// newCaller makes an application with a service principal, a password and the Graph roles.
func (s *tenant) newCaller(ctx context.Context, roles []string) (*caller, error) {
	name := s.prefix() + callerName + random(3)
	application, err := s.post(ctx, http.StatusCreated, "/applications", s.application(object{"displayName": name}))
	if err != nil {
		return nil, err
	}
	principal, err := s.post(ctx, http.StatusCreated, "/servicePrincipals", object{"appId": application.text("appId")})
	if err != nil {
		return nil, err
	}
	password, err := s.post(ctx, http.StatusOK, applicationPath(application)+"/addPassword", object{"passwordCredential": object{"displayName": name}})
	if err != nil {
		return nil, err
	}
	if err := s.grantGraphRoles(ctx, principal.id(), roles); err != nil {
		return nil, err
	}
	made := s.caller(name, application.text("appId"), password.text("secretText"))
	made.object = application.id()
	if err := made.waitForRoles(ctx, roles); err != nil {
		return nil, fmt.Errorf("sign in as %s: %w", name, err)
	}
	return made, nil
}

func (s *tenant) grantGraphRoles(ctx context.Context, principal string, roles []string) error {
	path := query(by(principals, "appId", graphAppID), "select", "id,appRoles")
	graph, err := s.first.sendWithRetry(ctx, request{method: http.MethodGet, path: path}, func(got reply) bool { return got.status == http.StatusOK })
	if err != nil {
		return err
	}
	known := map[string]string{}
	for _, role := range objects(graph.body["appRoles"]) {
		known[text(role, "value")] = text(role, "id")
	}
	for _, role := range roles {
		body := object{"principalId": principal, "resourceId": graph.id(), "appRoleId": known[role]}
		if _, err := s.post(ctx, http.StatusCreated, principalPath(graph)+"/appRoleAssignedTo", body); err != nil {
			return fmt.Errorf("grant %s: %w", role, err)
		}
	}
	return nil
}

// post posts as the first caller, outside of any test.
func (s *tenant) post(ctx context.Context, status int, path string, body object) (reply, error) {
	enough := func(got reply) bool { return got.status == status }
	got, err := s.first.sendWithRetry(ctx, newRequest(http.MethodPost, path, body, nil), enough)
	if err == nil && !enough(got) {
		err = fmt.Errorf("want %d: %s", status, got)
	}
	return got, err
}
