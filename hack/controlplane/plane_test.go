package controlplane

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

func TestControlPlane_ServesAndControls(t *testing.T) {
	t.Parallel()
	p := startPlane(t)
	t.Run("facets", func(t *testing.T) {
		t.Run("a namespace gets its ServiceAccount and its root CA", p.namespaceIsFurnished)
		t.Run("anybody can verify a ServiceAccount's token", p.discoveryIsOpen)
		t.Run("what an object owns goes with it", p.garbageIsCollected)
		t.Run("a namespace goes with all that is in it", p.namespaceGoes)
		t.Run("kubectl speaks to it", p.kubectlWorks)
	})

	dir, addresses := p.guard.dir, p.addresses()
	if err := p.Stop(); err != nil {
		t.Fatalf("Stop: %v", err)
	}
	if fault := remains(dir, addresses); fault != "" {
		t.Errorf("after Stop: %s", fault)
	}
	if err := p.Stop(); err != nil {
		t.Errorf("a second Stop: %v", err)
	}
}

func (p *plane) namespaceIsFurnished(t *testing.T) {
	t.Parallel()
	ns := p.namespace(t)
	p.eventually(t, "the ServiceAccount default and the ConfigMap kube-root-ca.crt", func(ctx context.Context) bool {
		account := p.Get(ctx, client.ObjectKey{Namespace: ns, Name: "default"}, &corev1.ServiceAccount{})
		root := &corev1.ConfigMap{}
		rootErr := p.Get(ctx, client.ObjectKey{Namespace: ns, Name: "kube-root-ca.crt"}, root)
		return account == nil && rootErr == nil && root.Data["ca.crt"] == string(p.CA())
	})
}

func (p *plane) discoveryIsOpen(t *testing.T) {
	t.Parallel()
	ns := p.namespace(t)
	account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: ns, Name: "worker"}}
	p.create(t, account)
	const audience = "api://AzureADTokenExchange"
	request := &authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{Audiences: []string{audience}}}
	if err := p.SubResource("token").Create(t.Context(), account, request); err != nil {
		t.Fatalf("request a token: %v", err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(p.CA())
	anybody := oidc.ClientContext(t.Context(), &http.Client{
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}},
	})
	issuer, err := oidc.NewProvider(anybody, p.Issuer())
	if err != nil {
		t.Fatalf("discover the issuer %s: %v", p.Issuer(), err)
	}
	token, err := issuer.Verifier(&oidc.Config{ClientID: audience, SupportedSigningAlgs: []string{oidc.RS256}}).Verify(anybody, request.Status.Token)
	if err != nil {
		t.Fatalf("verify the token: %v", err)
	}
	if want := "system:serviceaccount:" + ns + ":worker"; token.Subject != want {
		t.Errorf("the token's subject is %q, want %q", token.Subject, want)
	}
	if strings.HasSuffix(token.Issuer, "/") {
		t.Errorf("the token's issuer %q ends in a slash", token.Issuer)
	}
}

func (p *plane) garbageIsCollected(t *testing.T) {
	t.Parallel()
	ns := p.namespace(t)
	owner := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "controlplane.test/v1", "kind": "Widget", "metadata": map[string]any{"name": "owner", "namespace": ns},
	}}
	p.create(t, owner)
	owned := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "owned", Namespace: ns, OwnerReferences: []metav1.OwnerReference{{
		APIVersion: owner.GetAPIVersion(), Kind: owner.GetKind(), Name: owner.GetName(), UID: owner.GetUID(),
	}}}}
	p.create(t, owned)
	if err := p.Delete(t.Context(), owner); err != nil {
		t.Fatalf("delete the owner: %v", err)
	}
	p.eventually(t, "the owned Secret to go", func(ctx context.Context) bool {
		return apierrors.IsNotFound(p.Get(ctx, client.ObjectKeyFromObject(owned), owned))
	})
}

func (p *plane) namespaceGoes(t *testing.T) {
	t.Parallel()
	ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: p.namespace(t)}}
	p.create(t, &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "within", Namespace: ns.Name}})
	if err := p.Delete(t.Context(), ns); err != nil {
		t.Fatalf("delete the namespace: %v", err)
	}
	p.eventually(t, "the namespace to go", func(ctx context.Context) bool {
		return apierrors.IsNotFound(p.Get(ctx, client.ObjectKeyFromObject(ns), ns))
	})
}

func (p *plane) kubectlWorks(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), p.KubectlPath(), "--kubeconfig", p.Kubeconfig(), "get", "namespaces", "-o", "name").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "namespace/default\n") {
		t.Errorf("kubectl get namespaces: %v\n%s", err, out)
	}
}

// plane is a control plane under test with an administrator's client.
type plane struct {
	*ControlPlane
	client.Client
}

func startPlane(t *testing.T) *plane {
	t.Helper()
	dir, err := Binaries(t.Context(), t.Output())
	if err != nil {
		t.Fatalf("Binaries: %v", err)
	}
	running, err := Start(t.Context(), Options{Dir: dir, CRDPaths: []string{"testdata"}, Log: t.Output()})
	if err != nil {
		t.Fatalf("Start: %v", err)
	}
	t.Cleanup(func() { _ = running.Stop() })
	admin, err := client.New(running.Config(), client.Options{Scheme: scheme.Scheme})
	if err != nil {
		t.Fatalf("make a client: %v", err)
	}
	return &plane{ControlPlane: running, Client: admin}
}

func (p *plane) namespace(t *testing.T) string {
	t.Helper()
	ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "test-"}}
	p.create(t, ns)
	return ns.Name
}

func (p *plane) create(t *testing.T, obj client.Object) {
	t.Helper()
	if err := p.Create(t.Context(), obj); err != nil {
		t.Fatalf("create %T %s: %v", obj, obj.GetName(), err)
	}
}

func (p *plane) eventually(t *testing.T, what string, is func(context.Context) bool) {
	t.Helper()
	err := wait.PollUntilContextTimeout(t.Context(), 50*time.Millisecond, time.Minute, true, func(ctx context.Context) (bool, error) {
		return is(ctx), nil
	})
	if err != nil {
		t.Fatalf("wait for %s: %v", what, err)
	}
}

// addresses are where the API server and etcd listen.
func (p *plane) addresses() []string {
	return []string{p.env.ControlPlane.APIServer.HostPort(), p.env.ControlPlane.Etcd.URL.Host}
}

// remains says what is left of a control plane, or nothing.
func remains(dir string, addresses []string) string {
	if _, err := os.Stat(dir); err == nil {
		return "the folder " + dir + " is still there"
	}
	for _, address := range addresses {
		if conn, err := net.DialTimeout("tcp", address, time.Second); err == nil {
			_ = conn.Close()
			return "somebody still answers at " + address
		}
	}
	return ""
}
