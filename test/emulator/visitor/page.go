package visitor

import (
	"net/url"

	"golang.org/x/net/html"
)

// Page is what a visitor sees.
type Page struct {
	Status  int
	At      *url.URL
	Left    *url.URL // where a redirect leads that was not followed; nil: none
	Text    string   // of the document, as HTML
	Form    string   // the id of its form; the emulator has login, consent and code
	Action  string   // where the form is sent
	Fields  url.Values
	Buttons []string // the values of its buttons
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
