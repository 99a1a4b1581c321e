package graph_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"

	"k8s.io/utils/clock"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/graph"
	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

func TestSignIn_WithACertificate(t *testing.T) {
	t.Parallel()
	running := must(emulator.Start(emulator.Options{Seed: 1, Client: emulator.Client{ID: operatorID, Secret: canary}}))(t)
	t.Cleanup(func() { _ = running.Close() })
	certificate, key := newCertificate(t)
	der, _ := pem.Decode([]byte(certificate))
	if err := running.Directory().Within(directory.Caller{AppID: operatorID}, func(s *directory.Session) error {
		primary, replica, err := s.Editable(directory.Application, directory.Key{Property: "appId", Value: operatorID})
		if err != nil {
			return err
		}
		return s.PatchApplication(primary, replica, odata.Document{"keyCredentials": []any{odata.Document{
			"type": "AsymmetricX509Cert", "usage": "Verify", "key": base64.StdEncoding.EncodeToString(der.Bytes),
		}}})
	}); err != nil {
		t.Fatal(err)
	}
	tenants := graph.NewTenants(graph.Options{Clock: clock.RealClock{}, CustomHosts: []string{strings.TrimPrefix(running.URL(), "https://")}})
	reader := must(tenants.Open(tenantKey, "1", entra.Connection{
		TenantID: running.TenantID(), Authority: running.URL(), Graph: running.URL(), CABundle: string(running.CA()), Custom: true,
		Auth: entra.Auth{Type: "ClientCertificate", ClientID: operatorID, Certificate: entra.Hide(certificate), Key: entra.Hide(key)},
	}))(t)
	t.Cleanup(func() { tenants.Close(tenantKey) })
	assertEqual(t, "who signed in", operatorID, must(reader.Self(t.Context()))(t).AppID)
}

// newCertificate is a self-signed certificate, valid now, with its RSA key.
func newCertificate(t *testing.T) (certificate, key string) {
	t.Helper()
	private := must(rsa.GenerateKey(rand.Reader, 2048))(t)
	now := clock.RealClock{}.Now()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour)}
	der := must(x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private))(t)
	pkcs8 := must(x509.MarshalPKCS8PrivateKey(private))(t)
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}))
}
