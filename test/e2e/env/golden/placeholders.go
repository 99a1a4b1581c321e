package golden

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

var (
	guid       = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	clusterUID = regexp.MustCompile(`(k8s-cluster-uid:)[0-9a-f]{16}`)
	secondName = regexp.MustCompile(`(k8s\.c1\.[a-z.-]+)_[0-9a-f]{8}`)
)

// Placeholders are names, the same in every run, of values that differ from run to run. An object's is its own name where it has one.
type Placeholders struct {
	pairs []string // value, name, value, name ...
	taken map[string]int
	// namespace of the environment, which is shop in golden files.
	namespace string
}

// NewPlaceholders has those of what every environment has.
func NewPlaceholders(e *env.Env) *Placeholders {
	e.T.Helper()
	namespace := e.NamespaceObject()
	e.Cluster.Get(namespace)
	p := &Placeholders{taken: map[string]int{}, namespace: e.Namespace}
	p.add(string(namespace.UID), "namespace shop")
	p.add(e.Tenant.TenantID(), "tenant")
	p.pairs = append(p.pairs, e.Tenant.URL(), "https://graph", e.ControlPlane.Issuer(), "https://cluster")
	return p
}

// add a name that stands for a value from now on; a second value of the same name is numbered.
func (p *Placeholders) add(value, name string) {
	if value == "" || p.nameOf(value) != "" {
		return
	}
	p.taken[name]++
	if count := p.taken[name]; count > 1 {
		name = fmt.Sprintf("%s %d", name, count)
	}
	p.pairs = append(p.pairs, value, "{"+name+"}")
}

// nameOf a value; empty where it has none.
func (p *Placeholders) nameOf(value string) string {
	for i := 0; i < len(p.pairs); i += 2 {
		if p.pairs[i] == value {
			return strings.Trim(p.pairs[i+1], "{}")
		}
	}
	return ""
}

// Learn the names of what is in Entra now.
func (p *Placeholders) Learn(e *env.Env) {
	snapshot := e.Tenant.Directory().Snapshot()
	for _, entry := range append(snapshot.Live, snapshot.Deleted...) {
		p.addEntry(entry)
	}
}

// Replace puts names in the place of IDs, of hosts and of the environment's own names. IDs that nothing in Entra gives a name are numbered
// as they appear.
func (p *Placeholders) Replace(text string) string {
	text = strings.NewReplacer(append(p.pairs, p.namespace, "shop")...).Replace(text)
	text = clusterUID.ReplaceAllString(text, "$1{cluster}")
	text = secondName.ReplaceAllString(text, "${1}_{uid}")
	for _, id := range guid.FindAllString(text, -1) {
		p.add(id, "guid")
	}
	return strings.NewReplacer(p.pairs...).Replace(text)
}

// addEntry names an object of the directory and all in it that has an ID. Applications come before their service principals.
func (p *Placeholders) addEntry(entry directory.Entry) {
	doc := entry.Properties
	switch entry.Kind {
	case directory.Application:
		name := p.appName(doc)
		p.add(entry.ID, name)
		p.add(odata.Text(doc, "appId"), name+" client")
		for _, entitlement := range append(odata.Documents(doc, "appRoles"), odata.Documents(doc, "api", "oauth2PermissionScopes")...) {
			p.add(odata.Text(entitlement, "id"), odata.Text(entitlement, "value"))
		}
		for _, credential := range entry.Federated {
			p.add(odata.Text(credential, "id"), odata.Text(credential, "name"))
		}
	case directory.ServicePrincipal:
		p.addFirstParty(doc)
		p.add(entry.ID, strings.TrimSuffix(p.nameOf(odata.Text(doc, "appId")), " client")+" principal")
	case directory.Assignment:
		p.add(entry.ID, strings.TrimSuffix(p.nameOf(odata.Text(doc, "principalId")), " principal")+" has "+p.nameOf(odata.Text(doc, "appRoleId")))
	case directory.Grant:
		p.add(entry.ID, strings.TrimSuffix(p.nameOf(odata.Text(doc, "clientId")), " principal")+" consent")
	case directory.User, directory.Group:
		p.add(entry.ID, odata.Text(doc, "displayName"))
	}
}

// addFirstParty names an API of Microsoft's, which has no application here, and what it exposes.
func (p *Placeholders) addFirstParty(principal odata.Document) {
	appID := odata.Text(principal, "appId")
	if p.nameOf(appID) != "" {
		return
	}
	p.add(appID, odata.Text(principal, "displayName")+" client")
	for _, entitlement := range append(odata.Documents(principal, "appRoles"), odata.Documents(principal, "oauth2PermissionScopes")...) {
		p.add(odata.Text(entitlement, "id"), odata.Text(entitlement, "value"))
	}
}

// appName of an application is its object's: what people read in Entra may have been edited.
func (p *Placeholders) appName(app odata.Document) string {
	name, ours := strings.CutPrefix(odata.Text(app, "uniqueName"), "k8s.c1."+p.namespace+".")
	if !ours {
		return strings.Replace(odata.Text(app, "displayName"), "first caller", "operator", 1)
	}
	if first, _, second := strings.Cut(name, "_"); second {
		return first + " next"
	}
	return name
}
