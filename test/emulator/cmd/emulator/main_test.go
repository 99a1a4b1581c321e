package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const guid = "11111111-2222-4333-8444-555555555555"

func TestCommand_BadFlagsExitWith2AndReason(t *testing.T) {
	t.Parallel()
	population := func(text string) []string {
		file := filepath.Join(t.TempDir(), "population.json")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return []string{"--listen", "127.0.0.1:0", "--population", file}
	}
	noPEM := filepath.Join(t.TempDir(), "no.pem")
	if err := os.WriteFile(noPEM, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		args []string
		says string
	}{
		"a flag that does not exist":        {[]string{"--port", "1"}, "-port"},
		"an argument":                       {[]string{"serve"}, `"serve"`},
		"an address without a port":         {[]string{"--listen", "localhost"}, "--listen"},
		"a certificate without a key":       {[]string{"--tls-cert", "x"}, "--tls-key"},
		"a key without a certificate":       {[]string{"--tls-key", "x"}, "--tls-cert"},
		"a certificate that is not there":   {[]string{"--tls-cert", noPEM, "--tls-key", noPEM}, "--tls-cert"},
		"a CA to write that is not made":    {[]string{"--tls-cert", noPEM, "--tls-key", noPEM, "--ca-out", "x"}, "--ca-out"},
		"a tenant that is no GUID":          {[]string{"--tenant-id", "contoso"}, "--tenant-id"},
		"a client that is no GUID":          {[]string{"--client-id", "x", "--client-secret", "y"}, "--client-id"},
		"a client without a secret":         {[]string{"--client-id", guid}, "--client-secret"},
		"a secret without a client":         {[]string{"--client-secret", "x"}, "--client-id"},
		"roles without a client":            {[]string{"--client-roles", "x"}, "--client-id"},
		"a role that Graph does not have":   {[]string{"--listen", "127.0.0.1:0", "--client-id", guid, "--client-secret", "y", "--client-roles", "No.Such"}, "No.Such"},
		"an issuers' CA that is not there":  {[]string{"--issuer-ca", filepath.Join(t.TempDir(), "none")}, "--issuer-ca"},
		"an issuers' CA that is no PEM":     {[]string{"--listen", "127.0.0.1:0", "--issuer-ca", noPEM}, "issuers' CA"},
		"a lag without a unit":              {[]string{"--lag", "0-30"}, "--lag"},
		"a lag that runs backwards":         {[]string{"--lag", "30s-0s"}, "--lag"},
		"a quota of no size":                {[]string{"--quota", "tiny"}, "--quota"},
		"faults of no kind":                 {[]string{"--faults", "rate=0.1,kinds=418"}, "418"},
		"a seed that is no number":          {[]string{"--seed", "x"}, "-seed"},
		"a population that is not there":    {[]string{"--population", filepath.Join(t.TempDir(), "none")}, "--population"},
		"a population that is no JSON":      {population("users:"), "--population"},
		"a population with unknown members": {population(`{"people":[]}`), "people"},
		"two populations":                   {population(`{} {}`), "more than one"},
		"a user without a domain":           {population(`{"users":[{"userPrincipalName":"ada"}]}`), "users[0].userPrincipalName"},
		"one user twice":                    {population(`{"users":[{"userPrincipalName":"a@b.c"},{"userPrincipalName":"A@b.c"}]}`), "users[1].userPrincipalName"},
		"a group without a name":            {population(`{"groups":[{}]}`), "groups[0].displayName"},
		"a member that is nobody":           {population(`{"groups":[{"displayName":"x","members":["a@b.c"]}]}`), `"a@b.c"`},
		"an identity that is no GUID":       {population(`{"managedIdentities":[{"displayName":"x","clientId":"y"}]}`), "managedIdentities[0].clientId"},
		"two mistakes are told at one time": {[]string{"--lag", "x", "--tenant-id", "y"}, "--tenant-id"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			if code := run(t.Context(), test.args, &stdout, &stderr); code != 2 {
				t.Errorf("exit %d", code)
			}
			if !strings.Contains(stderr.String(), test.says) || stdout.Len() > 0 {
				t.Errorf("stderr %q, stdout %q, want %q on stderr", stderr.String(), stdout.String(), test.says)
			}
		})
	}
}

func TestCommand_PortInUseExitsWith1(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"--listen", "256.0.0.1:1"}, &stdout, &stderr); code != 1 || stderr.Len() == 0 {
		t.Errorf("exit %d, stderr %q", code, stderr.String())
	}
}

func TestCommand_HelpShowsEveryFlag(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"--help"}, &stdout, &stderr); code != 0 {
		t.Errorf("exit %d", code)
	}
	for _, name := range []string{
		"listen", "tls-cert", "tls-key", "ca-out", "tenant-id", "client-id", "client-secret", "client-roles", "issuer-ca", "lag", "quota",
		"faults", "seed", "record", "population",
	} {
		if !strings.Contains(stderr.String(), "-"+name) {
			t.Errorf("--%s is not in %s", name, stderr.String())
		}
	}
}

// trusting is a client that trusts the CA in a file.
func trusting(t *testing.T, ca string) *http.Client {
	t.Helper()
	pem, err := os.ReadFile(ca) //nolint:gosec // the test's own file
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, DisableKeepAlives: true}}
}

func TestCommand_ServesUntilStopped(t *testing.T) {
	t.Parallel()
	ca, record := filepath.Join(t.TempDir(), "ca.pem"), filepath.Join(t.TempDir(), "record.jsonl")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	out, in := io.Pipe()
	exit := make(chan int, 1)
	var stderr bytes.Buffer
	go func() {
		code := run(ctx, []string{
			"--listen", "127.0.0.1:0", "--ca-out", ca, "--record", record, "--tenant-id", guid, "--lag", "0s-30s", "--quota", "Small",
			"--faults", "rate=0,kinds=429", "--seed", "7",
		}, in, &stderr)
		_ = in.Close()
		exit <- code
	}()
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatalf("it said nothing; stderr %s", stderr.String())
	}
	url, ok := strings.CutPrefix(lines.Text(), "ready ")
	if !ok {
		t.Fatalf("it said %q", lines.Text())
	}

	client := trusting(t, ca)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/"+guid+"/v2.0/.well-known/openid-configuration", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, response.Body)
	_ = response.Body.Close()

	stop()
	if lines.Scan() {
		t.Errorf("a second line: %q", lines.Text())
	}
	if code := <-exit; code != 0 {
		t.Errorf("exit %d: %s", code, stderr.String())
	}
	recorded, err := os.ReadFile(record) //nolint:gosec // the test's own file
	if err != nil || response.StatusCode != http.StatusOK || bytes.Count(recorded, []byte("\n")) != 1 {
		t.Errorf("%s, %v, recorded %s", response.Status, err, recorded)
	}
}
