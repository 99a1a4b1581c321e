package emulator_test

import (
	"net/url"
	"testing"

	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/visitor"
)

// browser is a visitor whose accidents end the test. It stops before a redirect that leaves for another host.
type browser struct {
	t       *testing.T
	visitor *visitor.Visitor
}

// sheet is what a browser shows: a page, or the address that a redirect leads to.
type sheet struct {
	page    visitor.Page
	left    *url.URL // where the emulator sent the browser
	text    string
	formID  string
	action  string
	fields  url.Values
	buttons []string
}

func newBrowser(t *testing.T, entra *emulator.Emulator) *browser {
	t.Helper()
	made, err := visitor.New(entra.URL(), entra.CA(), ada, adasPassword)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, visitor: made}
}

func (b *browser) open(address string) sheet {
	b.t.Helper()
	return b.shown(b.visitor.Open(b.t.Context(), address))
}

// send fills in the form of a page and sends it.
func (b *browser) send(from sheet, fields ...string) sheet {
	b.t.Helper()
	fill := url.Values{}
	set(fill, fields)
	return b.shown(b.visitor.Send(b.t.Context(), from.page, fill))
}

// signIn opens an address, signs Ada in where it is asked to, and consents where it is asked to.
func (b *browser) signIn(address string) sheet {
	b.t.Helper()
	return b.shown(b.visitor.SignIn(b.t.Context(), address))
}

func (b *browser) shown(page visitor.Page, err error) sheet {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	return sheet{
		page: page, left: page.Left, text: page.Text, formID: page.Form, action: page.Action, fields: page.Fields, buttons: page.Buttons,
	}
}
