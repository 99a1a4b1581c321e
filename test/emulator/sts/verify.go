package sts

import (
	"errors"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory/firstparty"
)

// Why Graph does not take a token.
var (
	ErrMalformed = errors.New("the token is not a signed JWT")
	ErrSignature = errors.New("the token is not signed with our key")
	ErrAudience  = errors.New("the token is for another resource")
	ErrTime      = errors.New("the token has expired or is not valid yet")
)

// Bearer is who a verified Graph access token stands for: a client, or a user for whom a client acts. Roles and scopes are those of
// the moment it was issued.
type Bearer struct {
	AppID, ObjectID string
	Roles           []string
	Scopes          []string // of a user's token only
}

// Verify checks an access token as Microsoft Graph does: ours, for Graph, valid now. host is the name under which the
// caller reached Graph, which is then an audience too. A refusal is one of the package's errors.
func (s *Service) Verify(raw, host string) (Bearer, error) {
	signed, err := jwt.ParseSigned(raw, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return Bearer{}, ErrMalformed
	}
	c, err := s.tokens.Claims(signed)
	if err != nil {
		return Bearer{}, ErrSignature
	}
	now := s.clock.Now().Unix()
	switch {
	case now < c.NotBefore || now >= c.Expires:
		return Bearer{}, ErrTime
	case c.Audience != firstparty.GraphAppID && !graphAudience(c.Audience, host):
		return Bearer{}, ErrAudience
	}
	return Bearer{AppID: c.AppID + c.Azp, ObjectID: c.ObjectID, Roles: c.Roles, Scopes: slices.Collect(strings.FieldsSeq(c.Scope))}, nil
}

func graphAudience(audience, host string) bool {
	name, ok := strings.CutPrefix(strings.TrimSuffix(audience, "/"), "https://")
	return ok && (strings.EqualFold(name, host) || strings.HasPrefix(name, "graph."))
}
