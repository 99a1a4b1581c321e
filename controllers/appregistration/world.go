package appregistration

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// World is all that a decision about an AppRegistration rests on.
type World struct {
	engine.Basis

	// application that is live, and how it was found.
	application entra.Observed[entra.Application]
	found       provenance
	// evidence of whose it is, where it was not found by our own record.
	evidence evidence
	// twin is a second live application that carries our marks under our other name.
	twin *entra.Application
	// grave is the deleted application that holds the name.
	grave entra.Observed[entra.Application]
	// spent are deleted applications whose name cannot be had back.
	spent []entra.Application
	// held is a name that is taken, Entra says, while it shows nothing that has it.
	held string
	// asked are the names of federated credentials that live objects ask for on this application.
	asked []string

	principal      entra.Observed[entra.ServicePrincipal]
	principalGrave entra.Observed[entra.ServicePrincipal]
	// holders of app roles; looked at only where a role is about to be removed.
	holders entra.Observed[[]entra.Assignment]

	references references
	consent    consent

	// secret of the wanted name, and the one that was recorded under another; nil where there is none.
	secret, formerSecret *corev1.Secret
}

// provenance is how we came to an application.
type provenance int

const (
	byName   provenance = iota // it has the name; nothing says that we made it
	byRecord                   // its object ID is in the status
	made                       // created a moment ago
	restored                   // brought back from deletedItems a moment ago
)

// holderOf a name is the deleted application that keeps it for good.
func (w World) holderOf(name string) *entra.Application {
	for _, app := range w.spent {
		if app.UniqueName == name {
			return &app
		}
	}
	if w.grave.IsPresent() && w.grave.Value.UniqueName == name {
		return &w.grave.Value
	}
	return nil
}

// spend gives up a deleted application, and its name with it.
func (w *World) spend(app entra.Application) {
	if !slices.ContainsFunc(w.spent, func(s entra.Application) bool { return s.ObjectID == app.ObjectID }) {
		w.spent = append(w.spent, app)
	}
	w.grave = entra.Absent[entra.Application]()
}
