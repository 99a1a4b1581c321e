package conformance

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1" // #nosec G505 -- Entra names certificates by their SHA-1 thumbprint
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// certificate is a self-signed certificate with its key.
type certificate struct {
	key *rsa.PrivateKey
	der []byte
	end time.Time
}

func newCertificate(t testing.TB) certificate {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	now := examined.clock.Now().UTC().Truncate(time.Second)
	made := certificate{key: key, end: now.Add(24 * time.Hour)}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: suiteTag},
		NotBefore: now.Add(-time.Hour), NotAfter: made.end,
	}
	if made.der, err = x509.CreateCertificate(rand.Reader, template, template, key.Public(), key); err != nil {
		t.Fatal(err)
	}
	return made
}

// credential is the entry of keyCredentials that registers the certificate.
func (c certificate) credential(more object) object {
	return changed(object{"type": "AsymmetricX509Cert", "usage": "Verify", "key": base64.StdEncoding.EncodeToString(c.der)}, more)
}

func keyCredentials(entries ...any) object { return object{"keyCredentials": listOf(entries)} }

// keysOf waits until the application has n keys and returns them.
func (c *caller) keysOf(t testing.TB, path string, n int) []object {
	t.Helper()
	got, ok := c.until(t, path, func(got reply) bool { return len(objects(got.body["keyCredentials"])) == n })
	if !ok {
		t.Fatalf("want %d keys\ngot  %s", n, got)
	}
	return objects(got.body["keyCredentials"])
}

func TestKeyCredential_IsReadWithoutKey(t *testing.T) {
	t.Parallel()
	made := newCertificate(t)
	path := applicationPath(examined.first.newApplication(t, nil))
	id := guid()
	examined.first.must(t, http.StatusNoContent, http.MethodPatch, path, keyCredentials(made.credential(object{"keyId": id, "displayName": "one"})))
	got := examined.first.keysOf(t, path, 1)[0]
	want := object{"keyId": id, "displayName": "one", "type": "AsymmetricX509Cert", "usage": "Verify", "key": nil}
	if !includes(got, asJSON(want)) {
		t.Errorf("want %v, got %v", want, got)
	}
	if end, err := time.Parse(time.RFC3339, text(got, "endDateTime")); err != nil || !end.Equal(made.end) {
		t.Errorf("endDateTime: want the certificate's %s, got %v", made.end, got["endDateTime"])
	}
	thumbprint := sha1.Sum(made.der) // #nosec G401 -- as above
	forms := []string{base64.StdEncoding.EncodeToString(thumbprint[:]), strings.ToUpper(hex.EncodeToString(thumbprint[:]))}
	if !slices.Contains(forms, text(got, "customKeyIdentifier")) {
		t.Errorf("customKeyIdentifier: want the SHA-1 thumbprint %q, got %v", forms, got["customKeyIdentifier"])
	}
}

func TestKeyCredential_KeyNeedsSelectOfOneObject(t *testing.T) {
	t.Parallel()
	certificate := newCertificate(t)
	made := examined.first.newApplication(t, keyCredentials(certificate.credential(nil)))
	alone := query(applicationPath(made), "select", "keyCredentials")
	examined.first.waitShown(t, alone, keyCredentials(object{"key": base64.StdEncoding.EncodeToString(certificate.der)}))
	listed := query(applications, "filter", "appId eq '"+made.text("appId")+"'", "select", "keyCredentials")
	examined.first.waitShown(t, listed, object{"value": list{keyCredentials(object{"key": nil})}})
}

func TestKeyCredential_PatchReplacesList(t *testing.T) {
	t.Parallel()
	path := applicationPath(examined.first.newApplication(t, keyCredentials(newCertificate(t).credential(object{"displayName": "first"}))))
	first := examined.first.keysOf(t, path, 1)[0]
	examined.first.must(t, http.StatusNoContent, http.MethodPatch, path, keyCredentials(first, newCertificate(t).credential(object{"displayName": "second"})))
	both := examined.first.keysOf(t, path, 2)
	if !slices.ContainsFunc(both, func(one object) bool { return text(one, "keyId") == text(first, "keyId") }) {
		t.Errorf("the key that was sent back as read is gone: %v", both)
	}
	second := both[slices.IndexFunc(both, func(one object) bool { return text(one, "displayName") == "second" })]
	examined.first.must(t, http.StatusNoContent, http.MethodPatch, path, keyCredentials(second))
	examined.first.waitShown(t, path, keyCredentials(object{"keyId": second["keyId"]}))
	examined.first.must(t, http.StatusNoContent, http.MethodPatch, path, keyCredentials())
	examined.first.keysOf(t, path, 0)
}

func TestKeyCredential_Rules(t *testing.T) {
	t.Parallel()
	made := newCertificate(t)
	one := func(more object) object { return keyCredentials(made.credential(more)) }
	armoured := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: made.der})
	path := applicationPath(examined.first.newApplication(t, nil))
	for name, body := range map[string]object{
		"a certificate in base64 of PEM": one(object{"key": base64.StdEncoding.EncodeToString(armoured)}),
		"dates inside the certificate's": one(object{"endDateTime": made.end.Add(-time.Hour).Format(time.RFC3339)}),
	} {
		t.Run("accepts "+name, func(t *testing.T) {
			t.Parallel()
			path := applicationPath(examined.first.newApplication(t, nil))
			examined.first.must(t, http.StatusNoContent, http.MethodPatch, path, body)
			examined.first.keysOf(t, path, 1)
		})
	}
	for name, body := range map[string]object{
		"an end after the certificate's":     one(object{"endDateTime": made.end.Add(time.Hour).Format(time.RFC3339)}),
		"no base64":                          one(object{"key": "*** no base64 ***"}),
		"no certificate":                     one(object{"key": base64.StdEncoding.EncodeToString([]byte("no certificate"))}),
		"an unknown type":                    one(object{"type": "Padlock"}),
		"an unknown usage":                   one(object{"usage": "Decorate"}),
		"a new entry without key":            keyCredentials(without(made.credential(nil), "key")),
		"a signing key without its password": one(object{"type": "X509CertAndPassword", "usage": "Sign"}),
	} {
		t.Run("refuses "+name, func(t *testing.T) {
			t.Parallel()
			examined.first.refused(t, badRequest, http.MethodPatch, path, body)
		})
	}
}

func TestKeyCredential_LongNamesAreCut(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, keyCredentials(newCertificate(t).credential(object{"displayName": textOf(120)})))
	got := examined.first.keysOf(t, applicationPath(made), 1)[0]
	if text(got, "displayName") != textOf(90) {
		t.Errorf("displayName: want the first 90 characters, got %d", len(text(got, "displayName")))
	}
}
