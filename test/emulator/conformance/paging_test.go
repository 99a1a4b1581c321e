package conformance

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestPaging_CoversWholeListOnce(t *testing.T) {
	t.Parallel()
	prefix := examined.name()
	var want []string
	for range 5 {
		want = append(want, examined.first.newApplication(t, object{"displayName": prefix + random(2)}).id())
	}
	path := query(applications, "filter", "startswith(displayName,'"+prefix+"')", "top", "2", "select", "id")
	examined.first.until(t, strings.Replace(path, "$top=2", "$top=9", 1), func(got reply) bool { return len(got.values()) == 5 })
	var found []string
	var sizes []int
	for path != "" && len(sizes) < 9 {
		got := examined.first.must(t, http.StatusOK, http.MethodGet, path, nil)
		sizes = append(sizes, len(got.values()))
		for _, one := range got.values() {
			found = append(found, text(one, "id"))
			if len(one) != 1 {
				t.Errorf("$select is lost on page %d: %v", len(sizes), one)
			}
		}
		path = got.text("@odata.nextLink")
		checkNextLink(t, path)
	}
	slices.Sort(want)
	slices.Sort(found)
	if !slices.Equal(want, found) || !slices.Equal(sizes, []int{2, 2, 1}) {
		t.Errorf("want 2+2+1 of %q, got %v of %q", want, sizes, found)
	}
}

func checkNextLink(t testing.TB, link string) {
	t.Helper()
	if link == "" {
		return
	}
	next, err := url.Parse(link)
	graph, _ := url.Parse(examined.graph)
	switch {
	case err != nil || next.Scheme != "https" || next.Host != graph.Host:
		t.Errorf("@odata.nextLink: want an absolute URL on %s, got %q", graph.Host, link)
	case next.Query().Get("$skiptoken") == "":
		t.Errorf("@odata.nextLink: want a $skiptoken, got %q", link)
	case next.Path != "/v1.0/applications":
		t.Errorf("@odata.nextLink: want the same collection, got %q", link)
	}
}

func TestPaging_OfEveryCollection(t *testing.T) {
	t.Parallel()
	made := newRoleOffer(t)
	other := newRoleOffer(t)
	for _, body := range []object{made.body(nil), made.body(object{"principalId": other.client.id()})} {
		examined.first.must(t, http.StatusCreated, http.MethodPost, made.assignedTo, body)
	}
	for _, path := range []string{principals, made.assignedTo} {
		var next reply
		got, ok := examined.first.until(t, query(path, "top", "1"), func(got reply) bool {
			if len(got.values()) != 1 || got.text("@odata.nextLink") == "" {
				return false
			}
			next = examined.first.must(t, http.StatusOK, http.MethodGet, got.text("@odata.nextLink"), nil)
			return len(next.values()) == 1 && text(next.values()[0], "id") != text(got.values()[0], "id")
		})
		if !ok {
			t.Errorf("want two pages of one\ngot  %s\nthen %s", got, next)
		}
	}
}

func TestPaging_BoundsOfTop(t *testing.T) {
	t.Parallel()
	examined.first.must(t, http.StatusOK, http.MethodGet, query(applications, "top", "999"), nil)
	for _, top := range []string{"1000", "-1", "many"} {
		examined.first.refused(t, badRequest, http.MethodGet, query(applications, "top", top), nil)
	}
	examined.first.refused(t, badRequest, http.MethodGet, query(applications, "skiptoken", "no-token-of-yours"), nil)
}
