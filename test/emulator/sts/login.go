package sts

import (
	"net/http"
	"net/url"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

const sessionCookie = "ESTSAUTH"

// signedIn is the user of this request: by the login form in it, or by the session's cookie. If there is none it shows
// the login page, unless no page may be shown.
func (s *Service) signedIn(w http.ResponseWriter, r *http.Request, query url.Values) (directory.Person, bool) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		s.errorPage(w, badRequest(900144, "The request body cannot be read."))
		return directory.Person{}, false
	}
	prompt := query.Get("prompt")
	if login := r.PostForm.Get("login"); login != "" && prompt != "none" {
		person, ok := s.directory.SignIn(login, r.PostForm.Get("passwd"))
		if !ok {
			s.loginPage(w, r, login, "Your account or password is incorrect. (AADSTS50126)")
			return person, false
		}
		s.remember(w, person)
		return person, true
	}
	again := (prompt == "login" || prompt == "select_account") && r.PostForm.Get("decision") == ""
	if person, ok := s.session(r); ok && !again {
		return person, true
	}
	if prompt != "none" {
		s.loginPage(w, r, query.Get("login_hint"), "")
	}
	return directory.Person{}, false
}

func (s *Service) remember(w http.ResponseWriter, person directory.Person) {
	http.SetCookie(w, &http.Cookie{
		Name: sessionCookie, Value: s.sessions.put(person.ObjectID), Path: "/", Secure: true, HttpOnly: true,
		SameSite: http.SameSiteLaxMode, // a form on a foreign page cannot consent for the user
	})
}

func (s *Service) session(r *http.Request) (directory.Person, bool) {
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return directory.Person{}, false
	}
	id, ok := s.sessions.get(cookie.Value)
	if !ok {
		return directory.Person{}, false
	}
	return s.directory.Person(id)
}

func (s *Service) loginPage(w http.ResponseWriter, r *http.Request, name, fault string) {
	var names []string
	for _, person := range s.directory.People() {
		names = append(names, person.UserPrincipalName)
	}
	s.page(w, http.StatusOK, "login", loginPage{Action: r.URL.RequestURI(), Name: name, Names: names, Fault: fault})
}

// logout ends the session.
func (s *Service) logout(w http.ResponseWriter, _ *http.Request, _ authority) {
	http.SetCookie(w, &http.Cookie{
		Name: sessionCookie, Path: "/", MaxAge: -1, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	s.page(w, http.StatusOK, "done", "You signed out of your account.")
}
