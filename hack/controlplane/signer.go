package controlplane

import (
	"crypto/rand"
	"crypto/rsa"
	"fmt"

	"k8s.io/client-go/util/keyutil"
)

// makeSigner makes the key that ServiceAccount tokens are signed with and returns its path. It is an RSA key, as managed clusters
// have: Entra takes federated tokens with RS256 only, and envtest's own key is an elliptic one.
func (g *guard) makeSigner() (string, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return "", fmt.Errorf("make the key of ServiceAccount tokens: %w", err)
	}
	content, err := keyutil.MarshalPrivateKeyToPEM(key)
	if err != nil {
		return "", fmt.Errorf("encode the key of ServiceAccount tokens: %w", err)
	}
	if err := keyutil.WriteKey(g.path(signerKey), content); err != nil {
		return "", fmt.Errorf("write the key of ServiceAccount tokens: %w", err)
	}
	return g.path(signerKey), nil
}

// signerKey is the key's file, which holds the public part too.
const signerKey = "service-account.key"
