package main

import (
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/faults"
)

// settings are what the flags set.
type settings struct {
	options       emulator.Options
	caOut, record string
}

// rawFlags are the flags as they were typed.
type rawFlags struct {
	tlsCert, tlsKey, roles, issuerCA, lag, quota, faults, population string
}

// parse reads the flags; its error names the flag and says why. The usage goes to usage.
func parse(args []string, usage io.Writer) (settings, error) {
	var s settings
	var t rawFlags
	flags := flag.NewFlagSet("emulator", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&s.options.Listen, "listen", "127.0.0.1:8443", "`host:port` to serve on")
	flags.StringVar(&t.tlsCert, "tls-cert", "", "`file` with the server's certificate chain in PEM; without it one is made")
	flags.StringVar(&t.tlsKey, "tls-key", "", "`file` with its key in PEM")
	flags.StringVar(&s.caOut, "ca-out", "", "`file` to write the self-made CA to")
	flags.StringVar(&s.options.TenantID, "tenant-id", emulator.DefaultTenantID, "the tenant's `GUID`")
	flags.StringVar(&s.options.Client.ID, "client-id", "", "the first caller's application ID, a `GUID`")
	flags.StringVar(&s.options.Client.Secret, "client-secret", "", "the first caller's `secret`")
	flags.StringVar(&t.roles, "client-roles", "", "the first caller's permissions on Microsoft Graph: `A,B`")
	flags.StringVar(&t.population, "population", "", "JSON `file` with users and their passwords, groups and managed identities")
	flags.StringVar(&t.issuerCA, "issuer-ca", "", "`file` with the PEM to trust at issuers of federated credentials")
	flags.StringVar(&t.lag, "lag", "0s", "replication lag, a range as in `0s-30s`")
	flags.StringVar(&t.quota, "quota", "off", "`off|Small|Medium|Large`")
	flags.StringVar(&t.faults, "faults", "", "as in `rate=0.1,kinds=429,503,reset,commit-then-500,concurrency`")
	flags.Int64Var(&s.options.Seed, "seed", 0, "`number` that makes lag, faults and generated IDs repeatable")
	flags.StringVar(&s.record, "record", "", "`file` to write exchanges to, one JSON line each; what is in it is lost")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			flags.SetOutput(usage)
			flags.Usage()
		}
		return s, err
	}
	if flags.NArg() > 0 {
		return s, fmt.Errorf("%q is no flag", flags.Arg(0))
	}
	return s, errors.Join(s.readNetwork(t), s.readClient(t), s.readPopulation(t.population), s.readFaults(t))
}

func (s *settings) readNetwork(t rawFlags) error {
	if _, _, err := net.SplitHostPort(s.options.Listen); err != nil {
		return fmt.Errorf("--listen: %w", err)
	}
	if (t.tlsCert == "") != (t.tlsKey == "") {
		return errors.New("--tls-cert and --tls-key: one needs the other")
	}
	if t.tlsCert != "" {
		if s.caOut != "" {
			return errors.New("--ca-out: with --tls-cert there is no self-made CA to write")
		}
		certificate, err := tls.LoadX509KeyPair(t.tlsCert, t.tlsKey)
		if err != nil {
			return fmt.Errorf("--tls-cert, --tls-key: %w", err)
		}
		s.options.Certificate = &certificate
	}
	if t.issuerCA != "" {
		authorities, err := os.ReadFile(t.issuerCA)
		if err != nil {
			return fmt.Errorf("--issuer-ca: %w", err)
		}
		s.options.IssuerCA = authorities
	}
	return nil
}

func (s *settings) readClient(t rawFlags) error {
	if _, err := uuid.Parse(s.options.TenantID); err != nil {
		return fmt.Errorf("--tenant-id %q: %w", s.options.TenantID, err)
	}
	client := &s.options.Client
	switch {
	case client.ID == "" && (client.Secret != "" || t.roles != ""):
		return errors.New("--client-secret and --client-roles need --client-id")
	case client.ID == "":
		return nil
	case client.Secret == "":
		return errors.New("--client-id needs --client-secret")
	}
	if _, err := uuid.Parse(client.ID); err != nil {
		return fmt.Errorf("--client-id %q: %w", client.ID, err)
	}
	if t.roles != "" {
		client.Roles = strings.Split(t.roles, ",")
	}
	return nil
}

func (s *settings) readPopulation(name string) error {
	if name == "" {
		return nil
	}
	file, err := os.Open(name) //nolint:gosec // whoever starts us names it
	if err != nil {
		return fmt.Errorf("--population: %w", err)
	}
	defer func() { _ = file.Close() }() // read only
	if s.options.Population, err = directory.ReadPopulation(file); err != nil {
		return fmt.Errorf("--population %s: %w", name, err)
	}
	return nil
}

func (s *settings) readFaults(t rawFlags) (err error) {
	if s.options.Lag, err = parseLag(t.lag); err != nil {
		return fmt.Errorf("--lag %q: %w", t.lag, err)
	}
	if s.options.Quota, err = faults.ParseQuota(t.quota); err != nil {
		return fmt.Errorf("--quota: %w", err)
	}
	if s.options.Faults, err = faults.ParseRandom(t.faults); err != nil {
		return fmt.Errorf("--faults: %w", err)
	}
	return nil
}

// parseLag reads 0s-30s, or one duration for a lag that is always the same.
func parseLag(text string) (directory.Lag, error) {
	low, high, ok := strings.Cut(text, "-")
	if !ok {
		high = low
	}
	from, err := time.ParseDuration(low)
	if err != nil {
		return directory.Lag{}, err
	}
	to, err := time.ParseDuration(high)
	if err != nil {
		return directory.Lag{}, err
	}
	if from < 0 || to < from {
		return directory.Lag{}, errors.New("the range runs backwards")
	}
	return directory.Lag{Min: from, Max: to}, nil
}
