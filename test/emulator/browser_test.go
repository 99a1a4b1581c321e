package emulator_test

import (
	"net/url"
	"testing"

	"github.com/entra-registrar/entra-registrar/test/browserclient"
	"github.com/entra-registrar/entra-registrar/test/emulator"
)

// browser is Ada's browser, whose errors end the test.
type browser struct {
	t      *testing.T
	client *browserclient.Client
}

func newBrowser(t *testing.T, entra *emulator.Emulator) *browser {
	t.Helper()
	client, err := browserclient.New(entra.URL(), entra.CA(), ada, adasPassword)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, client: client}
}

func (b *browser) open(address string) browserclient.Page {
	b.t.Helper()
	return b.checked(b.client.Open(b.t.Context(), address))
}

// send fills in the form of a page and sends it.
func (b *browser) send(from browserclient.Page, fields ...string) browserclient.Page {
	b.t.Helper()
	fill := url.Values{}
	set(fill, fields)
	return b.checked(b.client.Send(b.t.Context(), from, fill))
}

// signIn opens an address, signs Ada in where a page asks for it, and consents where a page asks for it.
func (b *browser) signIn(address string) browserclient.Page {
	b.t.Helper()
	return b.checked(b.client.SignIn(b.t.Context(), address))
}

func (b *browser) checked(page browserclient.Page, err error) browserclient.Page {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	return page
}
