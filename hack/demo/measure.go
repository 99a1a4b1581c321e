package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"
)

// What the project allows the manager's file, and its memory when it is idle.
const (
	megabyte = 1_000_000
	limit    = 80 * megabyte
)

// measure waits until a minute after Ready, and measures the manager's file and memory.
func (d *demo) measure(ctx context.Context) error {
	for rest := time.Until(d.readyAt.Add(time.Minute)); rest > 0; rest = time.Until(d.readyAt.Add(time.Minute)) {
		printLine("… %.0f s to go", rest.Seconds())
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(min(rest, 10*time.Second)):
		}
	}
	file, err := os.Stat(managerBinary)
	if err != nil {
		return err
	}
	memory, err := residentMemory(d.manager.pid)
	if err != nil {
		return err
	}
	printLine("the binary:       %.1f MB\nresident memory:  %.1f MB", float64(file.Size())/megabyte, float64(memory)/megabyte)
	if max(file.Size(), memory) > limit {
		return fmt.Errorf("more than %d MB", limit/megabyte)
	}
	return nil
}

// residentMemory of a process, in bytes, as the kernel counts it.
func residentMemory(pid int) (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, fmt.Errorf("read the manager's memory: %w", err)
	}
	for line := range strings.Lines(string(status)) {
		var kilobytes int64
		if _, err := fmt.Sscanf(line, "VmRSS: %d kB", &kilobytes); err == nil {
			return kilobytes << 10, nil
		}
	}
	return 0, fmt.Errorf("process %d has no VmRSS", pid)
}
