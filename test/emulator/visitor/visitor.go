// Package visitor is a person at a browser without scripts: it opens pages, fills in their forms and sends them. With it a program
// signs in at the emulator, or at an application that sends it there, as a user would.
package visitor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// Visitor keeps cookies from page to page. One person uses it, one page after the other.
type Visitor struct{ http *http.Client }

// New is a visitor who trusts the authorities in the PEM text and follows redirects within the bases (https://host:port); a redirect to
// anywhere else ends at Page.Left.
func New(authorities []byte, bases ...string) (*Visitor, error) {
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(authorities) {
		return nil, errors.New("make a visitor: no certificate in the PEM text")
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, fmt.Errorf("make a visitor: %w", err)
	}
	return &Visitor{http: &http.Client{
		Jar: jar, Timeout: time.Minute,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, DisableKeepAlives: true},
		CheckRedirect: func(next *http.Request, _ []*http.Request) error {
			for _, base := range bases {
				if strings.HasPrefix(next.URL.String(), base+"/") {
					return nil
				}
			}
			return http.ErrUseLastResponse
		},
	}}, nil
}

// Open shows the page at an address.
func (v *Visitor) Open(ctx context.Context, address string) (Page, error) {
	return v.do(ctx, http.MethodGet, address, nil)
}

// Send fills in the form of a page, by name and value in turn, and sends it. What is not named keeps the page's values.
func (v *Visitor) Send(ctx context.Context, from Page, fields ...string) (Page, error) {
	values := url.Values{}
	for name := range from.Fields {
		values.Set(name, from.Fields.Get(name))
	}
	for i := 0; i+1 < len(fields); i += 2 {
		values.Set(fields[i], fields[i+1])
	}
	action, err := from.At.Parse(from.Action)
	if err != nil {
		return Page{}, fmt.Errorf("send the form of %s: %w", from.At, err)
	}
	return v.do(ctx, http.MethodPost, action.String(), values)
}

// SignIn opens an address, signs in where it is asked to and consents where it is asked to. It ends at the first page that asks for
// neither.
func (v *Visitor) SignIn(ctx context.Context, address, name, password string) (Page, error) {
	page, err := v.Open(ctx, address)
	if err == nil && page.Form == "login" {
		page, err = v.Send(ctx, page, "login", name, "passwd", password)
	}
	if err == nil && page.Form == "consent" {
		page, err = v.Send(ctx, page, "decision", "accept")
	}
	return page, err
}

func (v *Visitor) do(ctx context.Context, method, address string, form url.Values) (Page, error) {
	request, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		return Page{}, fmt.Errorf("ask for %s: %w", address, err)
	}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := v.http.Do(request) //nolint:gosec // a visitor goes where it is sent
	if err != nil {
		return Page{}, fmt.Errorf("visit %s: %w", address, err)
	}
	defer func() { _ = response.Body.Close() }() // read only
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		return Page{}, fmt.Errorf("read %s: %w", address, err)
	}
	page := Page{Status: response.StatusCode, At: response.Request.URL, Text: string(raw), Fields: url.Values{}}
	if left, err := response.Location(); err == nil {
		page.Left = left
	}
	root, err := html.Parse(strings.NewReader(page.Text))
	if err != nil {
		return Page{}, fmt.Errorf("read %s: %w", address, err)
	}
	for node := range root.Descendants() {
		page.read(node)
	}
	return page, nil
}
