package conformance

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestApplicationRead_HasRecordedShape(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, nil)
	got := examined.first.waitPresent(t, applicationPath(made))
	hasKeys(t, got.body, applicationKeys)
	hasContext(t, got, "applications/$entity")
	if created := got.text("createdDateTime"); !toTheSecond.MatchString(created) || !strings.HasPrefix(made.text("createdDateTime"), created[:len(created)-1]) {
		t.Errorf("createdDateTime of a GET: want %q cut to the second, got %q", made.text("createdDateTime"), created)
	}
}

func TestApplicationRead_EveryKeyReadsSameEntity(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, object{"uniqueName": examined.name()})
	unique := made.text("uniqueName")
	want := examined.first.waitPresent(t, applicationPath(made)).body
	rows := map[string]string{
		"appId":                               by(applications, "appId", made.text("appId")),
		"uniqueName":                          by(applications, "uniqueName", unique),
		"uniqueName with bare quotes":         applications + "(uniqueName='" + unique + "')",
		"uniqueName with encoded parentheses": applications + "%28uniqueName%3D%27" + unique + "%27%29",
		"uniqueName with every byte encoded":  applications + "(uniqueName=%27" + everyByte(unique) + "%27)",
	}
	for name, path := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := examined.first.waitPresent(t, path).body
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("by object ID and by %s (-id +key):\n%s", name, diff)
			}
		})
	}
}

// everyByte percent-encodes also what needs none.
func everyByte(in string) string {
	const digits = "0123456789ABCDEF"
	var out strings.Builder
	for _, one := range []byte(in) {
		out.WriteByte('%')
		out.WriteByte(digits[one>>4])
		out.WriteByte(digits[one&15])
	}
	return out.String()
}

func TestApplicationRead_UnknownKeysAreNotFound(t *testing.T) {
	t.Parallel()
	unknown := guid()
	rows := map[string]struct{ path, key string }{
		"object ID":                {applications + "/" + unknown, unknown},
		"appId":                    {by(applications, "appId", unknown), unknown},
		"uniqueName":               {by(applications, "uniqueName", "nobody-"+unknown), ""},
		"uniqueName with a quote":  {by(applications, "uniqueName", "o'nobody-"+unknown), ""},
		"uniqueName with a slash":  {by(applications, "uniqueName", "a/b-"+unknown), ""},
		"uniqueName with brackets": {by(applications, "uniqueName", "a(b)-"+unknown), ""},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := notFound
			if row.key != "" {
				want.message = "Resource '" + row.key + "' does not exist or one of its queried reference-property objects are not present."
			}
			examined.first.refused(t, want, http.MethodGet, row.path, nil)
			examined.first.refused(t, notFound, http.MethodPatch, row.path, object{"notes": "nobody"})
			examined.first.refused(t, notFound, http.MethodDelete, row.path, nil)
		})
	}
}

func TestApplicationRead_ObjectIDIsNoAppID(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, nil)
	examined.first.refused(t, notFound, http.MethodGet, applications+"/"+made.text("appId"), nil)
	examined.first.refused(t, notFound, http.MethodGet, by(applications, "appId", made.id()), nil)
}

func TestApplicationList_EqualsRead(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, nil)
	path := query(applications, "filter", "appId eq '"+made.text("appId")+"'")
	got, ok := examined.first.until(t, path, func(got reply) bool { return len(got.values()) == 1 })
	if !ok {
		t.Fatalf("want one application\ngot  %s", got)
	}
	hasContext(t, got, "applications")
	want := without(examined.first.waitPresent(t, applicationPath(made)).body, "@odata.context")
	if diff := cmp.Diff(want, got.values()[0]); diff != "" {
		t.Errorf("in a list and alone (-alone +listed):\n%s", diff)
	}
}

func TestApplicationList_IsCollectionOfApplications(t *testing.T) {
	t.Parallel()
	got := examined.first.must(t, http.StatusOK, http.MethodGet, applications, nil)
	hasContext(t, got, "applications")
	if next := got.text("@odata.nextLink"); next != "" {
		if parsed, err := url.Parse(next); err != nil || !parsed.IsAbs() {
			t.Errorf("@odata.nextLink: want an absolute URL, got %q", next)
		}
	}
	if len(got.values()) == 0 || len(got.values()) > 100 {
		t.Errorf("want 1 to 100 applications on a page, got %d", len(got.values()))
	}
}
