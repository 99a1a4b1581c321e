package emulator

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/graphapi"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts"
)

// verifier verifies Graph's tokens at the token service.
type verifier struct{ service *sts.Service }

// Verify implements graphapi.Tokens.
func (b verifier) Verify(r *http.Request, raw string) (graphapi.Caller, error) {
	bearer, err := b.service.Verify(raw, r.Host)
	if err != nil {
		return graphapi.Caller{}, graphError(err)
	}
	return graphapi.Caller{AppID: bearer.AppID, ObjectID: bearer.ObjectID, Roles: bearer.Roles, Scopes: bearer.Scopes}, nil
}

func graphError(err error) error {
	for ours, graphs := range map[error]error{
		sts.ErrTime: graphapi.ErrExpired, sts.ErrAudience: graphapi.ErrAudience, sts.ErrSignature: graphapi.ErrSignature,
	} {
		if errors.Is(err, ours) {
			return fmt.Errorf("%w: %w", graphs, err)
		}
	}
	return err
}

// appID is the client by which quotas are counted; empty without a valid token.
func (b verifier) appID(r *http.Request) string {
	raw, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return ""
	}
	bearer, err := b.service.Verify(raw, r.Host)
	if err != nil {
		return ""
	}
	return bearer.AppID
}
