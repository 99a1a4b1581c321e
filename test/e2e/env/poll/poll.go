// Package poll waits in real time for what other processes and goroutines do.
package poll

import (
	"context"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
)

const (
	interval = 5 * time.Millisecond
	// deadline is how long a test waits for one thing before it gives up.
	deadline = 3 * time.Minute
)

// Until asks every few milliseconds whether a condition holds, and ends the test where it does not hold in the end.
func Until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), deadline)
	defer cancel()
	err := wait.PollUntilContextCancel(ctx, interval, true, func(context.Context) (bool, error) { return holds(), nil })
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}
