package clientauth

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

const maxDocument = 1 << 20 // bytes of a discovery document or key set

// issuerKeys reads an issuer's keys as they are now: discovery, then the key set it names. Nothing is kept.
func (a Authenticator) issuerKeys(ctx context.Context, issuer string) (jose.JSONWebKeySet, error) {
	var document struct {
		Issuer  string `json:"issuer"`
		JWKSURI string `json:"jwks_uri"`
	}
	var keys jose.JSONWebKeySet
	if err := a.fetch(ctx, strings.TrimSuffix(issuer, "/")+"/.well-known/openid-configuration", &document); err != nil {
		return keys, fmt.Errorf("read the issuer's discovery: %w", err)
	}
	if document.Issuer != issuer {
		return keys, fmt.Errorf("read the issuer's discovery: it names %q, not %q", document.Issuer, issuer)
	}
	if err := a.fetch(ctx, document.JWKSURI, &keys); err != nil {
		return keys, fmt.Errorf("read the issuer's keys: %w", err)
	}
	return keys, nil
}

func (a Authenticator) fetch(ctx context.Context, address string, into any) error {
	target, err := url.Parse(address)
	if err != nil || target.Scheme != "https" {
		return fmt.Errorf("%q is no https address", address)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	response, err := a.Issuers.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }() // read only
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", address, response.Status)
	}
	return json.NewDecoder(io.LimitReader(response.Body, maxDocument)).Decode(into)
}
