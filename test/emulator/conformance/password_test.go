package conformance

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// password is the body of addPassword.
func password(name string) object {
	return object{"passwordCredential": object{"displayName": name}}
}

func (c *caller) addPassword(t testing.TB, path, name string) reply {
	t.Helper()
	return c.must(t, http.StatusOK, http.MethodPost, path+"/addPassword", password(name))
}

func TestAddPassword_ShowsSecretOnce(t *testing.T) {
	t.Parallel()
	path := applicationPath(examined.first.newApplication(t, nil))
	got := examined.first.addPassword(t, path, "one")
	hasKeys(t, got.body, passwordKeys)
	hasContext(t, got, "microsoft.graph.passwordCredential")
	if !strings.HasPrefix(got.header.Get("Location"), "https://") {
		t.Errorf("Location: want an absolute URL, got %q", got.header.Get("Location"))
	}
	secret := got.text("secretText")
	switch {
	case len(secret) < 16 || len(secret) > 64:
		t.Errorf("secretText: want 16 to 64 characters, got %d", len(secret))
	case got.text("hint") != secret[:3]:
		t.Errorf("hint: want the secret's first three characters, got %q", got.text("hint"))
	case !guidPattern.MatchString(got.text("keyId")):
		t.Errorf("keyId: want a GUID, got %q", got.text("keyId"))
	case got.body["customKeyIdentifier"] != nil || got.text("displayName") != "one":
		t.Errorf("want the display name and no customKeyIdentifier\ngot  %s", got)
	}
	examined.first.waitShown(t, path, object{"passwordCredentials": list{object{
		"keyId": got.text("keyId"), "hint": got.text("hint"), "displayName": "one", "secretText": nil,
	}}})
}

func TestAddPassword_LivesTwoYearsByDefault(t *testing.T) {
	t.Parallel()
	path := applicationPath(examined.first.newApplication(t, nil))
	got := examined.first.addPassword(t, path, "default")
	start, end := moment(t, got, "startDateTime"), moment(t, got, "endDateTime")
	if !end.Equal(start.AddDate(2, 0, 0)) {
		t.Errorf("want two years, got %s to %s", start, end)
	}
	told := object{"displayName": "told", "startDateTime": "2026-01-02T03:04:05Z", "endDateTime": "2027-06-07T08:09:10Z"}
	if end.After(examined.clock.Now().AddDate(2, 0, 1)) || start.After(examined.clock.Now().Add(time.Hour)) {
		t.Errorf("want a life that starts now, got %s", start)
	}
	got = examined.first.must(t, http.StatusOK, http.MethodPost, path+"/addPassword", object{"passwordCredential": told})
	for _, property := range []string{"startDateTime", "endDateTime"} {
		if want, _ := time.Parse(time.RFC3339, text(told, property)); !moment(t, got, property).Equal(want) {
			t.Errorf("%s: want %s, got %s", property, want, got.text(property))
		}
	}
}

func moment(t testing.TB, in reply, property string) time.Time {
	t.Helper()
	found, err := time.Parse(time.RFC3339, in.text(property))
	if err != nil {
		t.Errorf("%s: %v", property, err)
	}
	return found
}

func TestAddPassword_NewestFirst(t *testing.T) {
	t.Parallel()
	path := applicationPath(examined.first.newApplication(t, nil))
	for _, name := range []string{"oldest", "middle", "newest"} {
		examined.first.addPassword(t, path, name)
	}
	var found []string
	_, ok := examined.first.until(t, path, func(got reply) bool {
		found = nil
		for _, one := range objects(got.body["passwordCredentials"]) {
			found = append(found, text(one, "displayName"))
		}
		return len(found) == 3
	})
	if got := strings.Join(found, " "); !ok || got != "newest middle oldest" {
		t.Errorf("want newest middle oldest, got %q", got)
	}
}

