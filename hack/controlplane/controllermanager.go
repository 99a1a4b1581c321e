package controlplane

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
)

// controllers are what a cluster without nodes can be missed by.
var controllers = []string{
	"namespace-controller",
	"garbage-collector-controller",
	"serviceaccount-controller",
	"serviceaccount-token-controller",
	"root-ca-certificate-publisher-controller",
	"clusterrole-aggregation-controller",
}

// startControllerManager runs the program as an administrator of its own name and waits until it has made the ServiceAccount of
// the namespace default.
func (p *ControlPlane) startControllerManager(ctx context.Context, path string) error {
	kubeconfig, err := p.provision(controllerManager)
	if err != nil {
		return err
	}
	wrapped, err := p.guard.wrap(path)
	if err != nil {
		return err
	}
	log, err := p.openLog(controllerManager)
	if err != nil {
		return err
	}
	certs := p.env.ControlPlane.APIServer.CertDir
	rootCA := filepath.Join(certs, "root-ca.crt")
	if err := os.WriteFile(rootCA, p.CA(), 0o600); err != nil {
		return fmt.Errorf("write the root CA: %w", err)
	}

	alive, end := context.WithCancel(context.WithoutCancel(ctx))
	cmd := exec.CommandContext(alive, wrapped,
		"--kubeconfig="+kubeconfig,
		"--controllers="+strings.Join(controllers, ","),
		"--service-account-private-key-file="+p.guard.path(signerKey),
		"--root-ca-file="+rootCA,
		"--use-service-account-credentials=false",
		"--leader-elect=false",
		"--secure-port=0",
	)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	if err := cmd.Start(); err != nil {
		end()
		return err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait() // however it ends, it has ended
	}()
	p.stopControllers = func() {
		end()
		<-ended
	}
	return p.awaitServiceAccount(ctx, ended)
}

// provision makes a user who may do everything and returns the path of a kubeconfig of theirs.
func (p *ControlPlane) provision(name string) (string, error) {
	user, err := p.env.AddUser(envtest.User{Name: "system:" + name, Groups: []string{"system:masters"}}, nil)
	if err != nil {
		return "", fmt.Errorf("provision the user %s: %w", name, err)
	}
	content, err := user.KubeConfig()
	if err != nil {
		return "", fmt.Errorf("make the kubeconfig of %s: %w", name, err)
	}
	at := p.guard.path(name + ".kubeconfig")
	if err := os.WriteFile(at, content, 0o600); err != nil {
		return "", fmt.Errorf("write the kubeconfig of %s: %w", name, err)
	}
	return at, nil
}

// awaitServiceAccount returns when the namespace default has its ServiceAccount: the controllers work.
func (p *ControlPlane) awaitServiceAccount(ctx context.Context, ended <-chan struct{}) error {
	admin, err := client.New(p.env.Config, client.Options{Scheme: scheme.Scheme})
	if err != nil {
		return err
	}
	key := client.ObjectKey{Namespace: "default", Name: "default"}
	err = wait.PollUntilContextTimeout(ctx, 50*time.Millisecond, time.Minute, true, func(ctx context.Context) (bool, error) {
		select {
		case <-ended:
			return false, errors.New("it ended at once")
		default:
			err := admin.Get(ctx, key, &corev1.ServiceAccount{})
			return err == nil, client.IgnoreNotFound(err)
		}
	})
	if err != nil {
		return fmt.Errorf("wait for the first ServiceAccount: %w", err)
	}
	return nil
}
