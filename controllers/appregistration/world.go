package appregistration

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// World is all that a decision about an AppRegistration rests on.
type World struct {
	binding.Binding

	// application that is live, and how it was found.
	application entra.Observed[entra.Application]
	provenance  provenance
	// evidence of whose it is, where it was not found by our own record.
	evidence evidence
	// other is a second live application, under our first name.
	other *entra.Application
	// deleted is the application in deletedItems that holds the name.
	deleted entra.Observed[entra.Application]
	// unrecoverable are deleted applications whose name cannot be had back.
	unrecoverable []entra.Application
	// nameTaken is a name that is taken, Entra says, while it shows nothing that has it.
	nameTaken string
	// credentialNames are those of federated credentials that live objects ask for on this application.
	credentialNames []string

	principal        entra.Observed[entra.ServicePrincipal]
	deletedPrincipal entra.Observed[entra.ServicePrincipal]
	// holders of app roles; looked at only where a role is about to be removed.
	holders         entra.Observed[[]entra.Assignment]
	holdersLookedAt bool

	// apis and clients are what the spec names, by the path of the field that names them.
	apis    map[string]found[reference.API]
	clients map[string]found[reference.App]
	// observed are service principals of these by application ID; looked at only where something new is bound to them.
	observed map[string]found[entra.ServicePrincipal]
	consent  consent

	// secret of the wanted name, and the one that was recorded under another; nil where there is none.
	secret, formerSecret *corev1.Secret
}

// found is what was looked for, or why it was not found.
type found[T any] struct {
	value T
	err   error
}

// provenance is how we came to an application.
type provenance int

const (
	foundByName   provenance = iota // it has the name; nothing says that we made it
	foundByRecord                   // its object ID is in the status
	justCreated
	justRestored
)

// deletedHolder of a name is the deleted application that keeps it for good.
func (w World) deletedHolder(name string) *entra.Application {
	for _, app := range w.unrecoverable {
		if app.UniqueName == name {
			return &app
		}
	}
	if w.deleted.IsPresent() && w.deleted.Value.UniqueName == name {
		return &w.deleted.Value
	}
	return nil
}

// giveUp a deleted application, and its name with it.
func (w *World) giveUp(app entra.Application) {
	if !slices.ContainsFunc(w.unrecoverable, func(u entra.Application) bool { return u.ObjectID == app.ObjectID }) {
		w.unrecoverable = append(slices.Clone(w.unrecoverable), app)
	}
	w.deleted = entra.Absent[entra.Application]()
}
