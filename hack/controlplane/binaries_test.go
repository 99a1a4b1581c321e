package controlplane

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestBinaries_AssetsAreTakenAndCompleted(t *testing.T) {
	t.Parallel()
	assets, built, links := t.TempDir(), t.TempDir(), filepath.Join(t.TempDir(), "links")
	for _, name := range []string{etcd, apiServer, kubectl} {
		write(t, filepath.Join(assets, name), "found")
	}
	write(t, filepath.Join(built, controllerManager), "built")

	found, missing := split(assets)
	for range 2 { // over what is there too
		dir, err := link(links, assets, found, built, missing)
		if err != nil {
			t.Fatalf("link: %v", err)
		}
		for name, want := range map[string]string{etcd: "found", apiServer: "found", kubectl: "found", controllerManager: "built"} {
			got, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil || string(got) != want {
				t.Errorf("%s is %q (%v), want the one that was %s", name, got, err, want)
			}
		}
	}
}

func TestBinaries_WithoutAssetsAllAreMissing(t *testing.T) {
	t.Parallel()
	if found, missing := split(""); len(found) != 0 || len(missing) != 4 {
		t.Errorf("found %v, missing %v; want nothing and four", found, missing)
	}
}

func TestBinaries_AreFreshWhilePinsAreTheSame(t *testing.T) {
	t.Parallel()
	scratch, built := t.TempDir(), t.TempDir()
	s := source{programs: []program{{name: etcd, output: "server"}}}
	write(t, filepath.Join(scratch, "server"), "program")
	at := filepath.Join(built, etcd)
	if isUpToDate(at, "pins") {
		t.Error("fresh before it was built")
	}
	if err := s.install(scratch, built, "pins"); err != nil {
		t.Fatalf("install: %v", err)
	}
	if !isUpToDate(at, "pins") {
		t.Error("not fresh after it was built")
	}
	if isUpToDate(at, "other pins") {
		t.Error("fresh although the pins changed")
	}
	if err := os.Remove(at); err != nil {
		t.Fatal(err)
	}
	if isUpToDate(at, "pins") {
		t.Error("fresh although it is gone")
	}
}

func TestBuild_TellsKubernetesItsVersion(t *testing.T) {
	t.Parallel()
	const stamp = "k8s.io/component-base/version.git"
	want := "-s -w -X " + stamp + "Version=v1.36.3 -X " + stamp + "Major=1 -X " + stamp + "Minor=36"
	if got := kubernetesFlags("v1.36.3"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestProgress_CountsAndKeepsErrors(t *testing.T) {
	t.Parallel()
	m := &buildOutput{}
	for _, part := range []string{"go: downloading a v1.0.0\nk8s.io/", "api/core/v1\nstrings\n# broken\nx.go:1: no", " such thing\nlast words"} {
		_, _ = io.WriteString(m, part)
	}
	if got, want := m.String(), "1 modules fetched, 2 packages compiled"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := m.errors(), "# broken\nx.go:1: no such thing\nlast words"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestBuild_SecondBuilderWaits(t *testing.T) {
	t.Parallel()
	at := filepath.Join(t.TempDir(), "lock")
	unlock, err := lock(t.Context(), at, io.Discard)
	if err != nil {
		t.Fatalf("the first: %v", err)
	}
	var told strings.Builder
	impatient, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := lock(impatient, at, &told); !errors.Is(err, context.Canceled) {
		t.Errorf("the second, without patience: %v, want %v", err, context.Canceled)
	}
	if !strings.Contains(told.String(), "waiting") {
		t.Errorf("it was told %q, want that it waits", told.String())
	}
	unlock()
	again, err := lock(t.Context(), at, io.Discard)
	if err != nil {
		t.Fatalf("the third: %v", err)
	}
	again()
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
