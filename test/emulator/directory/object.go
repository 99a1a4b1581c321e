package directory

import (
	"maps"
	"slices"
	"time"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// Kind is a kind of directory object, by its name in the metadata.
type Kind string

// The kinds that the directory holds. Federated credentials live inside their application.
const (
	Application      Kind = "application"
	ServicePrincipal Kind = "servicePrincipal"
	Assignment       Kind = "appRoleAssignment"
	User             Kind = "user"
	Group            Kind = "group"
	Grant            Kind = "oAuth2PermissionGrant"
)

// Object is one directory object at one moment. It is never changed once stored.
type Object struct {
	Kind      Kind
	ID        string
	Doc       odata.Document   // structural properties; for a service principal only its own, see Session.Properties
	Owners    []string         // object IDs
	Federated []odata.Document // of an application
	Members   []string         // object IDs of a group's direct members
	Created   time.Time
	Deleted   time.Time // zero while live
	Creator   string    // object ID of the principal whose quota it counts against

	sequence     uint64
	secretHashes map[string]secretHash // password credentials by keyId
}

// change copies the object, its document included, for one edit.
func (o *Object) change() *Object {
	next := *o
	next.Doc = odata.Clone(o.Doc)
	next.Owners = slices.Clone(o.Owners)
	next.Federated = slices.Clone(o.Federated)
	next.Members = slices.Clone(o.Members)
	next.secretHashes = maps.Clone(o.secretHashes)
	return &next
}

// OwnedBy reports whether a principal is an owner.
func (o *Object) OwnedBy(principalID string) bool { return slices.Contains(o.Owners, principalID) }

// Key names an object: by ID when Property is empty, else by an alternate key.
type Key struct{ Property, Value string }

func (k Key) matches(o *Object) bool {
	if k.Property == "" {
		return sameText(o.ID, k.Value)
	}
	return k.Value != "" && sameText(odata.Text(o.Doc, k.Property), k.Value)
}
