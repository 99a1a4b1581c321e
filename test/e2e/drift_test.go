package e2e

import (
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// patchesTheApplication as the portal does: what is named changes, the rest stays.
func patchesTheApplication(patch odata.Document) mischief {
	return func(session *directory.Session, objectID string) error {
		primary, replica, err := session.Editable(directory.Application, directory.Key{Value: objectID})
		if err != nil {
			return err
		}
		return session.PatchApplication(primary, replica, patch)
	}
}

func patchesThePrincipal(patch odata.Document) mischief {
	return func(session *directory.Session, objectID string) error {
		principal, err := live(session, directory.ServicePrincipal, objectID)
		if err != nil {
			return err
		}
		return session.PatchServicePrincipal(principal, patch)
	}
}
