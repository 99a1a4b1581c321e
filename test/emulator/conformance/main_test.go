package conformance

import (
	"context"
	"fmt"
	"os"
	"testing"
)

// examined is the tenant that this run tests. TestMain sets it once, before any test starts.
var examined *tenant

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	ctx := context.Background()
	found, stop, err := openTenant()
	if err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		return 1
	}
	defer stop()
	examined = found
	if err := examined.sweepOldRuns(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "conformance: sweep what earlier runs left:", err)
		return 1
	}
	code := m.Run()
	if err := examined.sweepThisRun(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "conformance: sweep what this run left:", err)
		code = 1
	}
	if err := examined.answers.write(os.Getenv("CONFORMANCE_ANSWERS")); err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		code = 1
	}
	return code
}
