package graphapi

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/graphapi/path"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// maxBound is how many owners a create may bind.
const maxBound = 20

// createBody is the body of a create: properties, owners to bind, and whether federated credentials are nested in it, on which Graph fails.
type createBody struct {
	properties odata.Document
	owners     []string
	linked     bool // owners were given, if only none
	nested     bool
}

// splitLinks separates links from properties and checks the properties.
func (c *call) splitLinks(typeName string) (createBody, error) {
	if c.body == nil {
		return createBody{}, emptyPayload()
	}
	t := odata.TypeByName(typeName)
	out := createBody{}
	properties := odata.Document{}
	for _, name := range slices.Sorted(maps.Keys(c.body)) {
		value := c.body[name]
		link, bind := strings.CutSuffix(name, "@odata.bind")
		switch {
		case bind && link == "owners":
			owners, err := boundOwners(value)
			if err != nil {
				return createBody{}, err
			}
			out.owners, out.linked = owners, true
		case name == "federatedIdentityCredentials":
			out.nested = true
		case bind || slices.Contains(t.Navigation, name):
			return createBody{}, odata.BadRequest("Invalid property '%s'.", link)
		default:
			properties[name] = value
		}
	}
	var err error
	out.properties, err = odata.Check(t, properties)
	return out, err
}

func boundOwners(value any) ([]string, error) {
	links, ok := value.([]any)
	if !ok || len(links) > maxBound {
		return nil, odata.BadRequest("The value of 'owners@odata.bind' must be a collection of at most %d references.", maxBound)
	}
	var out []string
	for _, link := range links {
		id, err := referencedID(link)
		if err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, nil
}

// referencedID is the object ID in a link such as https://graph.microsoft.com/v1.0/directoryObjects/{id}.
func referencedID(link any) (string, error) {
	text, _ := link.(string)
	u, err := url.Parse(text)
	if err != nil || !u.IsAbs() {
		return "", badReference(text)
	}
	_, segments, err := path.Split(u.EscapedPath())
	if err != nil || len(segments) != 2 || !slices.Contains([]string{"directoryObjects", "servicePrincipals", "users"}, segments[0].Word) {
		return "", badReference(text)
	}
	return strings.ToLower(segments[1].AsKey().Value), nil
}

func badReference(text string) error { return odata.BadRequest("Invalid object reference '%s'.", text) }

// owners resolves the owners of a create; the caller is added where Graph adds it.
func (c *call) owners(bound []string, withCaller bool) ([]string, error) {
	var out []string
	for _, id := range bound {
		if slices.Contains(out, id) {
			return nil, odata.BadRequest("One or more added object references already exist for the following modified properties: 'owners'.")
		}
		owner, err := c.session.Reference(id)
		if err != nil {
			return nil, err
		}
		if err := directory.MayOwn(owner); err != nil {
			return nil, err
		}
		out = append(out, owner.ID)
	}
	if withCaller && !slices.Contains(out, c.caller.ObjectID) && c.caller.ObjectID != "" {
		out = append(out, c.caller.ObjectID)
	}
	return out, nil
}

// internalError is what Graph answers to a create with federated credentials in it, having created the object.
func internalError() error {
	return odata.Refused(http.StatusInternalServerError, "Service_InternalServerError", "Encountered an internal server error.")
}

func linksInUpdate() error {
	return odata.BadRequest("Links cannot be changed by an update of the object.")
}
