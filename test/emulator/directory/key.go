package directory

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // the thumbprint of a certificate is SHA-1 by definition
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"slices"
	"time"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// replaceKeys replaces the key credentials as a whole: an entry with a known keyId must be sent back as it was read,
// others are new and carry their key. primary is nil at a create.
func (s *Session) replaceKeys(o, primary *Object, body odata.Document) error {
	if _, sent := body["keyCredentials"]; !sent {
		return nil
	}
	known := map[string]odata.Document{}
	if primary != nil {
		if err := s.checkSpacing(primary); err != nil {
			return err
		}
		for _, k := range odata.Documents(primary.Doc, "keyCredentials") {
			known[odata.Text(k, "keyId")] = k
		}
	}
	kept := []any{}
	for _, sent := range odata.Documents(body, "keyCredentials") {
		old, ok := known[odata.Text(sent, "keyId")]
		if !ok {
			added, err := s.newKey(o, sent)
			if err != nil {
				return err
			}
			kept = append(kept, added)
			continue
		}
		if err := unchangedKey(old, sent); err != nil {
			return err
		}
		kept = append(kept, old)
	}
	o.Doc["keyCredentials"] = kept
	return nil
}

func unchangedKey(old, sent odata.Document) error {
	for name, value := range sent {
		if (name == "key" && value == nil) || odata.Same(value, old[name]) {
			continue
		}
		return notUpdatable(odata.Text(old, "keyId"))
	}
	return nil
}

// newKey makes an entry. A key that signs needs a password of the same ID.
func (s *Session) newKey(o *Object, sent odata.Document) (odata.Document, error) {
	kind, usage := odata.Text(sent, "type"), odata.Text(sent, "usage")
	if !slices.Contains([]string{"AsymmetricX509Cert/Verify", "AsymmetricX509Cert/Encrypt", "X509CertAndPassword/Sign", "Symmetric/Sign",
		"Symmetric/Verify"}, kind+"/"+usage) {
		return nil, odata.InvalidValue("keyCredentials", resourceOf(o))
	}
	if _, ok := o.secretHashes[odata.Text(sent, "keyId")]; kind == "X509CertAndPassword" && !ok {
		return nil, odata.InvalidValue("keyCredentials", resourceOf(o))
	}
	raw, err := base64.StdEncoding.DecodeString(odata.Text(sent, "key"))
	if err != nil || len(raw) == 0 {
		return nil, odata.BadRequest("Key value is invalid.").With("KeyCredentialsInvalidKey", "keyCredentials")
	}
	k := odata.Merge(odata.TypeByName("keyCredential"), odata.Blank(odata.TypeByName("keyCredential")), sent)
	if k["keyId"] == nil {
		k["keyId"] = s.directory.newID()
	}
	if name := []rune(odata.Text(k, "displayName")); len(name) > 90 {
		k["displayName"] = string(name[:90])
	}
	if kind == "AsymmetricX509Cert" {
		return k, fillFromCertificate(k, raw)
	}
	return k, datesOf(k, s.now, s.now.AddDate(2, 0, 0))
}

// fillFromCertificate checks a certificate and takes from it what the body did not say.
func fillFromCertificate(k odata.Document, raw []byte) error {
	if block, _ := pem.Decode(bytes.TrimSpace(raw)); block != nil {
		raw = block.Bytes
	}
	cert, err := x509.ParseCertificate(raw)
	if err != nil {
		return odata.BadRequest("Key value is invalid.").With("KeyCredentialsInvalidKey", "keyCredentials")
	}
	k["key"] = base64.StdEncoding.EncodeToString(raw)
	if k["customKeyIdentifier"] == nil {
		thumbprint := sha1.Sum(raw) //nolint:gosec // see the import
		k["customKeyIdentifier"] = base64.StdEncoding.EncodeToString(thumbprint[:])
	}
	if k["displayName"] == nil {
		k["displayName"] = cert.Subject.String()
	}
	if err := datesOf(k, cert.NotBefore, cert.NotAfter); err != nil {
		return err
	}
	if odata.Time(k, "endDateTime").After(cert.NotAfter) || odata.Time(k, "startDateTime").Before(cert.NotBefore) {
		return odata.BadRequest("Key credential end date is invalid.").With("KeyCredentialsInvalidEndDate", "keyCredentials")
	}
	return nil
}

func datesOf(k odata.Document, start, end time.Time) error {
	if k["startDateTime"] == nil {
		k["startDateTime"] = start.UTC().Format(time.RFC3339Nano)
	}
	if k["endDateTime"] == nil {
		k["endDateTime"] = end.UTC().Format(time.RFC3339Nano)
	}
	if !odata.Time(k, "endDateTime").After(odata.Time(k, "startDateTime")) {
		return odata.BadRequest("Key credential end date is invalid.").With("KeyCredentialsInvalidEndDate", "keyCredentials")
	}
	return nil
}
