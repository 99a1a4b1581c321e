package signin

import (
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory/firstparty"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// Resource is a service principal as the audience of a token.
type Resource struct {
	AppID, ServicePrincipalID, DisplayName string
	Names                                  []string // servicePrincipalNames: the appId and the identifier URIs
	AssignmentRequired                     bool     // appRoleAssignmentRequired: AADSTS501051 without a role
	TokenVersion                           int      // 1 or 2; an application that says nothing gets 1
	Disabled                               bool
}

// Resource finds a live service principal by its appId or one of its names; a slash at the end makes no difference.
func (d Directory) Resource(name string) (resource Resource, ok bool) {
	name = strings.TrimSuffix(name, "/")
	d.AtTokenService(func(s *directory.Session) {
		for _, sp := range s.List(directory.ServicePrincipal) {
			doc := s.Properties(sp)
			names := odata.Texts(doc, "servicePrincipalNames")
			if slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(strings.TrimSuffix(n, "/"), name) }) {
				resource, ok = resourceOf(sp, doc, s.ApplicationOf(sp)), true
				return
			}
		}
	})
	return resource, ok
}

func resourceOf(sp *directory.Object, doc, application odata.Document) Resource {
	version := 1
	if v, ok := odata.At(application, "api", "requestedAccessTokenVersion").(int); ok {
		version = v
	} else if odata.Text(doc, "appId") == firstparty.TokenExchangeAppID { // the issuer that its tokens are known to have is v2's
		version = 2
	}
	return Resource{
		AppID: odata.Text(doc, "appId"), ServicePrincipalID: sp.ID, DisplayName: odata.Text(doc, "displayName"),
		Names: odata.Texts(doc, "servicePrincipalNames"), AssignmentRequired: odata.Flag(doc, "appRoleAssignmentRequired"), TokenVersion: version,
		Disabled: disabled(sp),
	}
}
