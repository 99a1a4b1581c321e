package page

import (
	"net/http"
	"net/url"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"
)

const sessionCookie = "ESTSAUTH"

// User is the user of this request: by the login form in it, or by the session's cookie. If there is none it shows the login page,
// unless the prompt parameter of the query says that no page may be shown.
func (p *Pages) User(w http.ResponseWriter, r *http.Request, query url.Values) (directory.Person, bool) {
	r.Body = http.MaxBytesReader(w, r.Body, oauth.MaxForm)
	if err := r.ParseForm(); err != nil {
		p.Error(w, oauth.BadRequest(900144, "The request body cannot be read."))
		return directory.Person{}, false
	}
	prompt := query.Get("prompt")
	if name := r.PostForm.Get("login"); name != "" && prompt != "none" {
		person, ok := p.directory.SignIn(name, r.PostForm.Get("passwd"))
		if !ok {
			p.showLogin(w, r, name, "Your account or password is incorrect. (AADSTS50126)")
			return person, false
		}
		p.startSession(w, person)
		return person, true
	}
	again := (prompt == "login" || prompt == "select_account") && r.PostForm.Get("decision") == ""
	if person, ok := p.session(r); ok && !again {
		return person, true
	}
	if prompt != "none" {
		p.showLogin(w, r, query.Get("login_hint"), "")
	}
	return directory.Person{}, false
}

func (p *Pages) startSession(w http.ResponseWriter, person directory.Person) {
	http.SetCookie(w, &http.Cookie{
		Name: sessionCookie, Value: p.sessions.Put(person.ObjectID), Path: "/", Secure: true, HttpOnly: true,
		SameSite: http.SameSiteLaxMode, // a form on a foreign page cannot consent for the user
	})
}

func (p *Pages) session(r *http.Request) (directory.Person, bool) {
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return directory.Person{}, false
	}
	id, ok := p.sessions.Get(cookie.Value)
	if !ok {
		return directory.Person{}, false
	}
	return p.directory.Person(id)
}

func (p *Pages) showLogin(w http.ResponseWriter, r *http.Request, name, message string) {
	var names []string
	for _, person := range p.directory.People() {
		names = append(names, person.UserPrincipalName)
	}
	p.Show(w, http.StatusOK, loginTemplate, login{Action: r.URL.RequestURI(), Name: name, Names: names, Error: message})
}

// Logout ends the session.
func (p *Pages) Logout(w http.ResponseWriter, _ *http.Request, _ oauth.Authority) {
	http.SetCookie(w, &http.Cookie{
		Name: sessionCookie, Path: "/", MaxAge: -1, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	p.Show(w, http.StatusOK, DoneTemplate, "You signed out of your account.")
}
