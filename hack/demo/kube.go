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

// patience is how long a step of the demo may take.
const patience = 3 * time.Minute

// kube runs kubectl and gives what it printed.
func (d *demo) kube(ctx context.Context, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	command := exec.CommandContext(ctx, d.kubectl, append([]string{"--kubeconfig", d.cluster.Kubeconfig()}, args...)...)
	var out, failure bytes.Buffer
	command.Stdout, command.Stderr = &out, &failure
	if err := command.Run(); err != nil {
		return "", fmt.Errorf("kubectl %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(failure.String()))
	}
	return out.String(), nil
}

func (d *demo) apply(ctx context.Context, path string) error {
	flag := "-f"
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		flag = "-k"
	}
	_, err := d.kube(ctx, "apply", "--server-side", flag, path)
	return err
}

// print shows what kubectl says, as a person would see it.
func (d *demo) print(ctx context.Context, args ...string) error {
	fmt.Printf("$ kubectl %s\n", strings.Join(args, " "))
	out, err := d.kube(ctx, args...)
	fmt.Print(out)
	return err
}

// read gives an object as it is.
func read[T any](ctx context.Context, d *demo, args ...string) (T, error) {
	var value T
	out, err := d.kube(ctx, append(append([]string{"get"}, args...), "-o", "json")...)
	if err != nil {
		return value, err
	}
	if err := json.Unmarshal([]byte(out), &value); err != nil {
		return value, fmt.Errorf("read kubectl's answer: %w", err)
	}
	return value, nil
}

// until asks every half second until something holds.
func until(ctx context.Context, what string, holds func(context.Context) (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for {
		held, err := holds(ctx)
		if err != nil || held {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s did not happen within %s", what, patience)
		case <-tick.C:
			fmt.Print(".")
		}
	}
}
