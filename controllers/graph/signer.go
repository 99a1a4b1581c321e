package graph

import (
	"context"
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
)

// signer gives the operator's token for one tenant's Graph. The credential caches it.
type signer struct {
	clock clock.PassiveClock
	scope string
	// make builds the credential anew, with an empty cache.
	make func() (azcore.TokenCredential, error)
	// secret is hidden in whatever the token service says.
	secret entra.Sensitive

	mu         sync.Mutex
	credential azcore.TokenCredential
	last       string
	renewed    time.Time
}

// newSigner refuses credentials that cannot be used. It makes no request.
func newSigner(c clock.PassiveClock, scope string, secret entra.Sensitive, build func() (azcore.TokenCredential, error)) (*signer, error) {
	credential, err := build()
	if err != nil {
		return nil, err
	}
	return &signer{clock: c, scope: scope, make: build, secret: secret, credential: credential}, nil
}

// sign gives the Authorization header.
func (s *signer) sign(ctx context.Context) (string, error) {
	s.mu.Lock()
	credential := s.credential
	s.mu.Unlock()
	answer, err := credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{s.scope}})
	if err != nil {
		return "", s.failed(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = scheme + answer.Token
	return s.last, nil
}

// renew makes the next request sign in anew after Graph refused this header, and tells whether it is worth another try. A cached
// token can outlive its rights, or the keys it was signed with.
func (s *signer) renew(refused string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last != refused {
		return true // somebody renewed it in the meantime
	}
	if !s.renewed.IsZero() && s.clock.Since(s.renewed) < renewal {
		return false
	}
	credential, err := s.make()
	if err != nil {
		return false
	}
	s.credential, s.renewed = credential, s.clock.Now()
	return true
}

// failed says what a failure to sign in means, without the secret.
func (s *signer) failed(err error) error {
	meaning := signInError(err)
	no, refused := meaning.(entra.Refused)
	if secret := s.secret.Reveal(); refused && secret != "" {
		no.Message = strings.ReplaceAll(no.Message, secret, s.secret.String())
		return no
	}
	return meaning
}
