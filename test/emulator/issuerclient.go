package emulator

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"time"
)

// issuerClient is the client that reads outside issuers' keys. It trusts the system, our own CA and the PEM given; it follows no
// redirect, keeps no connection and waits ten seconds. It dials hosts at the addresses given, as if a name server had given them.
func issuerClient(given, own []byte, addresses map[string]string) (*http.Client, error) {
	pool, err := x509.SystemCertPool()
	if err != nil {
		return nil, fmt.Errorf("read the system's authorities: %w", err)
	}
	pool.AppendCertsFromPEM(own)
	if len(given) > 0 && !pool.AppendCertsFromPEM(given) {
		return nil, fmt.Errorf("%w: read the issuers' CA: no PEM certificate in it", ErrOptions)
	}
	return &http.Client{
		Timeout:       10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy:             http.ProxyFromEnvironment,
			TLSClientConfig:   &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12},
			DisableKeepAlives: true,
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, network, cmp.Or(addresses[address], address))
			},
		},
	}, nil
}
