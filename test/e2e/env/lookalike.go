package env

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/outofband"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// Lookalike is an application in Entra that looks as if the operator had made it for an object, and of which the operator has no record.
// Tests change it before it is created, and see whether it is taken for their object's.
type Lookalike struct {
	UniqueName, DisplayName string
	Tags                    map[string]string // by the part before the colon
	MoreTags                []string
	Creator                 string // client ID; empty where Entra does not say
	Owners                  []string
	Then                    outofband.Edit // what somebody does to it afterwards
}

// NewLookalike of an AppRegistration's application.
func (e *Env) NewLookalike(name string) Lookalike {
	e.T.Helper()
	namespace := e.NamespaceObject()
	kubeSystem := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: metav1.NamespaceSystem}}
	e.Cluster.Get(namespace)
	e.Cluster.Get(kubeSystem)
	return Lookalike{
		UniqueName: e.UniqueName(name), DisplayName: name, Creator: OperatorClientID, Owners: []string{e.OperatorPrincipalID()},
		Tags: map[string]string{
			"managed-by": "entra-registrar", "k8s-cluster": "c1", "k8s-cluster-uid": binding.ClusterUIDHash(kubeSystem.UID),
			"k8s-namespace-uid": string(namespace.UID), "k8s-object": e.Namespace + "/" + name,
		},
	}
}

// OperatorPrincipalID is the object ID of the operator's own service principal.
func (e *Env) OperatorPrincipalID() string {
	e.T.Helper()
	tenant := e.EntraTenant()
	e.Status.WaitReady(tenant)
	return tenant.Status.ServicePrincipalObjectID
}

// CreateLookalike gives its object ID.
func (t *Tenant) CreateLookalike(l Lookalike) string {
	t.t.Helper()
	tags := slices.Clone(l.MoreTags)
	for key, value := range l.Tags {
		tags = append(tags, key+":"+value)
	}
	body := odata.Document{"displayName": l.DisplayName, "tags": odata.Strings(tags...)}
	if l.UniqueName != "" {
		body["uniqueName"] = l.UniqueName
	}
	var made *directory.Object
	err := t.Directory().Within(directory.Caller{AppID: l.Creator}, func(session *directory.Session) (err error) {
		made, _, err = session.CreateApplication(body, l.Owners)
		return err
	})
	if err != nil {
		t.t.Fatalf("create a lookalike: %v", err)
	}
	if l.Then != nil {
		t.OutOfBand(l.Then, made.ID)
	}
	return made.ID
}
