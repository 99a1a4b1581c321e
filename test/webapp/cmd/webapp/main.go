// Command webapp serves the sample web application at a free port of localhost, over HTTP, until it gets SIGTERM or SIGINT. When it
// serves it prints one line: ready <url>. The secret is in the environment's CLIENT_SECRET.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/entra-registrar/entra-registrar/test/webapp"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "webapp:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	options := webapp.Options{ClientSecret: os.Getenv("CLIENT_SECRET")}
	flag.StringVar(&options.Issuer, "issuer", "", "the issuer's `URL`")
	flag.StringVar(&options.ClientID, "client-id", "", "the application's client `ID`")
	flag.StringVar(&options.Audience, "audience", "", "the API's client `ID`: verify access tokens as the API does")
	flag.StringVar(&options.Graph, "graph", "", "`URL` of Microsoft Graph: ask it who the user is")
	scopes := flag.String("scopes", "", "the API's `scopes`, separated by spaces")
	ca := flag.String("ca", "", "`file` with the PEM to trust")
	flag.Parse()
	options.Scopes = strings.Fields(*scopes)
	var err error
	if options.HTTP, err = clientTrusting(*ca); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	options.URL = fmt.Sprintf("http://localhost:%d", listener.Addr().(*net.TCPAddr).Port)
	handler, err := webapp.New(ctx, options)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	defer context.AfterFunc(ctx, func() { _ = server.Close() })() // open requests are cut off
	fmt.Println("ready", options.URL)
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

func clientTrusting(file string) (*http.Client, error) {
	if file == "" {
		return http.DefaultClient, nil
	}
	text, err := os.ReadFile(file) //nolint:gosec // whoever starts us names it
	if err != nil {
		return nil, fmt.Errorf("--ca: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("--ca: no certificate in %s", file)
	}
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}}, nil
}
