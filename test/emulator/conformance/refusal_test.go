package conformance

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// refusal is what a directory must answer to something it does not allow. Zero fields are not looked at: a fact that is only
// general knowledge is strict about the refusal and tolerant about its exact code.
type refusal struct {
	status  int   // 0: 400
	other   []int // further statuses that are as good
	codes   []string
	message string // a fragment of error.message
	detail  string // the code of one of error.details
	about   string // a property that the message, or a detail's target, has to name
}

var (
	badRequest   = refusal{}
	notFound     = refusal{status: 404, codes: []string{"Request_ResourceNotFound"}, message: "does not exist or one of its queried reference-property objects are not present."}
	insufficient = refusal{status: 403, codes: []string{"Authorization_RequestDenied"}, message: "Insufficient privileges to complete the operation."}
	unsupported  = refusal{} // Request_UnsupportedQuery, by general knowledge only
	nameTaken    = refusal{codes: []string{"Request_BadRequest"}, message: "Another object with the same value for property uniqueName already exists."}
)

// about narrows a refusal to one that names the property.
func about(property string) refusal { return refusal{about: property} }

func (want refusal) statuses() []int {
	first := want.status
	if first == 0 {
		first = http.StatusBadRequest
	}
	return append([]int{first}, want.other...)
}

// mismatch says in which way an answer is not the refusal wanted, or "".
func (want refusal) mismatch(got reply) string {
	if !slices.Contains(want.statuses(), got.status) {
		return fmt.Sprintf("want a refusal with status %v", want.statuses())
	}
	if fault := errorShapeProblem(got); fault != "" {
		return fault
	}
	code, message := text(got.error(), "code"), text(got.error(), "message")
	switch {
	case len(want.codes) > 0 && !slices.Contains(want.codes, code):
		return fmt.Sprintf("error.code: want one of %q", want.codes)
	case !strings.Contains(message, want.message):
		return fmt.Sprintf("error.message: want %q in it", want.message)
	case want.detail != "" && !hasDetail(got, func(one object) bool { return text(one, "code") == want.detail }):
		return fmt.Sprintf("error.details: want the code %q", want.detail)
	case want.about != "" && !names(got, want.about):
		return fmt.Sprintf("want %q named in the message or as a detail's target", want.about)
	}
	return ""
}

func names(got reply, property string) bool {
	return strings.Contains(text(got.error(), "message"), property) ||
		hasDetail(got, func(one object) bool { return strings.Contains(text(one, "target"), property) })
}

func hasDetail(got reply, match func(object) bool) bool {
	return slices.ContainsFunc(objects(got.error()["details"]), match)
}

// errorShapeProblem says what is wrong with the shape of an error that any Graph refusal has, or "".
func errorShapeProblem(got reply) string {
	inner := child(got.error(), "innerError")
	switch {
	case got.error() == nil:
		return "want a JSON body with an error object"
	case text(got.error(), "code") == "" || text(got.error(), "message") == "":
		return "error.code and error.message have to be there"
	case !cmp.Equal(keys(inner), []string{"client-request-id", "date", "request-id"}):
		return "error.innerError: want client-request-id, date and request-id and nothing else"
	case text(inner, "request-id") != got.header.Get("request-id"):
		return "error.innerError.request-id: want the header's value"
	}
	return ""
}

// refused sends a request that the directory has to refuse.
func (c *caller) refused(t testing.TB, want refusal, method, path string, body any, options ...option) reply {
	t.Helper()
	r := newRequest(method, path, body, options)
	got := c.answered(t, r, func(got reply) bool { return want.mismatch(got) == "" })
	if fault := want.mismatch(got); fault != "" {
		t.Errorf("%s\nsent %v\ngot  %s", fault, shorten(body), got)
	}
	return got
}

