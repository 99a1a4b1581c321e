// Package page shows the token service's pages: plain forms that post to the address they were shown at, so that a script needs a cookie
// jar and nothing else.
package page

import (
	"html/template"
	"net/http"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory/signin"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/store"
)

// What the templates show. Every value is escaped by html/template for its place.
type (
	login struct {
		Action, Name, Error string
		Names               []string
	}
	// Consent asks a user for consent.
	Consent struct {
		Action, Client, User string
		Resources            []ResourceScopes
	}
	// ResourceScopes are scopes of one API.
	ResourceScopes struct {
		Name   string
		Scopes []string
	}
	// DeviceCode asks for the code that a device shows.
	DeviceCode struct{ Action, UserCode, Error string }
	// FormPost sends fields to a redirect URI.
	FormPost struct {
		Action string
		Fields map[string]string
	}
)

const pageText = `
{{define "top"}}<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{{.}}</title></head><body>{{end}}
{{define "login"}}{{template "top" "Sign in to your account"}}<h1>Sign in</h1>
{{with .Error}}<p id="fault">{{.}}</p>{{end}}
<form id="login" method="post" action="{{.Action}}">
<input name="login" list="users" value="{{.Name}}" placeholder="someone@example.com">
<datalist id="users">{{range .Names}}<option value="{{.}}"></option>{{end}}</datalist>
<input name="passwd" type="password"><button type="submit">Sign in</button></form></body></html>{{end}}
{{define "consent"}}{{template "top" "Permissions requested"}}<h1>Permissions requested</h1>
<p>{{.User}}: <b id="client">{{.Client}}</b> asks for:</p>
{{range .Resources}}<p class="resource">{{.Name}}</p><ul>{{range .Scopes}}<li class="scope">{{.}}</li>{{end}}</ul>
{{end}}<form id="consent" method="post" action="{{.Action}}"><button type="submit" name="decision" value="accept">Accept</button>
<button type="submit" name="decision" value="cancel">Cancel</button></form></body></html>{{end}}
{{define "deviceCode"}}{{template "top" "Enter code"}}<h1>Enter code</h1>
{{with .Error}}<p id="fault">{{.}}</p>{{end}}
<form id="code" method="post" action="{{.Action}}"><input name="otc" value="{{.UserCode}}"><button type="submit">Next</button></form>
</body></html>{{end}}
{{define "formPost"}}{{template "top" "Working..."}}<form name="hiddenform" method="post" action="{{.Action}}">
{{range $name, $value := .Fields}}<input type="hidden" name="{{$name}}" value="{{$value}}">{{end}}
<noscript><button type="submit">Continue</button></noscript></form><script>document.forms[0].submit()</script></body></html>{{end}}
{{define "done"}}{{template "top" "Done"}}<p id="done">{{.}}</p></body></html>{{end}}
{{define "error"}}{{template "top" "Sign in"}}<h1>Sorry, but we’re having trouble signing you in.</h1>
<p id="error">{{.}}</p></body></html>{{end}}`

// Pages shows pages and knows whose session a browser has.
type Pages struct {
	directory signin.Directory
	templates *template.Template
	sessions  *store.Store[string] // to the user's object ID
}

// New makes the pages for the users of a directory.
func New(d signin.Directory) (*Pages, error) {
	templates, err := template.New("pages").Parse(pageText)
	if err != nil {
		return nil, err
	}
	return &Pages{directory: d, templates: templates, sessions: store.New[string]("S")}, nil
}

// The names of the templates.
const (
	ConsentTemplate    = "consent"
	DeviceCodeTemplate = "deviceCode"
	FormPostTemplate   = "formPost"
	DoneTemplate       = "done"  // shows a text
	ErrorTemplate      = "error" // shows a text
	loginTemplate      = "login"
)

// Show shows the page of a template.
func (p *Pages) Show(w http.ResponseWriter, status int, name string, data any) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store, no-cache")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	w.WriteHeader(status)
	_ = p.templates.ExecuteTemplate(w, name, data) // the browser went away
}

// Error shows an error to the user where no client may be told.
func (p *Pages) Error(w http.ResponseWriter, refused *oauth.Error) {
	p.Show(w, max(refused.Status, http.StatusBadRequest), ErrorTemplate, refused.Error())
}
