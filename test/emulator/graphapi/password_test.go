package graphapi_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"maps"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

func TestPassword_IsShownOnce(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	app, _ := f.application("")
	path := "applications/" + app
	first := f.must(200, "POST", path+"/addPassword", "").body
	second := f.must(200, "POST", path+"/addPassword", `{"passwordCredential":{"displayName":"two","endDateTime":"2027-02-19T00:00:00Z"}}`).body
	keys := strings.Fields("@odata.context customKeyIdentifier displayName endDateTime hint keyId secretText startDateTime")
	if diff := cmp.Diff(keys, slices.Sorted(maps.Keys(second))); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	text := odata.Text(second, "secretText")
	if len(text) < 16 || len(text) > 64 || second["hint"] != text[:3] || second["endDateTime"] != "2027-02-19T00:00:00Z" {
		t.Errorf("made %v", second)
	}
	listed := odata.Documents(f.must(200, "GET", path, "").body, "passwordCredentials")
	if len(listed) != 2 || listed[0]["keyId"] != second["keyId"] || listed[0]["secretText"] != nil || listed[1]["keyId"] != first["keyId"] {
		t.Errorf("listed %v", listed)
	}
	f.must(204, "POST", path+"/removePassword", `{"keyId":"`+odata.Text(first, "keyId")+`"}`)
	f.refused(400, "No password credential found with keyId.", "POST", path+"/removePassword", `{"keyId":"`+odata.Text(first, "keyId")+`"}`)
	f.refused(400, "must be generated", "POST", path+"/addPassword", `{"passwordCredential":{"secretText":"chosen"}}`)
	f.refused(400, "end date", "POST", path+"/addPassword", `{"passwordCredential":{"endDateTime":"2020-01-01T00:00:00Z"}}`)
}

func TestPassword_PatchOnlyRemoves(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	app, appID := f.application("")
	path := "applications/" + app
	f.refused(400, "New password credentials must be generated with service actions.", "PATCH", path, `{"passwordCredentials":[{"displayName":"x"}]}`)
	made := f.must(200, "POST", path+"/addPassword", "").body
	f.must(200, "POST", path+"/addPassword", "")
	id := odata.Text(made, "keyId")
	f.refused(400, "Update to existing credential with KeyId '"+id+"' is not allowed.", "PATCH", path, `{"passwordCredentials":[{"keyId":"`+id+`","displayName":"x"}]}`)
	f.must(204, "PATCH", path, `{"passwordCredentials":[{"keyId":"`+id+`"}]}`)
	if known, _ := f.signin().Client(appID); len(known.Secrets) != 1 || !known.Secrets[0].Matches(odata.Text(made, "secretText")) {
		t.Errorf("left %v", known.Secrets)
	}
	f.must(204, "PATCH", path, `{"passwordCredentials":[]}`)
	created := f.must(201, "POST", "applications", `{"displayName":"x","passwordCredentials":[{"displayName":"first"}]}`).body
	if text := odata.Text(odata.Documents(created, "passwordCredentials")[0], "secretText"); text == "" {
		t.Error("a password asked for at create is not shown")
	}
}

func TestPassword_PersonalAccountsHaveTwo(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	made := f.must(201, "POST", "applications", `{"displayName":"x","signInAudience":"PersonalMicrosoftAccount"}`).body
	if made["api"].(odata.Document)["requestedAccessTokenVersion"] != 2.0 {
		t.Errorf("made with %v", made["api"])
	}
	path := "applications/" + odata.Text(made, "id") + "/addPassword"
	f.must(200, "POST", path, "")
	f.must(200, "POST", path, "")
	f.refused(400, "passwordCredentials", "POST", path, "")
}

// certificate is a self-signed certificate in base64 of DER.
func certificate(t *testing.T, end time.Time) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "orders"}, NotBefore: end.AddDate(-1, 0, 0), NotAfter: end,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(der)
}

func TestKeyCredential_PatchReplacesList(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	app, appID := f.application("")
	path := "applications/" + app
	end := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	der := certificate(t, end)
	entry := func(more string) string {
		return `{"keyCredentials":[{"type":"AsymmetricX509Cert","usage":"Verify","key":"` + der + `"` + more + `}]}`
	}
	f.must(204, "PATCH", path, entry(""))
	got := odata.Documents(f.must(200, "GET", path, "").body, "keyCredentials")[0]
	if got["key"] != nil || got["endDateTime"] != "2027-01-01T00:00:00Z" || got["displayName"] != "CN=orders" || got["customKeyIdentifier"] == nil {
		t.Errorf("read %v", got)
	}
	shown := odata.Documents(f.must(200, "GET", path+"?$select=keyCredentials", "").body, "keyCredentials")[0]
	if shown["key"] != der {
		t.Error("$select=keyCredentials does not show the key")
	}
	id := odata.Text(got, "keyId")
	f.must(204, "PATCH", path, `{"keyCredentials":[{"keyId":"`+id+`","type":"AsymmetricX509Cert","usage":"Verify","key":null}]}`)
	if known, _ := f.signin().Client(appID); len(known.Certificates) != 1 || base64.StdEncoding.EncodeToString(known.Certificates[0].DER) != der {
		t.Errorf("certificates are %v", known.Certificates)
	}
	f.refused(400, "is not allowed.", "PATCH", path, `{"keyCredentials":[{"keyId":"`+id+`","displayName":"other"}]}`)
	f.refused(400, "Key credential end date is invalid.", "PATCH", path, entry(`,"endDateTime":"2027-01-02T00:00:00Z"`))
	f.refused(400, "Key value is invalid.", "PATCH", path, `{"keyCredentials":[{"type":"AsymmetricX509Cert","usage":"Verify","key":"AAAA"}]}`)
	f.refused(400, "keyCredentials", "PATCH", path, `{"keyCredentials":[{"type":"X509CertAndPassword","usage":"Sign","key":"`+der+`"}]}`)
	f.must(204, "PATCH", path, `{"keyCredentials":[]}`)
}
