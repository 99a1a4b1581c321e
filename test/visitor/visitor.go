// Package visitor is a person at a browser, as far as signing in needs one: it follows redirects, fills in forms and sends them.
package visitor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// Visitor signs in at one site. It keeps the site's cookies, and stops before a redirect that leaves for another.
type Visitor struct {
	// Name and Password that it signs in with.
	Name, Password string
	// Declines : it stops at a page that asks for consent.
	Declines bool
	// Follows are further sites, as scheme, host and port, into which redirects are followed.
	Follows []string

	http *http.Client
	site string
}

// New gives a visitor of a site, whose certificate authority is PEM.
func New(site string, ca []byte, name, password string) (*Visitor, error) {
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(ca) {
		return nil, fmt.Errorf("visit %s: no certificate authority", site)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, fmt.Errorf("visit %s: %w", site, err)
	}
	v := &Visitor{Name: name, Password: password, site: site}
	v.http = &http.Client{
		Jar: jar, Timeout: time.Minute,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, DisableKeepAlives: true},
		CheckRedirect: func(next *http.Request, _ []*http.Request) error {
			inside := func(site string) bool { return strings.HasPrefix(next.URL.String(), site+"/") }
			if inside(v.site) || slices.ContainsFunc(v.Follows, inside) {
				return nil
			}
			return http.ErrUseLastResponse
		},
	}
	return v, nil
}

// Page is what the visitor sees, or the address that it was sent to.
type Page struct {
	Status int
	// Left is where a redirect leads that leaves the site; nil where none does.
	Left *url.URL
	Text string
	// Form is the id of the page's form: login, consent or code. Action is where it is sent, Fields are its values, Buttons those of
	// its buttons.
	Form, Action string
	Fields       url.Values
	Buttons      []string

	at *url.URL
}

// AsksConsent tells whether the page asks for consent.
func (p Page) AsksConsent() bool { return p.Form == "consent" }

// Open shows the page at an address.
func (v *Visitor) Open(ctx context.Context, address string) (Page, error) {
	return v.do(ctx, http.MethodGet, address, nil)
}

// SignIn opens an address, signs in where it is asked to, and consents where it is asked to.
func (v *Visitor) SignIn(ctx context.Context, address string) (Page, error) {
	page, err := v.Open(ctx, address)
	if err == nil && page.Form == "login" {
		page, err = v.Send(ctx, page, url.Values{"login": {v.Name}, "passwd": {v.Password}})
	}
	if err == nil && page.AsksConsent() && !v.Declines {
		page, err = v.Send(ctx, page, url.Values{"decision": {"accept"}})
	}
	return page, err
}

// Send fills in the page's form and sends it.
func (v *Visitor) Send(ctx context.Context, from Page, fill url.Values) (Page, error) {
	values := url.Values{}
	for name := range from.Fields {
		values.Set(name, from.Fields.Get(name))
	}
	for name := range fill {
		values.Set(name, fill.Get(name))
	}
	action, err := from.at.Parse(from.Action)
	if err != nil {
		return Page{}, fmt.Errorf("send form %q: %w", from.Form, err)
	}
	return v.do(ctx, http.MethodPost, action.String(), values)
}

func (v *Visitor) do(ctx context.Context, method, address string, form url.Values) (Page, error) {
	request, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		return Page{}, fmt.Errorf("visit %s: %w", address, err)
	}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := v.http.Do(request)
	if err != nil {
		return Page{}, fmt.Errorf("visit %s: %w", address, err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return Page{}, fmt.Errorf("visit %s: %w", address, err)
	}
	page := Page{Status: response.StatusCode, Text: string(text), at: response.Request.URL, Fields: url.Values{}}
	if location, err := response.Location(); err == nil {
		page.Left = location
	}
	root, err := html.Parse(strings.NewReader(page.Text))
	if err != nil {
		return Page{}, fmt.Errorf("read the page at %s: %w", address, err)
	}
	for node := range root.Descendants() {
		page.read(node)
	}
	return page, nil
}

func (p *Page) read(node *html.Node) {
	if node.Type != html.ElementNode {
		return
	}
	attributes := map[string]string{}
	for _, a := range node.Attr {
		attributes[a.Key] = a.Val
	}
	switch node.Data {
	case "form":
		p.Form, p.Action = attributes["id"], attributes["action"]
	case "input":
		p.Fields.Set(attributes["name"], attributes["value"])
	case "button":
		p.Buttons = append(p.Buttons, attributes["value"])
	}
}
