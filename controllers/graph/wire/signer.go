package wire

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
	bearer = "Bearer "
	// minRenewal is how often a refused token makes us sign in anew, at most.
	minRenewal = time.Minute
	// maxTokenAge is how old the token may be that tells who we are: its roles are frozen when it is issued, for up to a day.
	maxTokenAge = 10 * time.Minute
)

// Signer gives the operator's token for one tenant's Graph. The credential caches it.
type Signer struct {
	clock clock.PassiveClock
	scope string
	// build makes the credential anew, with an empty cache.
	build func() (azcore.TokenCredential, error)
	// secret is hidden in whatever the token service says.
	secret entra.Sensitive

	mu          sync.Mutex
	credential  azcore.TokenCredential
	lastHeader  string
	issued      time.Time // when the credential gave its first token
	lastRenewal time.Time // when a refused token was last renewed
}

// NewSigner refuses credentials that cannot be used. It makes no request.
func NewSigner(c clock.PassiveClock, scope string, secret entra.Sensitive, build func() (azcore.TokenCredential, error)) (*Signer, error) {
	credential, err := build()
	if err != nil {
		return nil, err
	}
	return &Signer{clock: c, scope: scope, build: build, secret: secret, credential: credential}, nil
}

// header gives the Authorization header.
func (s *Signer) header(ctx context.Context) (string, error) {
	s.mu.Lock()
	credential := s.credential
	s.mu.Unlock()
	return s.headerFrom(ctx, credential)
}

func (s *Signer) headerFrom(ctx context.Context, credential azcore.TokenCredential) (string, error) {
	answer, err := credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{s.scope}})
	if err != nil {
		return "", fmt.Errorf("sign in: %w", s.Redact(signInError(err)))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastHeader = bearer + answer.Token
	if s.credential != credential || s.issued.IsZero() {
		s.credential, s.issued = credential, s.clock.Now()
	}
	return s.lastHeader, nil
}

// FreshHeader gives a header that shows our rights as they were minutes ago; an older one where the token service does not answer.
func (s *Signer) FreshHeader(ctx context.Context) (string, error) {
	s.mu.Lock()
	old := !s.issued.IsZero() && s.clock.Since(s.issued) >= maxTokenAge
	s.mu.Unlock()
	if !old {
		return s.header(ctx)
	}
	credential, err := s.build()
	if err != nil {
		return "", fmt.Errorf("sign in: %w", s.Redact(err))
	}
	header, err := s.headerFrom(ctx, credential)
	if errors.Is(err, entra.ErrUnreachable) {
		return s.header(ctx)
	}
	return header, err
}

// renew makes the next request sign in anew after Graph refused this header, and reports whether it is worth another try. A cached
// token can outlive its rights, or the keys it was signed with.
func (s *Signer) renew(header string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lastHeader != header {
		return true // somebody renewed it in the meantime
	}
	if !s.lastRenewal.IsZero() && s.clock.Since(s.lastRenewal) < minRenewal {
		return false
	}
	credential, err := s.build()
	if err != nil {
		return false
	}
	s.credential, s.issued, s.lastRenewal = credential, time.Time{}, s.clock.Now()
	return true
}

// Redact makes the token service's answer, or the lack of one, an error of ours without the secret.
func (s *Signer) Redact(meaning error) error {
	hide := func(text string) string { return text }
	if secret := s.secret.Reveal(); secret != "" {
		hide = func(text string) string { return strings.ReplaceAll(text, secret, s.secret.String()) }
	}
	var throttled entra.Throttled
	var refused entra.Refused
	switch {
	case errors.As(meaning, &refused):
		refused.Message = hide(refused.Message)
		return refused
	case errors.As(meaning, &throttled):
		return throttled
	default:
		return fmt.Errorf("%w: %s", entra.ErrUnreachable, hide(Sanitize(meaning.Error())))
	}
}
