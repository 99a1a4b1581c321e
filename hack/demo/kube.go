package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// kubectlTimeout is how long kubectl may take, which waits for objects too.
const kubectlTimeout = 3 * time.Minute

// kube runs the kubectl that was built and gives what it printed. It leaves the user's own configuration and cache alone.
func (d *demo) kube(ctx context.Context, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, kubectlTimeout)
	defer cancel()
	own := []string{"--kubeconfig", d.cluster.Kubeconfig(), "--cache-dir", d.file("kubectl")}
	command := exec.CommandContext(ctx, d.cluster.KubectlPath(), append(own, args...)...)
	command.Env = append(os.Environ(), "KUBERC=off")
	var output, complaint bytes.Buffer
	command.Stdout, command.Stderr = &output, &complaint
	if err := command.Run(); err != nil {
		return output.String(), fmt.Errorf("kubectl %s: %w: %s", args[0], err, strings.TrimSpace(complaint.String()))
	}
	return output.String(), nil
}

// kubectl runs it as a person would: the command, then what it printed.
func (d *demo) kubectl(ctx context.Context, args ...string) error {
	printLine("$ kubectl %s", strings.Join(args, " "))
	output, err := d.kube(ctx, args...)
	fmt.Fprint(indented{}, output)
	return err
}

// read gives one object, or a list, as it is.
func read[T any](ctx context.Context, d *demo, args ...string) (T, error) {
	var value T
	output, err := d.kube(ctx, append([]string{"get", "-o", "json", "-n", namespace}, args...)...)
	if err != nil {
		return value, err
	}
	if err := json.Unmarshal([]byte(output), &value); err != nil {
		return value, fmt.Errorf("read kubectl's answer: %w", err)
	}
	return value, nil
}
