package webapp

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// attempt is a sign-in that has begun.
type attempt struct{ state, nonce, verifier string }

// visit is what the application knows of who is signed in.
type visit struct {
	Name, Username string // of the ID token
	Scopes         string // of the access token, as the API sees it
	Roles          []string
	Me             string // who Graph says it is
}

// login sends the user to the issuer.
func (a *app) login(w http.ResponseWriter, r *http.Request) {
	begun := attempt{state: rand.Text(), nonce: rand.Text(), verifier: oauth2.GenerateVerifier()}
	http.SetCookie(w, a.cookie("attempt", a.begun.put(begun)))
	http.Redirect(w, r, a.config.AuthCodeURL(begun.state, oidc.Nonce(begun.nonce), oauth2.S256ChallengeOption(begun.verifier)), http.StatusFound)
}

// callback is where the issuer sends the user back.
func (a *app) callback(w http.ResponseWriter, r *http.Request) {
	found, err := a.signIn(oidc.ClientContext(r.Context(), a.HTTP), r)
	if err != nil {
		show(w, http.StatusForbidden, "failed", err.Error())
		return
	}
	http.SetCookie(w, a.cookie("session", a.sessions.put(found)))
	http.Redirect(w, r, "/", http.StatusFound)
}

func (a *app) signIn(ctx context.Context, r *http.Request) (visit, error) {
	cookie, err := r.Cookie("attempt")
	if err != nil {
		return visit{}, errors.New("no sign-in has begun in this browser")
	}
	begun, ok := a.begun.take(cookie.Value)
	if !ok || subtle.ConstantTimeCompare([]byte(begun.state), []byte(r.FormValue("state"))) != 1 {
		return visit{}, errors.New("this is not the sign-in that has begun")
	}
	if r.FormValue("error") != "" {
		return visit{}, fmt.Errorf("%s: %s", r.FormValue("error"), r.FormValue("error_description"))
	}
	options := []oauth2.AuthCodeOption{oauth2.VerifierOption(begun.verifier)}
	if a.Assertion != nil {
		assertion, err := a.Assertion(ctx)
		if err != nil {
			return visit{}, fmt.Errorf("get the assertion: %w", err)
		}
		options = append(options, oauth2.SetAuthURLParam("client_assertion", assertion),
			oauth2.SetAuthURLParam("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"))
	}
	token, err := a.config.Exchange(ctx, r.FormValue("code"), options...)
	if err != nil {
		return visit{}, fmt.Errorf("redeem the code: %w", err)
	}
	found, err := a.identify(ctx, token, begun.nonce)
	if err != nil {
		return visit{}, err
	}
	if err := a.use(ctx, token.AccessToken, &found); err != nil {
		return visit{}, err
	}
	return found, nil
}

// identify reads the ID token.
func (a *app) identify(ctx context.Context, token *oauth2.Token, nonce string) (visit, error) {
	raw, _ := token.Extra("id_token").(string)
	id, err := a.provider.Verifier(&oidc.Config{ClientID: a.ClientID}).Verify(ctx, raw)
	if err != nil {
		return visit{}, fmt.Errorf("verify the ID token: %w", err)
	}
	if id.Nonce != nonce {
		return visit{}, errors.New("verify the ID token: it is of another sign-in")
	}
	var claims struct {
		Name     string
		Username string `json:"preferred_username"`
	}
	if err := id.Claims(&claims); err != nil {
		return visit{}, fmt.Errorf("read the ID token: %w", err)
	}
	return visit{Name: claims.Name, Username: claims.Username}, nil
}

// use does with the access token what the API does, or what Graph does.
func (a *app) use(ctx context.Context, raw string, found *visit) error {
	if a.Audience != "" {
		token, err := a.provider.Verifier(&oidc.Config{ClientID: a.Audience}).Verify(ctx, raw)
		if err != nil {
			return fmt.Errorf("verify the access token: %w", err)
		}
		var claims struct {
			Scopes string `json:"scp"`
			Roles  []string
		}
		if err := token.Claims(&claims); err != nil {
			return fmt.Errorf("read the access token: %w", err)
		}
		found.Scopes, found.Roles = claims.Scopes, claims.Roles
	}
	if a.Graph != "" {
		return a.askGraph(ctx, raw, found)
	}
	return nil
}

func (a *app) askGraph(ctx context.Context, raw string, found *visit) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, a.Graph+"/v1.0/me", nil)
	if err != nil {
		return fmt.Errorf("ask Graph: %w", err)
	}
	request.Header.Set("Authorization", "Bearer "+raw)
	response, err := a.HTTP.Do(request)
	if err != nil {
		return fmt.Errorf("ask Graph: %w", err)
	}
	defer func() { _ = response.Body.Close() }() // read only
	var me struct{ UserPrincipalName string }
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("ask Graph: it answers %s", response.Status)
	}
	if err := json.NewDecoder(response.Body).Decode(&me); err != nil {
		return fmt.Errorf("read Graph's answer: %w", err)
	}
	found.Me = me.UserPrincipalName
	return nil
}
