package controlplane

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// The programs that Binaries provides.
const (
	etcd              = "etcd"
	apiServer         = "kube-apiserver"
	controllerManager = "kube-controller-manager"
	kubectl           = "kubectl"
)

// program is one executable and the package that it is built from.
type program struct {
	name   string // as it is found in the folder of binaries
	pkg    string // import path of its main package
	output string // what go build calls it
}

// source is a pinned module and the programs in it.
type source struct {
	folder   string // below hack/controlplane, with a go.mod of its own
	module   string // whose version the programs report
	programs []program
	flags    func(version string) string // for the linker
	duration string                      // roughly, on two cores and without a cache
}

var sources = []source{{
	folder:   "etcd",
	module:   "go.etcd.io/etcd/server/v3",
	programs: []program{{name: etcd, pkg: "go.etcd.io/etcd/server/v3", output: "server"}},
	flags:    func(string) string { return "-s -w" },
	duration: "a minute",
}, {
	folder: "kubernetes",
	module: "k8s.io/kubernetes",
	programs: []program{
		{name: apiServer, pkg: "k8s.io/kubernetes/cmd/kube-apiserver", output: apiServer},
		{name: controllerManager, pkg: "k8s.io/kubernetes/cmd/kube-controller-manager", output: controllerManager},
		{name: kubectl, pkg: "k8s.io/kubernetes/cmd/kubectl", output: kubectl},
	},
	flags:    kubernetesFlags,
	duration: "six minutes",
}}

// kubernetesFlags stamps the version: without it the API server calls itself v0.0.0, which clients refuse to compare.
func kubernetesFlags(version string) string {
	const stamp = "k8s.io/component-base/version"
	major, rest, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	minor, _, _ := strings.Cut(rest, ".")
	return fmt.Sprintf("-s -w -X %[1]s.gitVersion=%[2]s -X %[1]s.gitMajor=%[3]s -X %[1]s.gitMinor=%[4]s",
		stamp, version, major, minor)
}

// restrictedTo returns the source with just the programs of these names.
func (s source) restrictedTo(names map[string]bool) source {
	var wanted []program
	for _, p := range s.programs {
		if names[p.name] {
			wanted = append(wanted, p)
		}
	}
	s.programs = wanted
	return s
}

// version asks the source's go.mod.
func (s source) version(ctx context.Context, dir string) (string, error) {
	return output(exec.CommandContext(ctx, "go", "list", "-C", dir, "-m", "-f", "{{.Version}}", s.module))
}

// fingerprint changes when a pinned version does.
func (s source) fingerprint(dir string) (string, error) {
	sum := sha256.New()
	for _, name := range []string{"go.mod", "go.sum"} {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return "", fmt.Errorf("read the pins of %s: %w", s.module, err)
		}
		_, _ = sum.Write(content)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// output runs a command for its first line.
func output(cmd *exec.Cmd) (string, error) {
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w: %s", strings.Join(cmd.Args, " "), err, strings.TrimSpace(stderr.String()))
	}
	return strings.TrimSpace(string(out)), nil
}
