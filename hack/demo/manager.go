package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

const (
	operatorNamespace = "entra-registrar"
	managerLog        = "manager.log"
)

// manager is the product's process.
type manager struct {
	pid  int
	stop func() // ends it and waits for its end
}

// startManager does what an administrator does once: namespace, rights, the operator's credential, the tenant. Then it runs the
// manager.
func (d *demo) startManager(ctx context.Context) error {
	tenant, err := d.tenant()
	if err != nil {
		return err
	}
	for _, args := range [][]string{
		{"apply", "--server-side", "-f", "config/manager/namespace.yaml"},
		{"apply", "--server-side", "-k", "config/rbac"},
		{"create", "secret", "generic", "corp-credential", "-n", operatorNamespace, "--from-literal=client-secret=" + operatorSecret},
		{"apply", "--server-side", "-f", tenant},
	} {
		if _, err := d.kube(ctx, args...); err != nil {
			return err
		}
	}
	printLine("applied: its namespace, its rights (config/rbac), its credential, the tenant (hack/demo/tenant.yaml)")
	kubeconfig, err := d.kubeconfigOfManager(ctx)
	if err != nil {
		return err
	}
	return d.launchManager(ctx, kubeconfig, "--operator-namespace", operatorNamespace, "--leader-elect",
		"--enable-app-role-assignments", "--enable-delegated-grants", "--custom-endpoint-hosts", strings.TrimPrefix(d.entra.URL(), "https://"),
		"--metrics-bind-address=127.0.0.1:0", "--health-probe-bind-address=127.0.0.1:0")
}

// tenant fills in hack/demo/tenant.yaml.
func (d *demo) tenant() (path string, err error) {
	template, err := os.ReadFile("hack/demo/tenant.yaml")
	if err != nil {
		return "", fmt.Errorf("read the tenant: %w", err)
	}
	ca := strings.ReplaceAll(strings.TrimSpace(string(d.entra.CA())), "\n", "\n      ")
	values := map[string]string{"TENANT_ID": d.entra.TenantID(), "URL": d.entra.URL(), "CA": ca, "CLIENT_ID": operatorClientID}
	return d.write("tenant.yaml", []byte(os.Expand(string(template), func(name string) string { return values[name] })))
}

// kubeconfigOfManager signs in as the ServiceAccount that config/rbac gives rights to.
func (d *demo) kubeconfigOfManager(ctx context.Context) (path string, err error) {
	token, err := d.kube(ctx, "create", "token", "entra-registrar", "-n", operatorNamespace, "--duration=24h")
	if err != nil {
		return "", err
	}
	config, err := clientcmd.LoadFromFile(d.cluster.Kubeconfig())
	if err != nil {
		return "", fmt.Errorf("read the kubeconfig: %w", err)
	}
	for _, user := range config.AuthInfos {
		*user = clientcmdapi.AuthInfo{Token: strings.TrimSpace(token)}
	}
	content, err := clientcmd.Write(*config)
	if err != nil {
		return "", fmt.Errorf("make the manager's kubeconfig: %w", err)
	}
	return d.write("manager.kubeconfig", content)
}

// launchManager starts the manager in a process group of its own, out of Ctrl-C's reach. The demo ends if it ends by itself, and
// the kernel ends it if the demo is killed.
func (d *demo) launchManager(ctx context.Context, kubeconfig string, args ...string) error {
	log, err := os.Create(d.file(managerLog))
	if err != nil {
		return fmt.Errorf("make the manager's log: %w", err)
	}
	defer func() { _ = log.Close() }() // the manager has its own handle
	alive, end := context.WithCancel(context.WithoutCancel(ctx))
	command := exec.CommandContext(alive, managerBinary, args...)
	command.Env = append(os.Environ(), "KUBECONFIG="+kubeconfig)
	command.Stdout, command.Stderr = log, log
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.WaitDelay = 10 * time.Second
	if err := command.Start(); err != nil {
		end()
		return fmt.Errorf("start the manager: %w", err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		d.fail(fmt.Errorf("the manager ended: %w", command.Wait()))
	}()
	d.manager = &manager{pid: command.Process.Pid, stop: func() {
		end()
		<-ended
	}}
	printLine("%s runs as process %d", managerBinary, command.Process.Pid)
	return nil
}

// printManagerLog shows the end of the manager's log.
func (d *demo) printManagerLog() {
	if d.manager == nil {
		return
	}
	log, err := os.ReadFile(d.file(managerLog))
	if err != nil {
		return
	}
	lines := bytes.SplitAfter(bytes.TrimSpace(log), []byte("\n"))
	fmt.Printf("\nThe end of the manager's log:\n%s\n", bytes.Join(lines[max(0, len(lines)-15):], nil))
}
