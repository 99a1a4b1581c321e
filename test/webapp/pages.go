package webapp

import (
	"html/template"
	"net/http"
)

var pages = template.Must(template.New("").Parse(`
{{define "top"}}<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Orders</title></head><body><h1>Orders</h1>{{end}}
{{define "signedOut"}}{{template "top"}}<a id="signin" href="/login">Sign in</a></body></html>{{end}}
{{define "signedIn"}}{{template "top"}}<p>Signed in: <b id="name">{{.Name}}</b> (<span id="username">{{.Username}}</span>)</p>
<p>Scopes at the API: <code id="scp">{{.Scopes}}</code>, roles: <code id="roles">{{range .Roles}}{{.}} {{end}}</code></p>
<p>Microsoft Graph knows: <span id="me">{{.Me}}</span></p></body></html>{{end}}
{{define "failed"}}{{template "top"}}<p id="failed">{{.}}</p><a id="signin" href="/login">Try again</a></body></html>{{end}}`))

// home shows who is signed in.
func (a *app) home(w http.ResponseWriter, r *http.Request) {
	if cookie, err := r.Cookie("session"); err == nil {
		if found, ok := a.sessions.get(cookie.Value); ok {
			show(w, http.StatusOK, "signedIn", found)
			return
		}
	}
	show(w, http.StatusOK, "signedOut", nil)
}

func show(w http.ResponseWriter, status int, name string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = pages.ExecuteTemplate(w, name, data) // the browser went away
}
