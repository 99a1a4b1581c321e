package graphapi

import (
	"net/http"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

func addApplicationPassword(c *call) (*answer, error) { return c.addPassword(directory.Application) }
func removeApplicationPassword(c *call) (*answer, error) {
	return c.removePassword(directory.Application)
}
func addPrincipalPassword(c *call) (*answer, error) { return c.addPassword(directory.ServicePrincipal) }
func removePrincipalPassword(c *call) (*answer, error) {
	return c.removePassword(directory.ServicePrincipal)
}

func (c *call) addPassword(kind directory.Kind) (*answer, error) {
	primary, err := c.editable(kind, alternates(kind)...)
	if err != nil {
		return nil, err
	}
	wish := odata.Document{}
	if c.body != nil {
		body, err := c.checkedBody("addPassword")
		if err != nil {
			return nil, err
		}
		if given, ok := body["passwordCredential"].(odata.Document); ok {
			wish = given
		}
	}
	shown, err := c.session.AddPassword(primary, wish)
	if err != nil {
		return nil, err
	}
	shown["@odata.context"] = c.base + "/$metadata#microsoft.graph.passwordCredential"
	return &answer{status: http.StatusOK, body: shown, location: c.host()}, nil
}

func (c *call) removePassword(kind directory.Kind) (*answer, error) {
	primary, err := c.editable(kind, alternates(kind)...)
	if err != nil {
		return nil, err
	}
	body, err := c.checkedBody("removePassword")
	if err != nil {
		return nil, err
	}
	return noContent(), c.session.RemovePassword(primary, odata.Text(body, "keyId"))
}
