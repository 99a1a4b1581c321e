package conformance

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
)

func batch(requests ...any) object { return object{"requests": listOf(requests)} }

func inBatch(id, method, path string, more object) object {
	return changed(object{"id": id, "method": method, "url": path}, more)
}

func withBody(body object) object {
	return object{"headers": object{"Content-Type": "application/json"}, "body": body}
}

// subAnswers are the responses of a batch by id.
func subAnswers(t testing.TB, got reply, want int) map[string]object {
	t.Helper()
	found := map[string]object{}
	for _, one := range objects(got.body["responses"]) {
		found[text(one, "id")] = one
	}
	if len(found) != want {
		t.Fatalf("want %d responses\ngot  %s", want, got)
	}
	return found
}

func hasStatus(t testing.TB, answers map[string]object, id string, status float64) object {
	t.Helper()
	if answers[id]["status"] != status {
		t.Errorf("response %s: want status %.0f, got %v", id, status, answers[id])
	}
	return child(answers[id], "body")
}

// batched sends a batch, again where one of its requests was throttled, and gives its responses by id.
func (c *caller) batched(t testing.TB, want int, requests ...any) map[string]object {
	t.Helper()
	throttled := func(one object) bool { return one["status"] == float64(http.StatusTooManyRequests) }
	var got reply
	c.tenant.retry.until(t.Context(), func() bool {
		got = c.must(t, http.StatusOK, http.MethodPost, "/$batch", batch(requests...))
		return !slices.ContainsFunc(objects(got.body["responses"]), throttled)
	})
	return subAnswers(t, got, want)
}

func TestBatch_AnswersEachRequestSeparately(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, nil)
	got := examined.first.batched(t, 4,
		inBatch("read", "GET", applicationPath(made)+"?$select=id,displayName", nil),
		inBatch("missing", "GET", applications+"/"+guid(), nil),
		inBatch("write", "PATCH", applicationPath(made), withBody(object{"notes": "from a batch"})),
		inBatch("wrong", "PATCH", applicationPath(made), withBody(object{"noSuchProperty": "x"})),
	)
	if body := hasStatus(t, got, "read", 200); text(body, "id") != made.id() || text(body, "displayName") != made.text("displayName") {
		t.Errorf("want the application, got %v", body)
	}
	if body := hasStatus(t, got, "missing", 404); text(child(body, "error"), "code") != "Request_ResourceNotFound" {
		t.Errorf("want Graph's error in the body, got %v", body)
	}
	hasStatus(t, got, "write", 204)
	hasStatus(t, got, "wrong", 400)
	if headers := child(got["read"], "headers"); text(headers, "Content-Type") == "" {
		t.Errorf("want a Content-Type among the headers, got %v", headers)
	}
	examined.first.waitShown(t, applicationPath(made), object{"notes": "from a batch"})
}

func TestBatch_FollowsDependencies(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, nil)
	note := func(id, value string, after ...any) any {
		return inBatch(id, "PATCH", applicationPath(made), changed(withBody(object{"notes": value}), object{"dependsOn": listOf(after)}))
	}
	got := examined.first.batched(t, 3, note("3", "third", "2"), inBatch("1", "PATCH", applicationPath(made), withBody(object{"notes": "first"})), note("2", "second", "1"))
	for _, id := range []string{"1", "2", "3"} {
		hasStatus(t, got, id, 204)
	}
	examined.first.waitShown(t, applicationPath(made), object{"notes": "third"})
}

func TestBatch_SkipsDependentsOfFailure(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, object{"notes": "untouched"})
	got := examined.first.batched(t, 3,
		inBatch("1", "PATCH", applications+"/"+guid(), withBody(object{"notes": "x"})),
		inBatch("2", "PATCH", applicationPath(made), changed(withBody(object{"notes": "touched"}), object{"dependsOn": list{"1"}})),
		inBatch("3", "GET", applicationPath(made), object{"dependsOn": list{"2"}}),
	)
	hasStatus(t, got, "1", 404)
	if body := hasStatus(t, got, "2", 424); body == nil {
		t.Errorf("want a body with the error, got %v", got["2"])
	}
	hasStatus(t, got, "3", 424)
	examined.first.waitShown(t, applicationPath(made), object{"notes": "untouched"})
}

func TestBatch_PassesHeadersOn(t *testing.T) {
	t.Parallel()
	counted := applications + "/$count"
	got := examined.first.batched(t, 2,
		inBatch("with", "GET", counted, object{"headers": object{"ConsistencyLevel": "eventual"}}),
		inBatch("without", "GET", counted, nil),
	)
	if got["with"]["status"] != float64(200) || got["without"]["status"] != float64(400) {
		t.Errorf("want 200 with ConsistencyLevel and 400 without, got %v", got)
	}
}

func TestBatch_RefusedAsWhole(t *testing.T) {
	t.Parallel()
	read := func(id string) any { return inBatch(id, "GET", "/applications?$top=1&$select=id", nil) }
	numbered := func(n int) object {
		return batch(repeated(n, func(i int) any { return read(fmt.Sprint(i + 1)) })...)
	}
	for name, body := range map[string]object{
		"21 requests":           numbered(21),
		"one id twice":          batch(read("1"), read("1")),
		"an unknown dependency": batch(inBatch("1", "GET", "/applications?$top=1", object{"dependsOn": list{"0"}})),
		"a request without id":  batch(object{"method": "GET", "url": "/applications"}),
		"no list of requests":   {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			examined.first.refused(t, badRequest, http.MethodPost, "/$batch", body)
		})
	}
	t.Run("20 requests are accepted", func(t *testing.T) {
		t.Parallel()
		subAnswers(t, examined.first.must(t, http.StatusOK, http.MethodPost, "/$batch", numbered(20)), 20)
	})
}

func TestBatch_AuthorizesEachRequest(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, nil)
	got := nonOwner(t).batched(t, 2,
		inBatch("read", "GET", applicationPath(made), nil),
		inBatch("write", "PATCH", applicationPath(made), withBody(object{"notes": "taken"})),
	)
	hasStatus(t, got, "read", 200)
	hasStatus(t, got, "write", 403)
}
