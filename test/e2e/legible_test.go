package e2e

import (
	"fmt"
	"regexp"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

var (
	guid       = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	clusterUID = regexp.MustCompile(`(k8s-cluster-uid:)[0-9a-f]{16}`)
	secondName = regexp.MustCompile(`(k8s\.c1\.[a-z.-]+)_[0-9a-f]{8}`)
)

// names give what is different in every run a name that is the same in all: the object's own where it has one.
type names struct {
	pairs []string // value, name, value, name ...
	taken map[string]int
	// namespace of the stage, which is shop in the story.
	namespace string
}

// names of what every stage has.
func (s *stage) names() *names {
	s.t.Helper()
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: s.namespace}}
	s.get(namespace)
	n := &names{taken: map[string]int{}, namespace: s.namespace}
	n.name(string(namespace.UID), "namespace shop")
	n.name(s.entra.TenantID(), "tenant")
	n.pairs = append(n.pairs, s.entra.URL(), "https://graph", cluster.Issuer(), "https://cluster")
	return n
}

// name stands for a value from now on; a second value of the same name is numbered.
func (n *names) name(value, name string) {
	if value == "" || n.of(value) != "" {
		return
	}
	n.taken[name]++
	if count := n.taken[name]; count > 1 {
		name = fmt.Sprintf("%s %d", name, count)
	}
	n.pairs = append(n.pairs, value, "{"+name+"}")
}

// of is the name of a value; empty where it has none.
func (n *names) of(value string) string {
	for i := 0; i < len(n.pairs); i += 2 {
		if n.pairs[i] == value {
			return strings.Trim(n.pairs[i+1], "{}")
		}
	}
	return ""
}

// learn the names of what is in Entra now.
func (n *names) learn(s *stage) {
	snapshot := s.entra.Directory().Snapshot()
	for _, entry := range append(snapshot.Live, snapshot.Deleted...) {
		n.entry(entry)
	}
}

// legible replaces IDs, hosts and the stage's own names. What nothing in Entra tells the name of is numbered as it appears.
func (n *names) legible(text string) string {
	text = strings.NewReplacer(append(n.pairs, n.namespace, "shop")...).Replace(text)
	text = clusterUID.ReplaceAllString(text, "$1{cluster}")
	text = secondName.ReplaceAllString(text, "${1}_{uid}")
	for _, id := range guid.FindAllString(text, -1) {
		n.name(id, "guid")
	}
	return strings.NewReplacer(n.pairs...).Replace(text)
}

// entry names an object of the directory and all in it that has an ID. Applications come before their service principals.
func (n *names) entry(entry directory.Entry) {
	doc := entry.Properties
	switch entry.Kind {
	case directory.Application:
		name := n.nameOf(doc)
		n.name(entry.ID, name)
		n.name(odata.Text(doc, "appId"), name+" client")
		for _, entitlement := range append(odata.Documents(doc, "appRoles"), odata.Documents(doc, "api", "oauth2PermissionScopes")...) {
			n.name(odata.Text(entitlement, "id"), odata.Text(entitlement, "value"))
		}
		for _, credential := range entry.Federated {
			n.name(odata.Text(credential, "id"), odata.Text(credential, "name"))
		}
	case directory.ServicePrincipal:
		n.firstParty(doc)
		n.name(entry.ID, strings.TrimSuffix(n.of(odata.Text(doc, "appId")), " client")+" principal")
	case directory.Assignment:
		n.name(entry.ID, strings.TrimSuffix(n.of(odata.Text(doc, "principalId")), " principal")+" has "+n.of(odata.Text(doc, "appRoleId")))
	case directory.Grant:
		n.name(entry.ID, strings.TrimSuffix(n.of(odata.Text(doc, "clientId")), " principal")+" consent")
	case directory.User, directory.Group:
		n.name(entry.ID, odata.Text(doc, "displayName"))
	}
}

// firstParty names an API of Microsoft's, which has no application here, and what it exposes.
func (n *names) firstParty(principal odata.Document) {
	appID := odata.Text(principal, "appId")
	if n.of(appID) != "" {
		return
	}
	n.name(appID, odata.Text(principal, "displayName")+" client")
	for _, entitlement := range append(odata.Documents(principal, "appRoles"), odata.Documents(principal, "oauth2PermissionScopes")...) {
		n.name(odata.Text(entitlement, "id"), odata.Text(entitlement, "value"))
	}
}

// nameOf an application is its object's: what people read in Entra may have been edited.
func (n *names) nameOf(app odata.Document) string {
	name, ours := strings.CutPrefix(odata.Text(app, "uniqueName"), "k8s.c1."+n.namespace+".")
	if !ours {
		return strings.Replace(odata.Text(app, "displayName"), "first caller", "operator", 1)
	}
	if first, _, second := strings.Cut(name, "_"); second {
		return first + " next"
	}
	return name
}
