package policy

import (
	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// Tier0 tells whether an application permission of Microsoft Graph, by value, is as good as Global Administrator.
func Tier0(value string) bool {
	return permission{kind: v1alpha1.PermissionApplication, api: API{AppID: entra.WellKnown(graph)}, value: value}.grave()
}