// eventuallyRefuses repeats a request that a lagging replica may allow for a while, undoing each success, until it is refused.
func (c *caller) eventuallyRefuses(t testing.TB, want refusal, undo func(reply), method, path string, body any) {
	t.Helper()
	var got reply
	ok := c.tenant.retry.until(t.Context(), func() bool {
		if got = c.call(t, method, path, body); got.status < 400 {
			undo(got)
		}
		return want.mismatch(got) == ""
	})
	if !ok {
		t.Errorf("%s\ngot  %s", want.mismatch(got), got)
	}
}

// must sends a request that has to be answered with the status; anything else ends the test.
func (c *caller) must(t testing.TB, status int, method, path string, body any, options ...option) reply {
	t.Helper()
	r := newRequest(method, path, body, options)
	got := c.answered(t, r, func(got reply) bool { return got.status == status })
	if got.status != status {
		t.Fatalf("want status %d\nsent %v\ngot  %s", status, shorten(body), got)
	}
	return got
}

// until reads until the answer satisfies enough, and returns the last answer with whether it did.
func (c *caller) until(t testing.TB, path string, enough func(reply) bool, options ...option) (reply, bool) {
	t.Helper()
	return c.poll(t, c.tenant.retry, path, enough, options...)
}

// untilShort is until for what may never come.
func (c *caller) untilShort(t testing.TB, path string, enough func(reply) bool) (reply, bool) {
	t.Helper()
	return c.poll(t, c.tenant.retry.short(), path, enough)
}

func (c *caller) poll(t testing.TB, p retry, path string, enough func(reply) bool, options ...option) (reply, bool) {
	t.Helper()
	var got reply
	ok := p.until(t.Context(), func() bool {
		got = c.answered(t, newRequest(http.MethodGet, path, nil, options), unthrottled)
		return enough(got)
	})
	return got, ok
}

func unthrottled(got reply) bool { return got.status != http.StatusTooManyRequests }

// waitShown waits until the entity has what want names; other properties are not looked at.
func (c *caller) waitShown(t testing.TB, path string, want object) reply {
	t.Helper()
	wanted := asJSON(want)
	got, ok := c.until(t, path, func(got reply) bool { return got.status == http.StatusOK && includes(got.body, wanted) })
	if !ok {
		t.Errorf("want %v\ngot  %s", shorten(want), got)
	}
	return got
}

// waitAbsent waits until the path answers 404.
func (c *caller) waitAbsent(t testing.TB, path string) {
	t.Helper()
	got, ok := c.until(t, path, func(got reply) bool { return got.status == http.StatusNotFound })
	if !ok {
		t.Errorf("want 404\ngot  %s", got)
		return
	}
	if fault := notFound.mismatch(got); fault != "" {
		t.Errorf("%s\ngot  %s", fault, got)
	}
}

// waitPresent waits until the path answers 200, as often in a row as the tenant's replicas require.
func (c *caller) waitPresent(t testing.TB, path string) reply {
	t.Helper()
	row := 0
	got, ok := c.until(t, path, func(got reply) bool {
		row++
		if got.status != http.StatusOK {
			row = 0
		}
		return row >= c.tenant.retry.confirmations
	})
	if !ok {
		t.Fatalf("want 200\ngot  %s", got)
	}
	return got
}

// oneOf sends a request that may be answered in several ways; any other one is a fault.
func (c *caller) oneOf(t testing.TB, conceivable []int, method, path string, body any, options ...option) reply {
	t.Helper()
	r := newRequest(method, path, body, options)
	got := c.answered(t, r, func(got reply) bool { return slices.Contains(conceivable, got.status) })
	isOneOf(t, got, conceivable...)
	return got
}

// isOneOf is a fault where an answer is none of the conceivable ones.
func isOneOf(t testing.TB, got reply, conceivable ...int) {
	t.Helper()
	if !slices.Contains(conceivable, got.status) {
		t.Errorf("want one of %v\ngot  %s", conceivable, got)
	}
}

func shorten(body any) string {
	if raw, ok := body.([]byte); ok {
		body = string(raw)
	}
	out := fmt.Sprintf("%v", body)
	if len(out) > 500 {
		out = out[:500] + "…"
	}
	return out
}
