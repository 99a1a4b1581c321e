// Package browserclient is a browser's client, as far as signing in at the token service needs one: it keeps cookies, follows redirects
// and sends forms.
package browserclient

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

// Client signs a user in at one site. It keeps the site's cookies, and does not follow a redirect that leaves the site.
type Client struct {
	// Name and Password are what it signs in with.
	Name, Password string
	// DeclinesConsent lets SignIn stop at a page that asks for consent.
	DeclinesConsent bool
	// FollowedSites are further sites, as scheme, host and port, into which redirects are followed.
	FollowedSites []string

	http *http.Client
	site string
}

// New makes a client of a site, whose certificate authority is PEM.
func New(site string, ca []byte, name, password string) (*Client, error) {
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(ca) {
		return nil, fmt.Errorf("open %s: no certificate authority", site)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", site, err)
	}
	c := &Client{Name: name, Password: password, site: site}
	c.http = &http.Client{
		Jar: jar, Timeout: time.Minute,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, DisableKeepAlives: true},
		CheckRedirect: func(next *http.Request, _ []*http.Request) error {
			inside := func(site string) bool { return strings.HasPrefix(next.URL.String(), site+"/") }
			if inside(c.site) || slices.ContainsFunc(c.FollowedSites, inside) {
				return nil
			}
			return http.ErrUseLastResponse
		},
	}
	return c, nil
}

// Page is what a browser shows, or the address of a redirect that was not followed.
type Page struct {
	Status int
	// Redirect is where a redirect leads that leaves the site; nil where none does.
	Redirect *url.URL
	Text     string
	// Form is the id of the page's form: login, consent or code. Action is where it is sent, Fields are its values, Buttons those of
	// its buttons.
	Form, Action string
	Fields       url.Values
	Buttons      []string

	at *url.URL
}

// AsksConsent reports whether the page asks for consent.
func (p Page) AsksConsent() bool { return p.Form == "consent" }

// Open gets the page at an address.
func (c *Client) Open(ctx context.Context, address string) (Page, error) {
	return c.do(ctx, http.MethodGet, address, nil)
}

// SignIn opens an address, signs in where a page asks for it, and consents where a page asks for it.
func (c *Client) SignIn(ctx context.Context, address string) (Page, error) {
	page, err := c.Open(ctx, address)
	if err == nil && page.Form == "login" {
		page, err = c.Send(ctx, page, url.Values{"login": {c.Name}, "passwd": {c.Password}})
	}
	if err == nil && page.AsksConsent() && !c.DeclinesConsent {
		page, err = c.Send(ctx, page, url.Values{"decision": {"accept"}})
	}
	return page, err
}

// Send fills in the page's form and sends it.
func (c *Client) Send(ctx context.Context, from Page, fill url.Values) (Page, error) {
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
	return c.do(ctx, http.MethodPost, action.String(), values)
}

func (c *Client) do(ctx context.Context, method, address string, form url.Values) (Page, error) {
	request, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		return Page{}, fmt.Errorf("open %s: %w", address, err)
	}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := c.http.Do(request)
	if err != nil {
		return Page{}, fmt.Errorf("open %s: %w", address, err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return Page{}, fmt.Errorf("open %s: %w", address, err)
	}
	page := Page{Status: response.StatusCode, Text: string(text), at: response.Request.URL, Fields: url.Values{}}
	if location, err := response.Location(); err == nil {
		page.Redirect = location
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
