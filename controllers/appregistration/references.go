package appregistration

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// references are what the spec names beside the application itself, as far as it was found. What is missing holds up nothing else: two
// applications may refer to each other.
type references struct {
	// permissions that the spec declares, in its order, each once.
	permissions []permission
	// trusted are the preAuthorizedClients, and known the knownClients, in the spec's order.
	trusted []consumer
	known   []consumer
	missing []missing
	// trouble is why something could not be looked for.
	trouble error
	// refusal : what a status names is somebody else's, or the operator's own.
	refusal *engine.Refusal
}

// missing is what a field of the spec names and cannot be used yet.
type missing struct {
	path string
	wait engine.Wait
}

// complete : all was found. Otherwise nobody can tell what of the declared permissions is not wanted any more.
func (r *references) complete() bool { return len(r.missing) == 0 && r.trouble == nil }

// miss notes why something was not found: by whom it is waited for, or what went wrong.
func (r *references) miss(path string, err error) {
	wait, is := errors.AsType[engine.Wait](err)
	switch {
	case is:
		r.missing = append(r.missing, missing{path, wait})
	case r.trouble == nil:
		r.trouble = fmt.Errorf("%s: %w", path, err)
	}
}

// refuse keeps the first refusal.
func (r *references) refuse(refusal *engine.Refusal) {
	if r.refusal == nil {
		r.refusal = refusal
	}
}

// wait names all that is missing, and what else is to be said. A watch wakes us only where all of it is watched.
func (r *references) wait(also ...string) *engine.Wait {
	wait := &engine.Wait{Watched: true}
	var texts []string
	for _, m := range r.missing {
		texts = append(texts, m.path+": "+m.wait.What)
		wait.Watched = wait.Watched && m.wait.Watched
	}
	wait.What = engine.Joined(append(distinct(texts, verbatim), also...)...)
	return wait
}

// references finds what the spec names. It fails never: what goes wrong is part of the world.
func (l *look) references(ctx context.Context) {
	for i, entry := range l.obj.Spec.Permissions {
		l.declared(ctx, fmt.Sprintf("spec.permissions[%d]", i), entry)
	}
	api, app := l.obj.Spec.API, l.world.application.Value
	if api == nil {
		return
	}
	found := &l.world.references
	for i, entry := range api.PreAuthorizedClients {
		path := fmt.Sprintf("spec.api.preAuthorizedClients[%d]", i)
		trusts := func(appID string) bool {
			return slices.ContainsFunc(app.PreAuthorized, func(p entra.PreAuthorized) bool { return p.AppID == appID })
		}
		if id := l.client(ctx, path+".client", entry.Client, trusts); id != "" {
			found.trusted = append(found.trusted, consumer{index: i, appID: id, scopes: entry.Scopes})
		}
	}
	for i, ref := range api.KnownClients {
		knows := func(appID string) bool { return slices.Contains(app.KnownClients, appID) }
		if id := l.client(ctx, fmt.Sprintf("spec.api.knownClients[%d]", i), ref, knows); id != "" {
			found.known = append(found.known, consumer{index: i, appID: id})
		}
	}
}

func (l *look) resolver() reference.Resolver { return reference.Resolver{Cache: l.Binder.Cache} }

// ours holds an application of the cluster against Entra, before anything new is bound to it: a status is a hint and no evidence.
func (l *look) ours(ctx context.Context, path, appID string, confirm func(entra.ServicePrincipal, engine.Tenant) *engine.Refusal) bool {
	found := &l.world.references
	seen, err := l.reader.APIByAppID(ctx, appID, 0)
	if err != nil {
		found.miss(path, fmt.Errorf("look whose service principal it is: %w", err))
		return false
	}
	if refusal := confirm(seen, l.world.Tenant); refusal != nil {
		found.refuse(&engine.Refusal{Reason: refusal.Reason, Message: path + ": " + refusal.Message})
		return false
	}
	return true
}

// unanswered is not a change: it tells why something that the spec names could not be looked for, once all else is done.
type unanswered struct{ err error }

func (s unanswered) String() string { return "look for what the spec names" }

func (s unanswered) Do(context.Context, engine.Hands, *World) error { return s.err }

// elsewhereBound is said about an AppRegistration of another directory.
func elsewhereBound(title, tenant, here string) engine.Wait {
	return engine.Wait{Watched: true, What: fmt.Sprintf("%s is bound to EntraTenant %q, this object to %q", title, tenant, here)}
}
