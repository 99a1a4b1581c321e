package application

import (
	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// References are what a spec names beside the application itself, as far as it was found. What is missing holds up nothing else: two
// applications may refer to each other.
type References struct {
	// Permissions that the spec declares, in its order, each once.
	Permissions []Permission
	// Trusted are the preAuthorizedClients, and Known the knownClients, in the spec's order.
	Trusted, Known []Client
	// Incomplete is true where something was not found: then nobody can tell what of the declared permissions is not wanted any more.
	Incomplete bool
}

// Permission of an API that the spec declares.
type Permission struct {
	// Path of the field that names it, as in spec.permissions[0].delegated[1].
	Path  string
	Type  v1alpha1.PermissionType
	Value string
	ID    string
	API   reference.API
}

// Client that the spec trusts or knows.
type Client struct {
	// Index of its entry in the spec's list.
	Index  int
	AppID  string
	Scopes []string
}
