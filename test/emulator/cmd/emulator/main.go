// Command emulator serves one emulated Entra tenant, Graph and the token service, over HTTPS until it gets SIGTERM or SIGINT.
// When it serves it prints one line: ready <url>.
//
// --population names a JSON file with who is in the tenant; whoever has a password can sign in, and an id that is left out is a random
// one of --seed:
//
//	{
//	  "users": [{"userPrincipalName": "ada@contoso.onmicrosoft.com", "displayName": "Ada", "password": "…", "administrator": true}],
//	  "groups": [{"displayName": "Readers", "members": ["ada@contoso.onmicrosoft.com"]}],
//	  "managedIdentities": [{"displayName": "orders-identity", "id": "…", "clientId": "…"}]
//	}
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/entra-registrar/entra-registrar/test/emulator"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the command: 0 when ctx ended, 1 when it could not start, 2 for flags that make no sense.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags, err := parse(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		_, _ = fmt.Fprintln(stderr, "emulator:", err)
		return 2
	}
	if err := serve(ctx, flags, stdout); err != nil {
		_, _ = fmt.Fprintln(stderr, "emulator:", err)
		if errors.Is(err, emulator.ErrOptions) { // --client-roles, --population and --issuer-ca: only the emulator can judge them
			return 2
		}
		return 1
	}
	return 0
}

func serve(ctx context.Context, flags settings, stdout io.Writer) (err error) {
	if flags.record != "" {
		file, err := os.OpenFile(flags.record, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
		if err != nil {
			return fmt.Errorf("open the record: %w", err)
		}
		defer func() { _ = file.Close() }() // each line is written as it comes
		flags.options.Record = file
	}
	entra, err := emulator.Start(flags.options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, entra.Close()) }()
	if flags.caOut != "" {
		if err := os.WriteFile(flags.caOut, entra.CA(), 0o644); err != nil { //nolint:gosec // a public certificate
			return fmt.Errorf("write the CA: %w", err)
		}
	}
	if _, err := fmt.Fprintln(stdout, "ready", entra.URL()); err != nil {
		return fmt.Errorf("say ready: %w", err)
	}
	<-ctx.Done()
	return nil
}
