package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	"github.com/entra-registrar/entra-registrar/hack/controlplane"
	"github.com/entra-registrar/entra-registrar/test/emulator"
)

const (
	operatorClientID  = "5f0a6c2e-8d34-4c57-9c1e-2d6f00000001"
	operatorSecret    = "demo-only-secret"
	operatorNamespace = "entra-registrar"
)

// demo holds what is running.
type demo struct {
	dir        string // of what is written on the way; removed at the end
	binaries   string
	kubectl    string
	cluster    *controlplane.ControlPlane
	entra      *emulator.Emulator
	manager    *exec.Cmd
	managerLog string
	readyAt    time.Time
	clientIDs  map[string]string
}

// managerBinary is where make build puts it.
const managerBinary = "bin/manager"

func (d *demo) build(ctx context.Context) (err error) {
	if d.dir, err = os.MkdirTemp("", "entra-registrar-demo-"); err != nil {
		return err
	}
	if d.binaries, err = controlplane.Binaries(ctx, os.Stdout); err != nil {
		return err
	}
	d.kubectl = filepath.Join(d.binaries, "kubectl")
	fmt.Println("   building the manager (the first time, the Graph SDK takes two minutes)")
	build := exec.CommandContext(ctx, "make", "--no-print-directory", "build")
	build.Stdout, build.Stderr = os.Stdout, os.Stderr
	return build.Run()
}

func (d *demo) startControlPlane(ctx context.Context) (err error) {
	d.cluster, err = controlplane.Start(ctx, controlplane.Options{Dir: d.binaries, CRDPaths: []string{"config/crd/bases"}})
	return err
}

func (d *demo) startEmulator(context.Context) (err error) {
	d.entra, err = emulator.Start(emulator.Options{
		IssuerCA: d.cluster.CA(),
		Client: emulator.Client{ID: operatorClientID, Secret: operatorSecret, Roles: []string{
			"Application.ReadWrite.OwnedBy", "Application.Read.All", "AppRoleAssignment.ReadWrite.All",
		}},
	})
	if err == nil {
		fmt.Printf("   Graph and the token service: %s, tenant %s\n", d.entra.URL(), d.entra.TenantID())
	}
	return err
}

func (d *demo) startManager(ctx context.Context) error {
	for _, file := range []string{"config/manager/namespace.yaml", "config/rbac"} {
		if err := d.apply(ctx, file); err != nil {
			return err
		}
	}
	if _, err := d.kube(ctx, "create", "secret", "generic", "corp-credential", "-n", operatorNamespace,
		"--from-literal=client-secret="+operatorSecret); err != nil {
		return err
	}
	tenant, err := os.ReadFile("hack/demo/tenant.yaml")
	if err != nil {
		return err
	}
	ca := "      " + strings.ReplaceAll(strings.TrimSpace(string(d.entra.CA())), "\n", "\n      ")
	filled := strings.NewReplacer("${TENANT_ID}", d.entra.TenantID(), "${URL}", d.entra.URL(), "${CA}", ca, "${CLIENT_ID}", operatorClientID).
		Replace(string(tenant))
	path := filepath.Join(d.dir, "tenant.yaml")
	if err := os.WriteFile(path, []byte(filled), 0o600); err != nil {
		return err
	}
	if err := d.apply(ctx, path); err != nil {
		return err
	}
	return d.launchManager(ctx)
}

// launchManager runs the product's binary with a kubeconfig that signs in as the ServiceAccount of config/rbac.
func (d *demo) launchManager(ctx context.Context) error {
	token, err := d.kube(ctx, "create", "token", "entra-registrar", "-n", operatorNamespace, "--duration=8h")
	if err != nil {
		return err
	}
	kubeconfig, err := clientcmd.LoadFromFile(d.cluster.Kubeconfig())
	if err != nil {
		return err
	}
	for _, user := range kubeconfig.AuthInfos {
		*user = clientcmdapi.AuthInfo{Token: strings.TrimSpace(token)}
	}
	path := filepath.Join(d.dir, "manager.kubeconfig")
	if err := clientcmd.WriteToFile(*kubeconfig, path); err != nil {
		return err
	}
	d.managerLog = filepath.Join(d.dir, "manager.log")
	log, err := os.Create(d.managerLog)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	d.manager = exec.Command(managerBinary, "--kubeconfig", path, "--operator-namespace", operatorNamespace,
		"--enable-app-role-assignments", "--custom-endpoint-hosts", strings.TrimPrefix(d.entra.URL(), "https://"),
		"--metrics-bind-address=0", "--health-probe-bind-address=0")
	d.manager.Stdout, d.manager.Stderr = log, log
	d.manager.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	return d.manager.Start()
}

// close takes everything down, whatever has been started. On a failure it shows the end of the manager's log first.
func (d *demo) close(failure error) error {
	if failure != nil && d.managerLog != "" {
		if log, err := os.ReadFile(d.managerLog); err == nil {
			lines := bytes.Split(bytes.TrimSpace(log), []byte("\n"))
			fmt.Fprintf(os.Stderr, "\nthe end of the manager's log:\n%s\n", bytes.Join(lines[max(0, len(lines)-15):], []byte("\n")))
		}
	}
	if d.manager != nil && d.manager.Process != nil {
		_ = d.manager.Process.Signal(syscall.SIGTERM)
		_ = d.manager.Wait() // it was asked to stop: its exit code says nothing
		d.manager = nil
	}
	if d.entra != nil {
		_ = d.entra.Close()
		d.entra = nil
	}
	var err error
	if d.cluster != nil {
		err = d.cluster.Stop()
		d.cluster = nil
	}
	if d.dir != "" {
		_ = os.RemoveAll(d.dir)
		d.dir = ""
	}
	return err
}
