package conformance

import (
	"net/http"
	"strings"
	"testing"
)

// rule is one body that a directory accepts or refuses.
type rule struct {
	name string
	body object
	want *refusal // nil: accepted
}

func accepts(name string, body object) rule { return rule{name: "accepts " + name, body: body} }

func refuses(name string, body object) rule { return refusesAs(name, body, badRequest) }

func refusesAs(name string, body object, want refusal) rule {
	return rule{name: "refuses " + name, body: body, want: &want}
}

// checkRules sends every rule as a POST and as a PATCH of an application; seed is what the application has before.
// Accepted bodies have to be readable afterwards; refused ones must have changed nothing.
func checkRules(t *testing.T, seed object, rules []rule) {
	t.Helper()
	t.Run("POST", func(t *testing.T) {
		t.Parallel()
		for _, one := range rules {
			t.Run(one.name, func(t *testing.T) {
				t.Parallel()
				examined.first.check(t, http.MethodPost, applications, examined.application(changed(seed, one.body)), one)
			})
		}
	})
	t.Run("PATCH", func(t *testing.T) {
		t.Parallel()
		for _, one := range rules {
			t.Run(one.name, func(t *testing.T) {
				t.Parallel()
				path := applicationPath(examined.first.newApplication(t, seed))
				examined.first.check(t, http.MethodPatch, path, one.body, one)
			})
		}
	})
}

// check sends one body and compares the answer with the rule.
func (c *caller) check(t testing.TB, method, path string, body object, one rule) {
	t.Helper()
	if one.want == nil {
		c.checkAccepted(t, method, path, body)
		return
	}
	if method == http.MethodPost {
		c.refused(t, *one.want, method, path, body)
		return
	}
	before := c.waitPresent(t, path).body
	c.refused(t, *one.want, method, path, body)
	c.waitShown(t, path, without(before, "@odata.context"))
}

func (c *caller) checkAccepted(t testing.TB, method, path string, body object) {
	t.Helper()
	if method == http.MethodPost {
		made := c.must(t, http.StatusCreated, method, path, body)
		c.waitShown(t, path+"/"+made.id(), body)
		return
	}
	c.must(t, http.StatusNoContent, method, path, body)
	c.waitShown(t, path, body)
}

// textOf is a text of n characters.
func textOf(n int) string { return strings.Repeat("x", n) }

// repeated is a list of n members.
func repeated(n int, member func(i int) any) list {
	out := make(list, n)
	for i := range out {
		out[i] = member(i)
	}
	return out
}

// web, spa, desktop are applications with redirect URIs of one platform.
func web(uris ...any) object { return object{"web": object{"redirectUris": listOf(uris)}} }

func spa(uris ...any) object { return object{"spa": object{"redirectUris": listOf(uris)}} }

func publicClient(uris ...any) object {
	return object{"publicClient": object{"redirectUris": listOf(uris)}}
}
