package controlplane

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
)

// configure tells envtest where the programs and folders are and which flags differ from its own.
func (p *ControlPlane) configure(o Options) error {
	existing := false
	p.env = &envtest.Environment{
		UseExistingCluster:       &existing, // whatever the environment says: this package starts one
		CRDDirectoryPaths:        o.CRDPaths,
		ErrorIfCRDPathMissing:    true,
		ControlPlaneStartTimeout: time.Minute,
		ControlPlaneStopTimeout:  20 * time.Second,
	}
	plane := &p.env.ControlPlane
	plane.Etcd, plane.KubectlPath = &envtest.Etcd{DataDir: p.guard.path("etcd.data")}, filepath.Join(o.Dir, kubectl)
	server := plane.GetAPIServer()
	server.CertDir = p.guard.path("certs")
	for _, dir := range []string{plane.Etcd.DataDir, server.CertDir} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			return fmt.Errorf("make a folder: %w", err)
		}
	}

	etcdLog, err := p.openLog(etcd)
	if err != nil {
		return err
	}
	serverLog, err := p.openLog(apiServer)
	if err != nil {
		return err
	}
	plane.Etcd.Out, plane.Etcd.Err = etcdLog, etcdLog
	server.Out, server.Err = serverLog, serverLog
	if plane.Etcd.Path, err = p.guard.wrap(filepath.Join(o.Dir, etcd)); err != nil {
		return err
	}
	if server.Path, err = p.guard.wrap(filepath.Join(o.Dir, apiServer)); err != nil {
		return err
	}

	signer, err := p.guard.makeSigner()
	if err != nil {
		return err
	}

	server.Configure().
		Set("service-account-key-file", signer).
		Set("service-account-signing-key-file", signer).
		// A trust in tokens names their issuer to the letter; envtest's ends in a slash.
		SetRaw("service-account-issuer", lateValue(func() string { return p.Issuer() })).
		// Else the address of an interface that the certificate does not name.
		SetRaw("service-account-jwks-uri", lateValue(func() string { return p.Issuer() + "/openid/v1/jwks" })).
		// envtest has no controller that makes ServiceAccounts and disables their admission; we have one.
		Disable("disable-admission-plugins").
		// Nothing outside this machine is looked for, so that it starts without a network too.
		Set("advertise-address", "127.0.0.1").
		Set("endpoint-reconciler-type", "none")
	return nil
}

// lateValue is a flag's value that is known only after envtest has picked the ports.
type lateValue func() string

// Append is not for late values: it changes nothing.
func (l lateValue) Append(...string) envtest.Arg { return l }

// Get returns the value in place of the default.
func (l lateValue) Get([]string) []string { return []string{l()} }

// openDiscovery lets everybody read the discovery document and the keys of ServiceAccount tokens, as a managed cluster's public
// issuer does. The API server's own roles are there before it reports ready.
func (p *ControlPlane) openDiscovery(ctx context.Context) error {
	admin, err := client.New(p.env.Config, client.Options{Scheme: scheme.Scheme})
	if err != nil {
		return err
	}
	const role = "system:service-account-issuer-discovery"
	return admin.Create(ctx, &rbacv1.ClusterRoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: role + ":everybody"},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: role},
		Subjects:   []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: rbacv1.GroupKind, Name: "system:unauthenticated"}},
	})
}
