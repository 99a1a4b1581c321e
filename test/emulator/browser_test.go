package emulator_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/entra-registrar/entra-registrar/test/emulator"
)

// browser follows links and sends forms as a person would; it stops before a redirect that leaves for another host.
type browser struct {
	t    *testing.T
	http *http.Client
	base string
}

// sheet is what a browser shows: a page, or the address that a redirect leads to.
type sheet struct {
	status  int
	at      *url.URL
	left    *url.URL // where the emulator sent the browser
	text    string
	formID  string
	action  string
	fields  url.Values
	buttons []string
}

func newBrowser(t *testing.T, entra *emulator.Emulator) *browser {
	t.Helper()
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(entra.CA())
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &browser{t: t, base: entra.URL()}
	b.http = &http.Client{
		Jar: jar, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, DisableKeepAlives: true},
		CheckRedirect: func(next *http.Request, _ []*http.Request) error {
			if !strings.HasPrefix(next.URL.String(), b.base) {
				return http.ErrUseLastResponse
			}
			return nil
		},
	}
	return b
}

func (b *browser) open(address string) sheet { return b.do(http.MethodGet, address, nil) }

// send fills in the form of a page and sends it.
func (b *browser) send(from sheet, fields ...string) sheet {
	b.t.Helper()
	values := url.Values{}
	for name := range from.fields {
		values.Set(name, from.fields.Get(name))
	}
	for i := 0; i+1 < len(fields); i += 2 {
		values.Set(fields[i], fields[i+1])
	}
	action, err := from.at.Parse(from.action)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.do(http.MethodPost, action.String(), values)
}

func (b *browser) do(method, address string, form url.Values) sheet {
	b.t.Helper()
	request, err := http.NewRequestWithContext(context.Background(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := b.http.Do(request)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	out := sheet{status: response.StatusCode, at: response.Request.URL, text: string(raw), fields: url.Values{}}
	if location, err := response.Location(); err == nil {
		out.left = location
	}
	root, err := html.Parse(strings.NewReader(out.text))
	if err != nil {
		b.t.Fatal(err)
	}
	for node := range root.Descendants() {
		out.read(node)
	}
	return out
}

func (s *sheet) read(node *html.Node) {
	if node.Type != html.ElementNode {
		return
	}
	attributes := map[string]string{}
	for _, a := range node.Attr {
		attributes[a.Key] = a.Val
	}
	switch node.Data {
	case "form":
		s.formID, s.action = attributes["id"], attributes["action"]
	case "input":
		s.fields.Set(attributes["name"], attributes["value"])
	case "button":
		s.buttons = append(s.buttons, attributes["value"])
	}
}

// signIn opens an address, signs Ada in where it is asked to, and consents where it is asked to.
func (b *browser) signIn(address string) sheet {
	b.t.Helper()
	shown := b.open(address)
	if shown.formID == "login" {
		shown = b.send(shown, "login", ada, "passwd", adasPassword)
	}
	if shown.formID == "consent" {
		shown = b.send(shown, "decision", "accept")
	}
	return shown
}
