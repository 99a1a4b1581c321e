package e2e

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// double is an application in Entra that the operator has no record of, as it would have made it itself for an object. Tests change
// it before it is made, and see whether it is taken for their object's.
type double struct {
	uniqueName, displayName string
	tags                    map[string]string // by the part before the colon
	more                    []string
	maker                   string // client ID; empty where Entra does not say
	owners                  []string
	then                    mischief // what somebody does to it afterwards
}

// double of an AppRegistration's application.
func (s *stage) double(name string) double {
	s.t.Helper()
	namespace := s.namespaceObject()
	kubeSystem := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: metav1.NamespaceSystem}}
	s.get(namespace)
	s.get(kubeSystem)
	return double{
		uniqueName: s.uniqueName(name), displayName: name, maker: operatorClientID, owners: []string{s.operator()},
		tags: map[string]string{
			"managed-by": "entra-registrar", "k8s-cluster": "c1", "k8s-cluster-uid": engine.ClusterUIDHash(kubeSystem.UID),
			"k8s-namespace-uid": string(namespace.UID), "k8s-object": s.namespace + "/" + name,
		},
	}
}

// operator is the object ID of the operator's own service principal.
func (s *stage) operator() string {
	s.t.Helper()
	tenant := s.tenantObject()
	s.ready(tenant)
	return tenant.Status.ObjectID
}

// makes a double, and gives its object ID.
func (s *stage) makes(d double) string {
	s.t.Helper()
	tags := slices.Clone(d.more)
	for key, value := range d.tags {
		tags = append(tags, key+":"+value)
	}
	body := odata.Document{"displayName": d.displayName, "tags": odata.Strings(tags...)}
	if d.uniqueName != "" {
		body["uniqueName"] = d.uniqueName
	}
	var made *directory.Object
	err := s.entra.Directory().Within(directory.Caller{AppID: d.maker}, func(session *directory.Session) (err error) {
		made, _, err = session.CreateApplication(body, d.owners)
		return err
	})
	if err != nil {
		s.t.Fatalf("make a double: %v", err)
	}
	if d.then != nil {
		s.somebody(d.then, made.ID)
	}
	return made.ID
}

// addsAKey registers a key.
func addsAKey(session *directory.Session, objectID string) error {
	app, err := live(session, directory.Application, objectID)
	if err != nil {
		return err
	}
	return session.PatchApplication(app, app, odata.Document{"keyCredentials": []any{odata.Document{
		"type": "Symmetric", "usage": "Verify", "key": "c3RvbGVu",
	}}})
}

// forgotten makes an AppRegistration's status what it is before the first look.
func forgotten(app *v1alpha1.AppRegistration) func() {
	return func() {
		app.Status = v1alpha1.AppRegistrationStatus{CommonStatus: v1alpha1.CommonStatus{ObservedGeneration: -1}}
	}
}
