package graph

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// patience is how long we wait where Entra is busy and does not say for how long.
const patience = 10 * time.Second

// matter is what a request is about: enough to tell what a failure means.
type matter struct {
	step string
	// sought is the memory's key of what a read looks for: missing it counts as a miss.
	sought string
	// strange : the object may be none of ours. Unless we know more of it than that it was asked for, one miss is enough.
	strange bool
	// about are the objects whose youth excuses a failure of a write.
	about []string
	// needs names the permission that is missing where Graph denies the request.
	needs string
}

const (
	needsRead   = "Application.Read.All"
	needsWrite  = "Application.ReadWrite.OwnedBy, and to own the object"
	needsAssign = "AppRoleAssignment.ReadWrite.All and Application.Read.All"
	needsGrant  = "DelegatedPermissionGrant.ReadWrite.All"
	needsGrants = needsGrant + " or, to read only, Directory.Read.All"
)

// settle makes an error of the transport or the SDK one that the rest of the operator knows.
func (c *client) settle(m matter, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", m.step, c.meaning(m, err))
}

func (c *client) meaning(m matter, err error) error {
	var f *failure
	var slow entra.Throttled
	var no entra.Refused
	switch {
	case errors.As(err, &f):
		return c.weigh(m, f)
	case errors.As(err, &slow):
		return slow
	case errors.As(err, &no):
		return no
	case errors.Is(err, entra.ErrUnreachable), errors.Is(err, entra.ErrLagging), errors.Is(err, entra.ErrNotFound):
		return unwrapURL(err)
	default:
		return fmt.Errorf("%w: %w", entra.ErrUnreachable, unwrapURL(err))
	}
}

func (c *client) weigh(m matter, f *failure) error {
	switch v := f.verdict(); v {
	case taken:
		return fmt.Errorf("%w (%w)", entra.ErrExists, f)
	case stillEnabled:
		return fmt.Errorf("%w (%w)", entra.ErrStillEnabled, f)
	case throttled:
		return entra.Throttled{After: f.retryAfter}
	case busy:
		return entra.Throttled{After: cmp.Or(f.retryAfter, patience)}
	case senseless:
		return fmt.Errorf("%w: %w", entra.ErrUnreachable, f)
	case missing, late, denied:
		return c.weighAge(m, f, v)
	case refused, clash, overQuota, unsigned:
		return refusal(f, v, m.needs)
	default:
		return refusal(f, refused, m.needs)
	}
}

// weighAge decides what may be lag: new objects are not known everywhere, nor are their owners.
func (c *client) weighAge(m matter, f *failure, v verdict) error {
	switch {
	case v == missing && m.strange && !c.memory.isKnown(m.sought):
		return entra.ErrNotFound
	case v == missing && m.sought != "":
		return c.memory.missed(m.sought)
	case c.mayBeLag(m, v):
		return fmt.Errorf("%w (%w)", entra.ErrLagging, f)
	case v == missing:
		return fmt.Errorf("%w (%w)", entra.ErrNotFound, f)
	case v == denied:
		return refusal(f, denied, m.needs)
	case f.status == http.StatusForbidden:
		return refusal(f, denied, m.needs)
	default:
		return refusal(f, refused, m.needs)
	}
}

// mayBeLag : ownership of what we made is seen late; a permission that is missing stays missing.
func (c *client) mayBeLag(m matter, v verdict) bool {
	if v == denied {
		return m.needs == needsWrite && c.memory.isYoung(m.about...)
	}
	return len(m.about) > 0 && c.memory.excuses(m.about...)
}

func refusal(f *failure, v verdict, needs string) entra.Refused {
	no := entra.Refused{Reason: entra.RefusedInvalid, Message: f.message, Property: f.property(), Code: f.code, RequestID: f.requestID}
	switch v {
	case clash:
		no.Reason = entra.RefusedConflict
	case overQuota:
		no.Reason = entra.RefusedQuota
	case denied:
		no.Reason, no.Property = entra.RefusedForbidden, ""
		no.Message += " This needs Microsoft Graph's application permission " + needs +
			": grant it to the operator's application, with admin consent."
	case unsigned:
		no.Reason, no.Property = entra.RefusedForbidden, ""
		no.Message += " Graph does not accept the operator's token: check the tenant ID, the cloud and the Graph endpoint of the EntraTenant."
	default: // Invalid
	}
	if no.Message == "" {
		no.Message = fmt.Sprintf("Graph answered with status %d", f.status)
	}
	return no
}

// answered checks what a builder of the SDK returned.
func answered[T any](c *client, m matter, answer T, err error) (T, error) {
	var none T
	if err != nil {
		return none, c.settle(m, err)
	}
	if any(answer) == nil {
		return none, fmt.Errorf("%s: %w: Graph's answer was empty", m.step, entra.ErrUnreachable)
	}
	return answer, nil
}

// unwrapURL leaves the host of the method and the URL that net/http puts around an error: the step says the rest, and a URL may be long.
func unwrapURL(err error) error {
	around, ok := errors.AsType[*url.Error](err)
	if !ok {
		return err
	}
	asked, bad := url.Parse(around.URL)
	if bad != nil || asked.Host == "" {
		return around.Err
	}
	return fmt.Errorf("%s: %w", plain(asked.Host), around.Err)
}
