package conformance

import (
	"net/http"
	"testing"
)

func TestApplicationUpsert_CreatesWhatIsMissing(t *testing.T) {
	t.Parallel()
	name := examined.name()
	body := without(examined.application(object{"notes": "made by upsert"}), "uniqueName")
	path := by(applications, "uniqueName", name)
	made := examined.first.must(t, http.StatusCreated, http.MethodPatch, path, body, createIfMissing)
	hasKeys(t, made.body, applicationKeys)
	hasContext(t, made, "applications/$entity")
	if got := made.text("uniqueName"); got != name {
		t.Errorf("uniqueName: want the one of the URL %q, got %q", name, got)
	}
	examined.first.waitShown(t, path, changed(body, object{"id": made.id()}))
}

func TestApplicationUpsert_UpdatesWhatExists(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, object{"uniqueName": examined.name()})
	path := by(applications, "uniqueName", made.text("uniqueName"))
	got := examined.first.must(t, http.StatusNoContent, http.MethodPatch, path, object{"displayName": made.text("displayName"), "notes": "overwritten"}, createIfMissing)
	if len(got.raw) != 0 {
		t.Errorf("want an empty body, got %s", got)
	}
	examined.first.waitShown(t, applicationPath(made), object{"id": made.id(), "notes": "overwritten"})
}

func TestApplicationUpsert_NeedsHeaderToCreate(t *testing.T) {
	t.Parallel()
	path := by(applications, "uniqueName", examined.name())
	examined.first.refused(t, notFound, http.MethodPatch, path, examined.application(nil))
	examined.first.waitAbsent(t, path)
}

func TestApplicationUpsert_RefusesAnotherName(t *testing.T) {
	t.Parallel()
	name, other := examined.name(), examined.name()
	either := []int{http.StatusCreated, http.StatusBadRequest}
	body := examined.application(object{"uniqueName": other})
	got := examined.first.oneOf(t, either, http.MethodPatch, by(applications, "uniqueName", name), body, createIfMissing)
	if got.text("uniqueName") == other {
		t.Errorf("uniqueName: want the one of the URL or a refusal\ngot  %s", got)
	}
	examined.first.waitAbsent(t, by(applications, "uniqueName", other))
}

func TestApplicationUpsert_NeedsDisplayName(t *testing.T) {
	t.Parallel()
	path := by(applications, "uniqueName", examined.name())
	examined.first.refused(t, about("displayName"), http.MethodPatch, path, object{"notes": "no name"}, createIfMissing)
	examined.first.waitAbsent(t, path)
}

func TestApplicationUpsert_ValidatesLikeCreate(t *testing.T) {
	t.Parallel()
	path := by(applications, "uniqueName", examined.name())
	examined.first.refused(t, badRequest, http.MethodPatch, path, examined.application(object{"tags": list{"a b"}}), createIfMissing)
	examined.first.refused(t, badRequest, http.MethodPatch, path, examined.application(object{"noSuchProperty": 1}), createIfMissing)
	examined.first.waitAbsent(t, path)
}

func TestUniqueName_OfLiveApplicationIsTaken(t *testing.T) {
	t.Parallel()
	holder := examined.first.newApplication(t, object{"uniqueName": examined.name()})
	body := examined.application(object{"uniqueName": holder.text("uniqueName")})
	examined.first.refused(t, nameTaken, http.MethodPost, applications, body)
}

func TestUniqueName_OfDeletedApplicationIsTakenUntilPurge(t *testing.T) {
	t.Parallel()
	holder := examined.first.newApplication(t, object{"uniqueName": examined.name()})
	name := holder.text("uniqueName")
	path := by(applications, "uniqueName", name)
	examined.first.must(t, http.StatusNoContent, http.MethodDelete, applicationPath(holder), nil)
	examined.first.waitAbsent(t, path)
	examined.first.refused(t, nameTaken, http.MethodPost, applications, examined.application(object{"uniqueName": name}))
	examined.first.refused(t, nameTaken, http.MethodPatch, path, examined.application(nil), createIfMissing)
	examined.first.refused(t, notFound, http.MethodPatch, path, examined.application(nil))

	examined.first.must(t, http.StatusNoContent, http.MethodDelete, deletedPath(holder), nil)
	made := examined.first.newApplication(t, object{"uniqueName": name})
	if made.id() == holder.id() || made.text("appId") == holder.text("appId") {
		t.Error("a purged application came back under its old ids")
	}
}
