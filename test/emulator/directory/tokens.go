package directory

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// MicrosoftGraphAppID is the application ID of Microsoft Graph in every tenant.
const MicrosoftGraphAppID = "00000003-0000-0000-c000-000000000000"

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
	sum         sum
}

// Matches says whether text is this secret's value, in constant time. It does not look at Start and End.
func (s Secret) Matches(text string) bool {
	sum := hashSecret(s.KeyID, text)
	return subtle.ConstantTimeCompare(sum[:], s.sum[:]) == 1
}

type sum = [sha256.Size]byte

func hashSecret(keyID, text string) sum {
	return sha256.Sum256([]byte(keyID + "\x00" + text))
}

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

// Resource is a service principal as the audience of a token.
type Resource struct {
	AppID, ServicePrincipalID, DisplayName string
	Names                                  []string // servicePrincipalNames: the appId and the identifier URIs
	AssignmentRequired                     bool     // appRoleAssignmentRequired: AADSTS501051 without a role
	TokenVersion                           int      // 1 or 2; an application that says nothing gets 1
	Disabled                               bool
}

// Client finds an application of this tenant by its client ID. Deleted ones are not found.
func (d *Directory) Client(appID string) (Client, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.session(Caller{})
	app := s.find(Application, Key{Property: "appId", Value: appID}, s.tokens)
	if app == nil {
		return Client{}, false
	}
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
	if sp := s.find(ServicePrincipal, Key{Property: "appId", Value: appID}, s.tokens); sp != nil {
		client.ServicePrincipalID = sp.ID
		client.Disabled = client.Disabled || disabled(sp)
		client.Secrets = append(client.Secrets, secrets(sp)...)
		client.Certificates = append(client.Certificates, certificates(sp)...)
	}
	return client, true
}

// Resource finds a live service principal by its appId or one of its names; a slash at the end makes no difference.
func (d *Directory) Resource(name string) (Resource, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.session(Caller{})
	s.read = s.tokens
	name = strings.TrimSuffix(name, "/")
	for _, sp := range s.List(ServicePrincipal) {
		doc := s.Properties(sp)
		names := odata.Texts(doc, "servicePrincipalNames")
		if !slices.ContainsFunc(names, func(n string) bool { return sameText(strings.TrimSuffix(n, "/"), name) }) {
			continue
		}
		version := 1
		if v, ok := odata.At(s.applicationOf(sp), "api", "requestedAccessTokenVersion").(int); ok {
			version = v
		} else if odata.Text(doc, "appId") == tokenExchange { // the issuer that its tokens are known to have is v2's
			version = 2
		}
		return Resource{
			AppID: odata.Text(doc, "appId"), ServicePrincipalID: sp.ID, DisplayName: odata.Text(doc, "displayName"),
			Names: names, AssignmentRequired: odata.Flag(doc, "appRoleAssignmentRequired"), TokenVersion: version,
			Disabled: disabled(sp),
		}, true
	}
	return Resource{}, false
}

// Roles are the values of the enabled app roles that a client's service principal holds at a resource's, sorted. Both
// are object IDs. Default access has no value and does not show here.
func (d *Directory) Roles(clientID, resourceID string) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.session(Caller{})
	s.read = s.tokens
	out := s.rolesOf(clientID, resourceID)
	slices.Sort(out)
	return slices.Compact(out)
}

// Assigned says whether a client's service principal has any assignment at a resource's, default access included: what
// AssignmentRequired asks for.
func (d *Directory) Assigned(clientID, resourceID string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.session(Caller{}).assigned(clientID, resourceID)
}

func disabled(o *Object) bool {
	return odata.Flag(o.Doc, "isDisabled") || odata.Text(o.Doc, "disabledByMicrosoftStatus") != "" ||
		o.Kind == ServicePrincipal && !odata.Flag(o.Doc, "accountEnabled")
}

func secrets(o *Object) []Secret {
	var out []Secret
	for _, p := range odata.Documents(o.Doc, "passwordCredentials") {
		id := odata.Text(p, "keyId")
		out = append(out, Secret{
			KeyID: id, Hint: odata.Text(p, "hint"), Start: moment(p, "startDateTime"), End: moment(p, "endDateTime"), sum: o.sums[id],
		})
	}
	return out
}

func certificates(o *Object) []Certificate {
	var out []Certificate
	for _, k := range odata.Documents(o.Doc, "keyCredentials") {
		der, err := base64.StdEncoding.DecodeString(odata.Text(k, "key"))
		if err != nil || odata.Text(k, "usage") != "Verify" {
			continue
		}
		out = append(out, Certificate{
			KeyID: odata.Text(k, "keyId"), DER: der, Start: moment(k, "startDateTime"), End: moment(k, "endDateTime"),
		})
	}
	return out
}

func moment(doc odata.Document, name string) time.Time {
	t, _ := time.Parse(time.RFC3339Nano, odata.Text(doc, name))
	return t
}
