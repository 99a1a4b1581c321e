package directory

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"slices"
	"time"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// secretLength is how long generated passwords are.
const secretLength = 40

const secretAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789~._-"

// AddPassword generates a password on an object. The returned credential carries the secret's text, which is not shown
// again.
func (s *Session) AddPassword(primary *Object, wish odata.Document) (odata.Document, error) {
	if err := s.checkSpacing(primary); err != nil {
		return nil, err
	}
	o := primary.change()
	shown, err := s.generate(o, wish)
	if err != nil {
		return nil, err
	}
	if allowsPersonalAccounts(odata.Text(o.Doc, "signInAudience")) && len(odata.List(o.Doc, "passwordCredentials")) > 2 {
		return nil, odata.InvalidValue("passwordCredentials", resourceOf(o))
	}
	s.store(o)
	return shown, nil
}

// generate puts a new password in front of an object's others: they come newest first.
func (s *Session) generate(o *Object, wish odata.Document) (odata.Document, error) {
	if odata.Text(wish, "secretText") != "" || odata.Text(wish, "keyId") != "" || odata.Text(wish, "hint") != "" {
		return nil, odata.BadRequest("New password credentials must be generated with service actions.").
			With("InvalidValue", "passwordCredentials")
	}
	start, end := odata.Time(wish, "startDateTime"), odata.Time(wish, "endDateTime")
	if start.IsZero() {
		start = s.now
	}
	if end.IsZero() {
		end = start.AddDate(2, 0, 0)
	}
	if !end.After(start) {
		return nil, odata.BadRequest("Key credential end date is invalid.").With("KeyCredentialsInvalidEndDate", "passwordCredentials")
	}
	id, text := s.directory.newID(), s.directory.newSecret()
	credential := odata.Document{
		"customKeyIdentifier": wish["customKeyIdentifier"], "displayName": wish["displayName"], "hint": text[:3], "keyId": id,
		"startDateTime": start.Format(time.RFC3339Nano), "endDateTime": end.Format(time.RFC3339Nano), "secretText": nil,
	}
	o.Doc["passwordCredentials"] = append([]any{credential}, odata.List(o.Doc, "passwordCredentials")...)
	if o.secretHashes == nil {
		o.secretHashes = make(map[string]secretHash)
	}
	o.secretHashes[id] = hashSecret(id, text)
	shown := odata.Clone(credential)
	shown["secretText"] = text
	return shown, nil
}

type secretHash = [sha256.Size]byte

func hashSecret(keyID, text string) secretHash {
	return sha256.Sum256([]byte(keyID + "\x00" + text))
}

// SecretMatches reports whether text is the value of a password credential, in constant time.
func (o *Object) SecretMatches(keyID, text string) bool {
	got, want := hashSecret(keyID, text), o.secretHashes[keyID]
	return subtle.ConstantTimeCompare(got[:], want[:]) == 1
}

func (d *Directory) newSecret() string {
	var raw [secretLength]byte
	_, _ = d.random.Read(raw[:]) // never fails
	for i, b := range raw {
		raw[i] = secretAlphabet[int(b)%len(secretAlphabet)]
	}
	return string(raw[:])
}

// RemovePassword deletes a password.
func (s *Session) RemovePassword(primary *Object, keyID string) error {
	if err := s.checkSpacing(primary); err != nil {
		return err
	}
	o := primary.change()
	kept := slices.DeleteFunc(odata.List(o.Doc, "passwordCredentials"), func(p any) bool { return odata.At(p.(odata.Document), "keyId") == keyID })
	if len(kept) == len(odata.List(primary.Doc, "passwordCredentials")) {
		return odata.BadRequest("No password credential found with keyId.").With("InvalidValue", "keyId")
	}
	o.Doc["passwordCredentials"] = kept
	delete(o.secretHashes, keyID)
	s.store(o)
	return nil
}

// createPasswords generates the one password that a POST may ask for.
func (s *Session) createPasswords(o *Object) (map[string]string, error) {
	wishes := odata.Documents(o.Doc, "passwordCredentials")
	if len(wishes) > 1 {
		return nil, odata.InvalidValue("passwordCredentials", resourceOf(o))
	}
	o.Doc["passwordCredentials"] = []any{}
	texts := map[string]string{}
	for _, wish := range wishes {
		shown, err := s.generate(o, wish)
		if err != nil {
			return nil, err
		}
		texts[odata.Text(shown, "keyId")] = odata.Text(shown, "secretText")
	}
	return texts, nil
}

// patchPasswords lets a PATCH remove passwords, not add or change them.
func (s *Session) patchPasswords(o, primary *Object, body odata.Document) error {
	if _, sent := body["passwordCredentials"]; !sent {
		return nil
	}
	if err := s.checkSpacing(primary); err != nil {
		return err
	}
	known := map[string]odata.Document{}
	for _, p := range odata.Documents(primary.Doc, "passwordCredentials") {
		known[odata.Text(p, "keyId")] = p
	}
	var kept []any
	sums := map[string]secretHash{}
	for _, sent := range odata.Documents(body, "passwordCredentials") {
		id := odata.Text(sent, "keyId")
		old, ok := known[id]
		if !ok {
			return odata.BadRequest("New password credentials must be generated with service actions.").
				With("CannotCreateNewPasswordCredential", "passwordCredentials")
		}
		for name, value := range sent {
			if !odata.Same(value, old[name]) {
				return notUpdatable(id)
			}
		}
		kept, sums[id] = append(kept, old), primary.secretHashes[id]
	}
	if kept == nil {
		kept = []any{}
	}
	o.Doc["passwordCredentials"], o.secretHashes = kept, sums
	return nil
}

// checkSpacing refuses a write of credentials that comes too soon after another on the same object.
func (s *Session) checkSpacing(primary *Object) error {
	if s.credentialsWritten {
		return nil // one request, one write
	}
	last, ok := s.directory.credentialWrites[primary.ID]
	if spacing := s.directory.lag.Spacing; ok && spacing > 0 && s.now.Before(last.Add(spacing)) {
		status := http.StatusConflict
		if s.RandomBool() {
			status = http.StatusServiceUnavailable
		}
		return odata.Refused(status, "Directory_ConcurrencyViolation",
			"Error due to concurrent requests being made to the tenant. Please wait briefly and retry.")
	}
	s.directory.credentialWrites[primary.ID], s.credentialsWritten = s.now, true
	return nil
}

func notUpdatable(keyID string) error {
	return odata.BadRequest("Update to existing credential with KeyId '%s' is not allowed.", keyID).With("KeyNotUpdatable", "keyId")
}

func allowsPersonalAccounts(audience string) bool {
	return audience == "AzureADandPersonalMicrosoftAccount" || audience == "PersonalMicrosoftAccount"
}

func resourceOf(o *Object) string { return odata.TypeByName(string(o.Kind)).Resource }
