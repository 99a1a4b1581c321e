package env

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/hack/controlplane"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/fakeclock"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/wire"
	"github.com/entra-registrar/entra-registrar/test/emulator"
)

// Env is the environment of one test. Its own User is a cluster admin.
type Env struct {
	User
	Objects
	T            testing.TB
	ControlPlane *controlplane.ControlPlane
	Clock        *fakeclock.Clock
	Tenant       *Tenant
	Manager      *Manager
	Wire         *wire.Wire
	Requests     *Requests
	StatusWatch  *StatusWatch

	managers []*Manager                     // that run
	hasOther bool                           // the other namespace exists
	policies []*v1alpha1.RegistrationPolicy // that are there before the manager starts
	issuerCA []byte                         // PEM, of an issuer that stands in for one of the world
}

// User is somebody who works in the cluster: what they may do, and what they see.
type User struct {
	Cluster *Cluster
	Status  *Status
}

var count atomic.Int64

// New makes an environment, and starts its manager.
func New(t testing.TB, options ...Option) *Env {
	t.Helper()
	number := count.Add(1)
	e := &Env{
		Objects: Objects{
			Namespace: fmt.Sprintf("shop-%d", number), OtherNamespace: fmt.Sprintf("docs-%d", number), TenantName: fmt.Sprintf("corp-%d", number),
		},
		T: t, ControlPlane: shared, Clock: fakeclock.New(t), Wire: &wire.Wire{},
	}
	entra := emulator.Options{
		Clock: e.Clock, Seed: 1, TenantID: fmt.Sprintf("c0a1e5ce-0000-4000-8000-%012x", number),
		Client: emulator.Client{ID: OperatorClientID, Secret: OperatorSecret, Roles: OperatorPermissions},
	}
	e.Manager = e.NewManager()
	for _, option := range options {
		option(e, &entra)
	}
	entra.IssuerCA = slices.Concat(e.ControlPlane.CA(), e.issuerCA)
	e.startTenant(entra)
	e.User = e.newUser(adminClient(t, e.ControlPlane))
	e.StatusWatch = watchStatus(e)
	e.Cluster.Create(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: e.Namespace}})
	e.Cluster.Create(e.OperatorCredential(), e.NewEntraTenant())
	for _, policy := range e.policies {
		e.Cluster.Create(policy)
	}
	e.Manager.Start()
	return e
}

// startTenant starts the emulator, and lets the manager know it.
func (e *Env) startTenant(options emulator.Options) {
	e.T.Helper()
	started, err := emulator.Start(options)
	if err != nil {
		e.T.Fatal(err)
	}
	e.T.Cleanup(func() { _ = started.Close() })
	e.Tenant = &Tenant{Emulator: started, t: e.T}
	e.Requests = &Requests{env: e}
	e.Manager.Settings.ServiceAccountIssuer = e.ControlPlane.Issuer()
	e.Manager.Settings.CustomEndpointHosts = []string{e.Tenant.Host()}
}

func (e *Env) newUser(c client.Client) User {
	cluster := &Cluster{Client: c, t: e.T, plane: e.ControlPlane, namespace: e.Namespace}
	return User{Cluster: cluster, Status: &Status{t: e.T, cluster: cluster, clock: e.Clock}}
}

// UniqueName of an AppRegistration's application in Entra.
func (e *Env) UniqueName(name string) string { return fmt.Sprintf("k8s.c1.%s.%s", e.Namespace, name) }