func TestAddPassword_ClientsCannotChooseSecret(t *testing.T) {
	t.Parallel()
	path := applicationPath(examined.first.newApplication(t, nil))
	chosen, id := "chosen-by-the-client-"+random(8), guid()
	body := object{"passwordCredential": object{"displayName": "mine", "secretText": chosen, "keyId": id}}
	got := examined.first.oneOf(t, []int{http.StatusOK, http.StatusBadRequest}, http.MethodPost, path+"/addPassword", body)
	if got.text("secretText") == chosen || got.text("keyId") == id {
		t.Error("the directory took the client's secretText or keyId")
	}
}

func TestRemovePassword_Removes(t *testing.T) {
	t.Parallel()
	path := applicationPath(examined.first.newApplication(t, nil))
	kept, removed := examined.first.addPassword(t, path, "kept"), examined.first.addPassword(t, path, "gone")
	body := object{"keyId": removed.text("keyId")}
	got := examined.first.must(t, http.StatusNoContent, http.MethodPost, path+"/removePassword", body)
	if len(got.raw) != 0 {
		t.Errorf("want an empty body, got %s", got)
	}
	examined.first.waitShown(t, path, object{"passwordCredentials": list{object{"keyId": kept.text("keyId")}}})
	examined.first.refused(t, badRequest, http.MethodPost, path+"/removePassword", body)
	examined.first.refused(t, badRequest, http.MethodPost, path+"/removePassword", object{"keyId": guid()})
}

func TestPassword_ActionsOfUnknownApplicationAreNotFound(t *testing.T) {
	t.Parallel()
	path := applications + "/" + guid()
	examined.first.refused(t, notFound, http.MethodPost, path+"/addPassword", password("nobody's"))
	examined.first.refused(t, notFound, http.MethodPost, path+"/removePassword", object{"keyId": guid()})
}

func TestPassword_PatchOnlyRemoves(t *testing.T) {
	t.Parallel()
	path := applicationPath(examined.first.newApplication(t, nil))
	one, two := examined.first.addPassword(t, path, "one"), examined.first.addPassword(t, path, "two")
	read := func(made reply) object {
		return changed(without(made.body, "@odata.context"), object{"secretText": nil})
	}
	patch := func(entries ...any) object { return object{"passwordCredentials": listOf(entries)} }
	examined.first.waitShown(t, path, object{"passwordCredentials": list{object{"keyId": one.text("keyId")}, object{"keyId": two.text("keyId")}}})

	added := refusal{message: "New password credentials must be generated with service actions."}
	examined.first.refused(t, added, http.MethodPatch, path, patch(read(one), read(two), object{"displayName": "three"}))
	updated := refusal{detail: "KeyNotUpdatable", message: "Update to existing credential with KeyId '" + one.text("keyId") + "' is not allowed."}
	renamed := changed(read(one), object{"displayName": "renamed"})
	examined.first.refused(t, updated, http.MethodPatch, path, patch(renamed, read(two)))

	examined.first.must(t, http.StatusNoContent, http.MethodPatch, path, patch(read(two)))
	examined.first.waitShown(t, path, object{"passwordCredentials": list{object{"keyId": two.text("keyId")}}})
	examined.first.must(t, http.StatusNoContent, http.MethodPatch, path, patch())
	examined.first.waitShown(t, path, object{"passwordCredentials": list{}})
}

func TestPassword_CreateMayGenerateOne(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, object{"passwordCredentials": list{object{"displayName": "at birth"}}})
	minted := objects(made.body["passwordCredentials"])
	if len(minted) != 1 || len(text(minted[0], "secretText")) < 16 || text(minted[0], "displayName") != "at birth" {
		t.Fatalf("want one password with its secret\ngot  %s", made)
	}
	examined.first.waitShown(t, applicationPath(made), object{"passwordCredentials": list{object{
		"keyId": text(minted[0], "keyId"), "secretText": nil, "hint": text(minted[0], "secretText")[:3],
	}}})
}
