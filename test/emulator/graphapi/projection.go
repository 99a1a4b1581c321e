package graphapi

import (
	"maps"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// maxExpanded is how many items $expand shows.
const maxExpanded = 20

// object is an object as the answer to a request for just it.
func (c *call) object(o *directory.Object, set string) odata.Document {
	doc := c.project(o, c.query)
	if slices.Contains(c.query.Select, "keyCredentials") {
		doc["keyCredentials"] = c.session.Properties(o)["keyCredentials"]
	}
	doc["@odata.context"] = c.context(set) + "/$entity"
	return doc
}

// created is the answer to a create: every property, with all digits of createdDateTime.
func (c *call) created(o *directory.Object, set, kind string) *answer {
	doc := c.session.CreatedProperties(o)
	hideKeys(doc)
	deleteProperties(doc, odata.TypeByName(string(o.Kind)).Hidden)
	doc["@odata.context"] = c.base + "/$metadata#" + set + "/$entity"
	return &answer{status: 201, body: doc, location: c.directoryURL(o.ID, kind)}
}

// directoryURL is where Location says that a created object is.
func (c *call) directoryURL(id, kind string) string {
	return c.host() + "/v2/" + c.session.TenantID() + "/directoryObjects/" + id + "/Microsoft.DirectoryServices." + kind
}

// host is scheme and host of the request.
func (c *call) host() string { return c.base[:strings.LastIndex(c.base, "/")] }

func (c *call) context(set string) string {
	names := slices.Clone(c.query.Select)
	for _, e := range c.query.Expand {
		names = append(names, e.Name+"()")
	}
	if len(names) > 0 {
		set += "(" + strings.Join(names, ",") + ")"
	}
	return c.base + "/$metadata#" + set
}

// project is an object with the properties and links that a query asks for. Keys are never in it.
func (c *call) project(o *directory.Object, query odata.Query) odata.Document {
	doc := selected(c.session.Properties(o), odata.TypeByName(string(o.Kind)), query.Select)
	hideKeys(doc)
	for _, e := range query.Expand {
		doc[e.Name] = c.expanded(o, e)
	}
	return doc
}

// selected is the default projection, or what $select names.
func selected(doc odata.Document, t *odata.Type, names []string) odata.Document {
	if len(names) == 0 {
		deleteProperties(doc, t.Hidden)
		return doc
	}
	out := odata.Document{}
	for _, name := range names {
		if value, ok := doc[name]; ok {
			out[name] = value
		}
	}
	return out
}

func deleteProperties(doc odata.Document, names []string) {
	maps.DeleteFunc(doc, func(name string, _ any) bool { return slices.Contains(names, name) })
}

// hideKeys blanks the key of every key credential.
func hideKeys(doc odata.Document) {
	for _, k := range odata.Documents(doc, "keyCredentials") {
		k["key"] = nil
	}
}

// expanded is what a link leads to.
func (c *call) expanded(o *directory.Object, e odata.Expand) []any {
	var items []odata.Document
	switch e.Name {
	case "owners":
		items = c.ownerDocuments(c.session.LinksOf(o))
	case "federatedIdentityCredentials":
		items = c.session.LinksOf(o).Federated
	case "appRoleAssignments":
		items = c.documents(c.session.Assignments("principalId", o.ID))
	case "appRoleAssignedTo":
		items = c.documents(c.session.Assignments("resourceId", o.ID))
	}
	out := []any{}
	for _, item := range items[:min(len(items), maxExpanded)] {
		out = append(out, selectNames(item, e.Select))
	}
	return out
}

func selectNames(doc odata.Document, names []string) odata.Document {
	if len(names) == 0 {
		return doc
	}
	out := odata.Document{}
	for name, value := range doc {
		if name == "@odata.type" || slices.Contains(names, name) {
			out[name] = value
		}
	}
	return out
}

func (c *call) documents(objects []*directory.Object) []odata.Document {
	var out []odata.Document
	for _, o := range objects {
		out = append(out, c.session.Properties(o))
	}
	return out
}

// ownerDocuments are owners as members of a mixed list: each says its type.
func (c *call) ownerDocuments(o *directory.Object) []odata.Document {
	var out []odata.Document
	for _, owner := range c.session.Owners(o) {
		doc := selected(c.session.Properties(owner), odata.TypeByName(string(owner.Kind)), nil)
		hideKeys(doc)
		doc["@odata.type"] = "#microsoft.graph." + string(owner.Kind)
		out = append(out, doc)
	}
	return out
}
