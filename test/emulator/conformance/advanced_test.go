package conformance

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// advanced are query options that only the eventual index answers.
func advanced(prefix string) map[string][]string {
	starts := "startswith(displayName,'" + prefix + "')"
	return map[string][]string{
		"ne":                   {"filter", starts + " and displayName ne 'x'"},
		"not":                  {"filter", starts + " and not(displayName eq 'x')"},
		"endsWith":             {"filter", starts + " and endsWith(displayName,'one')"},
		"search":               {"search", `"displayName:` + prefix + `"`},
		"orderby with filter":  {"filter", starts, "orderby", "displayName"},
		"number of owners":     {"filter", starts + " and owners/$count ge 0"},
		"number of federated":  {"filter", starts + " and federatedIdentityCredentials/$count eq 0"},
		"orderby descending":   {"filter", starts, "orderby", "displayName desc"},
		"ne on another string": {"filter", starts + " and signInAudience ne 'x'"},
	}
}

func TestAdvancedQuery_NeedsHeaderAndCount(t *testing.T) {
	t.Parallel()
	prefix := examined.name()
	made := examined.first.newApplication(t, object{"displayName": prefix + "-one"})
	for name, pairs := range advanced(prefix) {
		counted := append(append([]string{}, pairs...), "count", "true")
		t.Run(name+" with both", func(t *testing.T) {
			t.Parallel()
			got, ok := examined.first.until(t, query(applications, counted...), func(got reply) bool { return member(got, made.id()) != nil }, eventual)
			if !ok {
				t.Fatalf("want the application\ngot  %s", got)
			}
			if got.body["@odata.count"] != float64(1) {
				t.Errorf("@odata.count: want 1, got %v", got.body["@odata.count"])
			}
		})
		t.Run(name+" without the header", func(t *testing.T) {
			t.Parallel()
			examined.first.refused(t, unsupported, http.MethodGet, query(applications, counted...), nil)
		})
		t.Run(name+" without either", func(t *testing.T) {
			t.Parallel()
			examined.first.refused(t, unsupported, http.MethodGet, query(applications, pairs...), nil)
		})
		if name == "search" {
			continue // $search needs the header only
		}
		t.Run(name+" without the count", func(t *testing.T) {
			t.Parallel()
			examined.first.refused(t, unsupported, http.MethodGet, query(applications, pairs...), nil, eventual)
		})
	}
}

func TestAdvancedQuery_Order(t *testing.T) {
	t.Parallel()
	prefix := examined.name()
	for _, one := range []string{"-b", "-c", "-a"} {
		examined.first.newApplication(t, object{"displayName": prefix + one})
	}
	for order, want := range map[string]string{"displayName": "-a -b -c", "displayName desc": "-c -b -a"} {
		path := query(applications, "filter", "startswith(displayName,'"+prefix+"')", "orderby", order, "count", "true")
		got, ok := examined.first.until(t, path, func(got reply) bool { return len(got.values()) == 3 }, eventual)
		var found []string
		for _, one := range got.values() {
			found = append(found, strings.TrimPrefix(text(one, "displayName"), prefix))
		}
		if !ok || strings.Join(found, " ") != want {
			t.Errorf("$orderby=%s: want %s, got %q", order, want, found)
		}
	}
}

func TestAdvancedQuery_CountOfCollection(t *testing.T) {
	t.Parallel()
	prefix := examined.name()
	for range 2 {
		examined.first.newApplication(t, object{"displayName": prefix + random(2)})
	}
	for _, path := range []string{applications + "/$count", principals + "/$count"} {
		examined.first.refused(t, badRequest, http.MethodGet, path, nil)
		got := examined.first.must(t, http.StatusOK, http.MethodGet, path, nil, eventual)
		number, err := strconv.Atoi(strings.TrimPrefix(string(got.raw), "\ufeff"))
		if err != nil || number < 1 || !strings.HasPrefix(got.header.Get("Content-Type"), "text/plain") {
			t.Errorf("want a number in text/plain, got %s with %q", got, got.header.Get("Content-Type"))
		}
	}
	path := query(applications+"/$count", "filter", "startswith(displayName,'"+prefix+"')")
	got, ok := examined.first.until(t, path, func(got reply) bool { return strings.TrimPrefix(string(got.raw), "\ufeff") == "2" }, eventual)
	if !ok {
		t.Errorf("want 2\ngot  %s", got)
	}
}

func TestAdvancedQuery_InlineCountNeedsHeader(t *testing.T) {
	t.Parallel()
	either := []int{http.StatusOK, http.StatusBadRequest}
	got := examined.first.oneOf(t, either, http.MethodGet, query(applications, "count", "true", "top", "1"), nil)
	if _, counted := got.body["@odata.count"]; counted {
		t.Errorf("want no count without ConsistencyLevel\ngot  %s", got)
	}
}
