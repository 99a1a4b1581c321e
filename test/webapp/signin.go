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

// attempt is a sign-in that has started.
type attempt struct{ state, nonce, verifier string }

// userSession is what the application knows about the user who is signed in.
type userSession struct {
	Name, Username string // of the ID token
	Scopes         string // of the access token, as the API sees it
	Roles          []string
	Me             string // who Graph says it is
}

// login sends the user to the issuer.
func (a *app) login(w http.ResponseWriter, r *http.Request) {
	started := attempt{state: rand.Text(), nonce: rand.Text(), verifier: oauth2.GenerateVerifier()}
	http.SetCookie(w, a.cookie("attempt", a.attempts.put(started)))
	address := a.config.AuthCodeURL(started.state, oidc.Nonce(started.nonce), oauth2.S256ChallengeOption(started.verifier))
	http.Redirect(w, r, address, http.StatusFound)
}

// callback is the redirect URI, to which the issuer sends the user back.
func (a *app) callback(w http.ResponseWriter, r *http.Request) {
	found, err := a.signIn(oidc.ClientContext(r.Context(), a.HTTP), r)
	if err != nil {
		show(w, http.StatusForbidden, "failed", err.Error())
		return
	}
	http.SetCookie(w, a.cookie("session", a.sessions.put(found)))
	http.Redirect(w, r, "/", http.StatusFound)
}

func (a *app) signIn(ctx context.Context, r *http.Request) (userSession, error) {
	cookie, err := r.Cookie("attempt")
	if err != nil {
		return userSession{}, errors.New("no sign-in has begun in this browser")
	}
	started, ok := a.attempts.take(cookie.Value)
	if !ok || subtle.ConstantTimeCompare([]byte(started.state), []byte(r.FormValue("state"))) != 1 {
		return userSession{}, errors.New("this is not the sign-in that has begun")
	}
	if r.FormValue("error") != "" {
		return userSession{}, fmt.Errorf("%s: %s", r.FormValue("error"), r.FormValue("error_description"))
	}
	options := []oauth2.AuthCodeOption{oauth2.VerifierOption(started.verifier)}
	if a.Assertion != nil {
		assertion, err := a.Assertion(ctx)
		if err != nil {
			return userSession{}, fmt.Errorf("get the assertion: %w", err)
		}
		options = append(options, oauth2.SetAuthURLParam("client_assertion", assertion),
			oauth2.SetAuthURLParam("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"))
	}
	token, err := a.config.Exchange(ctx, r.FormValue("code"), options...)
	if err != nil {
		return userSession{}, fmt.Errorf("redeem the code: %w", err)
	}
	found, err := a.identify(ctx, token, started.nonce)
	if err != nil {
		return userSession{}, err
	}
	if err := a.useToken(ctx, token.AccessToken, &found); err != nil {
		return userSession{}, err
	}
	return found, nil
}

// identify reads the ID token.
func (a *app) identify(ctx context.Context, token *oauth2.Token, nonce string) (userSession, error) {
	raw, _ := token.Extra("id_token").(string)
	id, err := a.provider.Verifier(&oidc.Config{ClientID: a.ClientID}).Verify(ctx, raw)
	if err != nil {
		return userSession{}, fmt.Errorf("verify the ID token: %w", err)
	}
	if id.Nonce != nonce {
		return userSession{}, errors.New("verify the ID token: it is of another sign-in")
	}
	var claims struct {
		Name     string
		Username string `json:"preferred_username"`
	}
	if err := id.Claims(&claims); err != nil {
		return userSession{}, fmt.Errorf("read the ID token: %w", err)
	}
	return userSession{Name: claims.Name, Username: claims.Username}, nil
}

// useToken does with the access token what its resource does: verifies it as the API does, or sends it to Graph.
func (a *app) useToken(ctx context.Context, raw string, found *userSession) error {
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

func (a *app) askGraph(ctx context.Context, raw string, found *userSession) error {
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
