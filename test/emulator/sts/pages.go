package sts

import (
	"html/template"
	"net/http"
)

// What the pages show. Every value is escaped by html/template for its place.
type (
	loginPage struct {
		Action, Name, Fault string
		Names               []string
	}
	consentPage struct {
		Action, Client, User string
		Resources            []resourceScopes
	}
	resourceScopes struct {
		Name   string
		Scopes []string
	}
	codePage struct{ Action, UserCode, Fault string }
	formPost struct {
		Action string
		Fields map[string]string
	}
)

const pageText = `
{{define "top"}}<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{{.}}</title></head><body>{{end}}
{{define "login"}}{{template "top" "Sign in to your account"}}<h1>Sign in</h1>
{{with .Fault}}<p id="fault">{{.}}</p>{{end}}
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
{{with .Fault}}<p id="fault">{{.}}</p>{{end}}
<form id="code" method="post" action="{{.Action}}"><input name="otc" value="{{.UserCode}}"><button type="submit">Next</button></form>
</body></html>{{end}}
{{define "formPost"}}{{template "top" "Working..."}}<form name="hiddenform" method="post" action="{{.Action}}">
{{range $name, $value := .Fields}}<input type="hidden" name="{{$name}}" value="{{$value}}">{{end}}
<noscript><button type="submit">Continue</button></noscript></form><script>document.forms[0].submit()</script></body></html>{{end}}
{{define "done"}}{{template "top" "Done"}}<p id="done">{{.}}</p></body></html>{{end}}
{{define "error"}}{{template "top" "Sign in"}}<h1>Sorry, but we’re having trouble signing you in.</h1>
<p id="error">{{.}}</p></body></html>{{end}}`

func newPages() (*template.Template, error) { return template.New("pages").Parse(pageText) }

func (s *Service) page(w http.ResponseWriter, status int, name string, data any) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store, no-cache")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	w.WriteHeader(status)
	_ = s.pages.ExecuteTemplate(w, name, data) // the browser went away
}

// errorPage shows a refusal to the user where no client may be told.
func (s *Service) errorPage(w http.ResponseWriter, refused *failure) {
	s.page(w, max(refused.status, http.StatusBadRequest), "error", refused.Error())
}
