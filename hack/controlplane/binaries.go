package controlplane

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
)

const module = "github.com/entra-registrar/entra-registrar"

// Binaries returns the absolute path of a folder that holds etcd, kube-apiserver, kube-controller-manager and kubectl, and builds
// what is missing or was built from other pins. It must be called within the project's module.
//
// The folder is bin/controlplane, a cache: the first call takes about seven minutes on two cores, later ones none. With
// KUBEBUILDER_ASSETS in the environment it is a folder of links to the programs found there, and only what they lack is built.
//
// Processes that call it at the same time wait for each other. Long steps are told to progress.
func Binaries(ctx context.Context, progress io.Writer) (dir string, err error) {
	root, err := output(exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", module))
	if err != nil {
		return "", fmt.Errorf("find the project's folder: %w", err)
	}
	built := filepath.Join(root, "bin", "controlplane")
	if err := os.MkdirAll(built, 0o755); err != nil {
		return "", fmt.Errorf("make the folder of binaries: %w", err)
	}
	unlock, err := lock(ctx, filepath.Join(built, ".lock"), progress)
	if err != nil {
		return "", fmt.Errorf("wait for another build: %w", err)
	}
	defer unlock()

	assets := os.Getenv("KUBEBUILDER_ASSETS")
	found, missing := split(assets)
	for _, s := range sources {
		if err := s.restrictedTo(missing).refresh(ctx, root, built, progress); err != nil {
			return "", fmt.Errorf("build the control plane: %w", err)
		}
	}
	if len(found) == 0 {
		return built, nil
	}
	return link(filepath.Join(built, "assets"), assets, found, built, missing)
}

// split tells which programs the folder of assets has and which it lacks. No folder has none.
func split(assets string) (found, missing map[string]bool) {
	found, missing = map[string]bool{}, map[string]bool{}
	for _, s := range sources {
		for _, p := range s.programs {
			if _, err := os.Stat(filepath.Join(assets, p.name)); assets != "" && err == nil {
				found[p.name] = true
			} else {
				missing[p.name] = true
			}
		}
	}
	return found, missing
}

// link fills dir with links to the programs that were found and to those that were built.
func link(dir, assets string, found map[string]bool, built string, missing map[string]bool) (string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("make the folder of links: %w", err)
	}
	for from, names := range map[string]map[string]bool{assets: found, built: missing} {
		for name := range names {
			target, err := filepath.Abs(filepath.Join(from, name))
			if err != nil {
				return "", fmt.Errorf("link %s: %w", name, err)
			}
			at := filepath.Join(dir, name)
			if err := os.Remove(at); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return "", fmt.Errorf("link %s: %w", name, err)
			}
			if err := os.Symlink(target, at); err != nil {
				return "", fmt.Errorf("link %s: %w", name, err)
			}
		}
	}
	return dir, nil
}
