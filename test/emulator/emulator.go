package emulator

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory/signin"
	"github.com/entra-registrar/entra-registrar/test/emulator/faults"
	"github.com/entra-registrar/entra-registrar/test/emulator/graphapi"
	"github.com/entra-registrar/entra-registrar/test/emulator/record"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts"
)

// Emulator is a running tenant. Its methods are safe for concurrent use.
type Emulator struct {
	directory *directory.Directory
	tokens    *sts.Service
	faults    *faults.Middleware
	recorder  *record.Recorder
	down      atomic.Bool
	seed      int64

	url    string
	ca     []byte
	server *http.Server
	done   chan struct{}
}

// Start serves a tenant until Close.
func Start(options Options) (*Emulator, error) {
	options = options.withDefaults()
	e := &Emulator{recorder: record.New(options.Record), seed: options.Seed, done: make(chan struct{})}
	e.directory = directory.New(directory.Options{
		Clock: options.Clock, TenantID: options.TenantID, DisplayName: tenantName, VerifiedDomain: verifiedDomain,
		Seed: options.Seed, Lag: options.Lag,
	})
	if options.Client.ID != "" {
		if _, err := e.directory.Seed(directory.SeedClient{
			ClientID: options.Client.ID, Secret: options.Client.Secret, DisplayName: "first caller", Roles: options.Client.Roles,
		}); err != nil {
			return nil, fmt.Errorf("%w: make the first caller: %w", ErrOptions, err)
		}
	}
	if err := e.directory.Populate(options.Population); err != nil {
		return nil, fmt.Errorf("%w: populate the tenant: %w", ErrOptions, err)
	}
	listener, err := net.Listen("tcp", options.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	if err := e.serve(listener, options); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return e, nil
}

// serve puts the parts together before the listener.
func (e *Emulator) serve(listener net.Listener, options Options) error {
	certificate, err := e.chooseURL(listener.Addr(), options)
	if err != nil {
		return err
	}
	handler, err := e.handler(options)
	if err != nil {
		return err
	}
	e.server = &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		TLSConfig:         &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12},
		ErrorLog:          log.New(io.Discard, "", 0), // clients that do not trust us say so themselves
	}
	go func() {
		defer close(e.done)
		_ = e.server.ServeTLS(listener, "", "") // ends with Close
	}()
	return nil
}

// chooseURL finds the URL and the certificate for it.
func (e *Emulator) chooseURL(address net.Addr, options Options) (tls.Certificate, error) {
	host, port, err := net.SplitHostPort(address.String())
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("read the address: %w", err)
	}
	asked, _, _ := net.SplitHostPort(options.Listen) // Listen worked: it has a host or none
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	} else if asked != "" {
		host = asked
	}
	e.url = "https://" + net.JoinHostPort(host, port)
	if options.Certificate != nil {
		e.ca = lastCertificate(*options.Certificate)
		return *options.Certificate, nil
	}
	certificate, ca, err := newCertificate(append([]string{host}, options.Names...))
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("make a certificate: %w", err)
	}
	e.ca = ca
	return certificate, nil
}

func (e *Emulator) handler(options Options) (http.Handler, error) {
	client, err := issuerClient(options.IssuerCA, e.ca, options.IssuerAddresses)
	if err != nil {
		return nil, err
	}
	ids := newIDGenerator(options.Seed)
	tokens, err := sts.New(sts.Options{
		Directory: signin.Directory{Directory: e.directory}, Clock: options.Clock, Issuers: client, BaseURL: e.url, NewID: ids.next,
	})
	if err != nil {
		return nil, fmt.Errorf("start the token service: %w", err)
	}
	e.tokens = tokens
	known := verifier{service: tokens}
	e.faults = faults.New(faults.Options{Clock: options.Clock, TenantID: options.TenantID, Caller: known.appID, NewID: ids.next})
	e.SetQuota(options.Quota)
	e.SetFaults(options.Faults)
	graph := graphapi.New(graphapi.Options{
		Directory: e.directory, Tokens: known, Clock: options.Clock, Middleware: e.faults.Wrap,
		BaseURL: func(r *http.Request) string { return "https://" + r.Host },
	})
	return e.recorder.Wrap(dropWhile(&e.down, route(withoutTenant(options.TenantID, graph), tokens))), nil
}
