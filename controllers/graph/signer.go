package graph

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"k8s.io/utils/clock"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

const (
	scheme = "Bearer "
	// renewal is how often a refused token makes us sign in anew, at most.
	renewal = time.Minute
	// freshness is how old the token may be that tells who we are: its roles are frozen when it is issued, for up to a day.
	freshness = 10 * time.Minute
)

// signer gives the operator's token for one tenant's Graph. The credential caches it.
type signer struct {
	clock clock.PassiveClock
	scope string
	// build makes the credential anew, with an empty cache.
	build func() (azcore.TokenCredential, error)
	// secret is hidden in whatever the token service says.
	secret entra.Sensitive

	mu         sync.Mutex
	credential azcore.TokenCredential
	last       string
	made       time.Time // when the credential gave its first token
	refused    time.Time // when a refused token was last renewed
}

// newSigner refuses credentials that cannot be used. It makes no request.
func newSigner(c clock.PassiveClock, scope string, secret entra.Sensitive, build func() (azcore.TokenCredential, error)) (*signer, error) {
	credential, err := build()
	if err != nil {
		return nil, err
	}
	return &signer{clock: c, scope: scope, build: build, secret: secret, credential: credential}, nil
}

// sign gives the Authorization header.
func (s *signer) sign(ctx context.Context) (string, error) {
	s.mu.Lock()
	credential := s.credential
	s.mu.Unlock()
	return s.signWith(ctx, credential)
}

func (s *signer) signWith(ctx context.Context, credential azcore.TokenCredential) (string, error) {
	answer, err := credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{s.scope}})
	if err != nil {
		return "", fmt.Errorf("sign in: %w", s.told(signInError(err)))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = scheme + answer.Token
	if s.credential != credential || s.made.IsZero() {
		s.credential, s.made = credential, s.clock.Now()
	}
	return s.last, nil
}

// signFreshly gives a header that shows our rights as they were minutes ago; an older one where the token service does not answer.
func (s *signer) signFreshly(ctx context.Context) (string, error) {
	s.mu.Lock()
	aged := !s.made.IsZero() && s.clock.Since(s.made) >= freshness
	s.mu.Unlock()
	if !aged {
		return s.sign(ctx)
	}
	credential, err := s.build()
	if err != nil {
		return "", fmt.Errorf("sign in: %w", s.told(err))
	}
	header, err := s.signWith(ctx, credential)
	if errors.Is(err, entra.ErrUnreachable) {
		return s.sign(ctx)
	}
	return header, err
}

// renew makes the next request sign in anew after Graph refused this header, and tells whether it is worth another try. A cached
// token can outlive its rights, or the keys it was signed with.
func (s *signer) renew(header string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last != header {
		return true // somebody renewed it in the meantime
	}
	if !s.refused.IsZero() && s.clock.Since(s.refused) < renewal {
		return false
	}
	credential, err := s.build()
	if err != nil {
		return false
	}
	s.credential, s.made, s.refused = credential, time.Time{}, s.clock.Now()
	return true
}

// told makes what the token service told, or did not, an error of ours without the secret.
func (s *signer) told(meaning error) error {
	hide := func(text string) string { return text }
	if secret := s.secret.Reveal(); secret != "" {
		hide = func(text string) string { return strings.ReplaceAll(text, secret, s.secret.String()) }
	}
	var slow entra.Throttled
	var no entra.Refused
	switch {
	case errors.As(meaning, &no):
		no.Message = hide(no.Message)
		return no
	case errors.As(meaning, &slow):
		return slow
	default:
		return fmt.Errorf("%w: %s", entra.ErrUnreachable, hide(plain(meaning.Error())))
	}
}
