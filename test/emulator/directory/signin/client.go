// Package signin is the directory as the token service sees it, possibly late (Lag.Tokens): clients and their credentials, resources,
// and what clients and users were granted.
package signin

import (
	"encoding/base64"
	"time"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// Directory reads a directory for the token service.
type Directory struct{ *directory.Directory }

// Client is an application of this tenant as the token service sees it, possibly late (Lag.Tokens).
type Client struct {
	AppID               string
	ApplicationObjectID string
	ServicePrincipalID  string // empty: no live service principal in this tenant
	DisplayName         string
	Disabled            bool // isDisabled or disabledByMicrosoftStatus on either object, or accountEnabled false
	Secrets             []Secret
	Certificates        []Certificate
	Federated           []Federated
}

// Secret is a password credential; its text is not kept.
type Secret struct {
	KeyID, Hint string
	Start, End  time.Time

	object *directory.Object
}

// Matches reports whether text is this secret's value, in constant time. It does not look at Start and End.
func (s Secret) Matches(text string) bool { return s.object.SecretMatches(s.KeyID, text) }

// Certificate is a key credential with usage Verify: what the client may sign assertions with.
type Certificate struct {
	KeyID      string
	DER        []byte
	Start, End time.Time
}

// Federated is a federated identity credential: which outside tokens the client may present. Comparison is exact.
type Federated struct {
	Name, Issuer, Subject string
	Audiences             []string
}

// Client finds an application of this tenant by its client ID. Deleted ones are not found.
func (d Directory) Client(appID string) (client Client, ok bool) {
	d.AtTokenService(func(s *directory.Session) {
		key := directory.Key{Property: "appId", Value: appID}
		app, err := s.Find(directory.Application, key)
		if err != nil {
			return
		}
		client, ok = clientOf(app), true
		if sp, err := s.Find(directory.ServicePrincipal, key); err == nil {
			client.ServicePrincipalID = sp.ID
			client.Disabled = client.Disabled || disabled(sp)
			client.Secrets = append(client.Secrets, secrets(sp)...)
			client.Certificates = append(client.Certificates, certificates(sp)...)
		}
	})
	return client, ok
}

func clientOf(app *directory.Object) Client {
	client := Client{
		AppID:               odata.Text(app.Doc, "appId"),
		ApplicationObjectID: app.ID,
		DisplayName:         odata.Text(app.Doc, "displayName"),
		Disabled:            disabled(app),
		Secrets:             secrets(app),
		Certificates:        certificates(app),
	}
	for _, f := range app.Federated {
		client.Federated = append(client.Federated, Federated{
			Name: odata.Text(f, "name"), Issuer: odata.Text(f, "issuer"), Subject: odata.Text(f, "subject"),
			Audiences: odata.Texts(f, "audiences"),
		})
	}
	return client
}

func disabled(o *directory.Object) bool {
	return odata.Flag(o.Doc, "isDisabled") || odata.Text(o.Doc, "disabledByMicrosoftStatus") != "" ||
		o.Kind == directory.ServicePrincipal && !odata.Flag(o.Doc, "accountEnabled")
}

func secrets(o *directory.Object) []Secret {
	var out []Secret
	for _, p := range odata.Documents(o.Doc, "passwordCredentials") {
		id := odata.Text(p, "keyId")
		out = append(out, Secret{
			KeyID: id, Hint: odata.Text(p, "hint"), Start: odata.Time(p, "startDateTime"), End: odata.Time(p, "endDateTime"), object: o,
		})
	}
	return out
}

func certificates(o *directory.Object) []Certificate {
	var out []Certificate
	for _, k := range odata.Documents(o.Doc, "keyCredentials") {
		der, err := base64.StdEncoding.DecodeString(odata.Text(k, "key"))
		if err != nil || odata.Text(k, "usage") != "Verify" {
			continue
		}
		out = append(out, Certificate{
			KeyID: odata.Text(k, "keyId"), DER: der, Start: odata.Time(k, "startDateTime"), End: odata.Time(k, "endDateTime"),
		})
	}
	return out
}
