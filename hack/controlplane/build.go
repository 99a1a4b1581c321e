package controlplane

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// refresh builds the programs that built lacks or has from other pins. Beside each program lies a file with the fingerprint of
// the pins it was built from.
func (s source) refresh(ctx context.Context, root, built string, progress io.Writer) error {
	dir := filepath.Join(root, "hack", "controlplane", s.folder)
	fingerprint, err := s.fingerprint(dir)
	if err != nil {
		return err
	}
	stale := map[string]bool{}
	for _, p := range s.programs {
		if !isUpToDate(filepath.Join(built, p.name), fingerprint) {
			stale[p.name] = true
		}
	}
	if len(stale) == 0 {
		return nil
	}
	s = s.restrictedTo(stale)
	scratch, err := os.MkdirTemp(built, ".build-")
	if err != nil {
		return fmt.Errorf("make a folder to build in: %w", err)
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	if err := s.build(ctx, dir, scratch, progress); err != nil {
		return err
	}
	return s.install(scratch, built, fingerprint)
}

// install moves the programs to their place: a program that runs just now keeps its file, and no half written one is ever found.
func (s source) install(scratch, built, fingerprint string) error {
	for _, p := range s.programs {
		at := filepath.Join(built, p.name)
		if err := os.Rename(filepath.Join(scratch, p.output), at); err != nil {
			return fmt.Errorf("install %s: %w", p.name, err)
		}
		if err := os.WriteFile(stamp(at), []byte(fingerprint), 0o600); err != nil {
			return fmt.Errorf("note what %s was built from: %w", p.name, err)
		}
	}
	return nil
}

func isUpToDate(path, fingerprint string) bool {
	noted, err := os.ReadFile(stamp(path))
	if err != nil || string(noted) != fingerprint {
		return false
	}
	_, err = os.Stat(path)
	return err == nil
}

func stamp(path string) string {
	return filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".pins")
}

// build compiles the source's programs into scratch, all at once, and says every ten seconds how far it is.
func (s source) build(ctx context.Context, dir, scratch string, progress io.Writer) error {
	version, err := s.version(ctx, dir)
	if err != nil {
		return err
	}
	names, args := []string{}, []string{"build", "-C", dir, "-v", "-trimpath", "-ldflags", s.flags(version), "-o", scratch + string(filepath.Separator)}
	for _, p := range s.programs {
		names, args = append(names, p.name), append(args, p.pkg)
	}
	what := strings.Join(names, ", ") + " " + version
	fmt.Fprintf(progress, "building %s: once, about %s on two cores\n", what, s.duration)

	printed := &buildOutput{}
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0") // whether or not there is a C compiler
	cmd.Stderr = printed
	// Interrupted with all its children, and not killed, go removes what it has written below the temporary folder.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }
	cmd.WaitDelay = 10 * time.Second
	begun := time.Now()
	done := make(chan error, 1)
	go func() { done <- cmd.Run() }()

	tick := time.NewTicker(10 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			fmt.Fprintf(progress, "  %s after %s\n", printed, time.Since(begun).Round(time.Second))
		case err := <-done:
			if err != nil {
				return fmt.Errorf("go build %s: %w\n%s", what, err, printed.errors())
			}
			fmt.Fprintf(progress, "built %s in %s\n", what, time.Since(begun).Round(time.Second))
			return nil
		}
	}
}
