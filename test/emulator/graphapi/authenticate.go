package graphapi

import (
	"errors"
	"net/http"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// authenticate reads the bearer token.
func (a *api) authenticate(r *http.Request) (Caller, error) {
	scheme, raw, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	raw = strings.TrimSpace(raw)
	if !strings.EqualFold(scheme, "Bearer") || raw == "" {
		return Caller{}, invalidToken("Access token is empty.")
	}
	caller, err := a.Tokens.Verify(r, raw)
	switch {
	case err == nil:
		return caller, nil
	case errors.Is(err, ErrExpired):
		return Caller{}, invalidToken("Access token has expired or is not yet valid.")
	case errors.Is(err, ErrAudience):
		return Caller{}, invalidToken("Access token validation failure. Invalid audience.")
	case errors.Is(err, ErrSignature):
		return Caller{}, invalidToken("Access token validation failure. Invalid signature.")
	default:
		return Caller{}, invalidToken("CompactToken parsing failed with error code: 80049217")
	}
}

func invalidToken(message string) error {
	return odata.Refused(http.StatusUnauthorized, "InvalidAuthenticationToken", "%s", message)
}
