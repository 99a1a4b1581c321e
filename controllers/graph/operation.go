package graph

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/graph/wire"
)

// busyWait is how long we wait where Entra is busy and does not say for how long.
const busyWait = 10 * time.Second

// operation is what a request is about: enough to tell what a failure means.
type operation struct {
	name string
	// key is the memory's key of what a read looks for: missing it counts as a miss.
	key string
	// foreign is true where the object may be none of ours. Unless we know more of it than that it was asked for, one miss is enough.
	foreign bool
	// objects are those that a write needs: where one of them is new, the failure may be lag.
	objects []string
	// permission is what is missing where Graph denies the request.
	permission string
}

const (
	readPermission       = "Application.Read.All"
	writePermission      = "Application.ReadWrite.OwnedBy, and to own the object"
	assignPermission     = "AppRoleAssignment.ReadWrite.All and Application.Read.All"
	grantPermission      = "DelegatedPermissionGrant.ReadWrite.All"
	readGrantsPermission = grantPermission + " or, to read only, Directory.Read.All"
)

// translate makes an error of the transport or the SDK one that the rest of the operator knows.
func (c *client) translate(op operation, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", op.name, c.meaningOf(op, err))
}

func (c *client) meaningOf(op operation, err error) error {
	var f *wire.Failure
	var throttled entra.Throttled
	var refused entra.Refused
	switch {
	case errors.As(err, &f):
		return c.classify(op, f)
	case errors.As(err, &throttled):
		return throttled
	case errors.As(err, &refused):
		return refused
	case errors.Is(err, entra.ErrUnreachable), errors.Is(err, entra.ErrLagging), errors.Is(err, entra.ErrNotFound):
		return unwrapURL(err)
	default:
		return fmt.Errorf("%w: %w", entra.ErrUnreachable, unwrapURL(err))
	}
}

func (c *client) classify(op operation, f *wire.Failure) error {
	switch class := f.Class(); class {
	case wire.Exists:
		return fmt.Errorf("%w (%w)", entra.ErrExists, f)
	case wire.StillEnabled:
		return fmt.Errorf("%w (%w)", entra.ErrStillEnabled, f)
	case wire.Throttled:
		return entra.Throttled{After: f.RetryAfter}
	case wire.Busy:
		return entra.Throttled{After: cmp.Or(f.RetryAfter, busyWait)}
	case wire.Unintelligible:
		return fmt.Errorf("%w: %w", entra.ErrUnreachable, f)
	case wire.NotFound, wire.PerhapsLag, wire.Forbidden:
		return c.classifyByAge(op, f, class)
	default: // Invalid, Conflict, OverQuota, Unauthorized
		return refusal(f, class, op.permission)
	}
}

// classifyByAge decides what may be lag: new objects are not known everywhere, nor are their owners.
func (c *client) classifyByAge(op operation, f *wire.Failure, class wire.Class) error {
	switch {
	case class == wire.NotFound && op.foreign && !c.memory.IsKnown(op.key):
		return entra.ErrNotFound
	case class == wire.NotFound && op.key != "":
		return c.memory.NoteMissed(op.key)
	case c.mayBeLag(op, class):
		return fmt.Errorf("%w (%w)", entra.ErrLagging, f)
	case class == wire.NotFound:
		return fmt.Errorf("%w (%w)", entra.ErrNotFound, f)
	case class == wire.Forbidden, f.Status == http.StatusForbidden:
		return refusal(f, wire.Forbidden, op.permission)
	default:
		return refusal(f, wire.Invalid, op.permission)
	}
}

// mayBeLag reports whether the failure may pass by itself: ownership of what we created is seen late; a permission that is missing
// stays missing.
func (c *client) mayBeLag(op operation, class wire.Class) bool {
	if class == wire.Forbidden {
		return op.permission == writePermission && c.memory.IsNew(op.objects...)
	}
	return len(op.objects) > 0 && c.memory.MayLag(op.objects...)
}

func refusal(f *wire.Failure, class wire.Class, permission string) entra.Refused {
	refused := entra.Refused{Reason: entra.RefusedInvalid, Message: f.Message, Property: f.Property(), Code: f.Code, RequestID: f.RequestID}
	switch class {
	case wire.Conflict:
		refused.Reason = entra.RefusedConflict
	case wire.OverQuota:
		refused.Reason = entra.RefusedQuota
	case wire.Forbidden:
		refused.Reason, refused.Property = entra.RefusedForbidden, ""
		refused.Message += " This needs Microsoft Graph's application permission " + permission +
			": grant it to the operator's application, with admin consent."
	case wire.Unauthorized:
		refused.Reason, refused.Property = entra.RefusedForbidden, ""
		refused.Message += " Graph does not accept the operator's token: check the tenant ID, the cloud and the Graph endpoint of the EntraTenant."
	default: // Invalid
	}
	if refused.Message == "" {
		refused.Message = fmt.Sprintf("Graph answered with status %d", f.Status)
	}
	return refused
}

// unwrapURL leaves only the host of the method and the URL that net/http puts around an error: the operation says the rest, and a URL
// may be long.
func unwrapURL(err error) error {
	around, ok := errors.AsType[*url.Error](err)
	if !ok {
		return err
	}
	target, bad := url.Parse(around.URL)
	if bad != nil || target.Host == "" {
		return around.Err
	}
	return fmt.Errorf("%s: %w", wire.Sanitize(target.Host), around.Err)
}
