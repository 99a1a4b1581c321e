package sts

import (
	"slices"

	"github.com/go-jose/go-jose/v4"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// checkFederated verifies a token of an outside issuer. It must match one federated credential in every letter before the issuer is
// asked for its keys: so nobody can make us call a host that no credential names.
//
// A token of ours is verified without asking anybody; it must be a managed identity's.
func (s *Service) checkFederated(req request, client directory.Client, presented assertion) *failure {
	audiences := []string(presented.claims.Audience)
	ours, own := s.ownAssertion(presented)
	if own {
		if refused := s.checkOwn(ours); refused != nil {
			return refused
		}
		audiences = s.exchangeNames(ours.Audience)
	}
	if refused := matchFederated(client.Federated, presented, audiences); refused != nil || own {
		return refused
	}
	if algorithm := presented.header().Algorithm; algorithm != string(jose.RS256) {
		return assertionUnverified("The algorithm " + algorithm + " is not supported for federated credentials: RS256 only.")
	}
	keys, err := s.issuerKeys(req.Context(), presented.claims.Issuer)
	if err != nil {
		return issuerUnreachable()
	}
	for _, key := range keys.Key(presented.header().KeyID) {
		var verified map[string]any
		if presented.token.Claims(key.Key, &verified) == nil {
			return nil
		}
	}
	return assertionUnverified("No key of the issuer has made the signature.")
}

// ownAssertion are the claims of an assertion that we have signed.
func (s *Service) ownAssertion(presented assertion) (c claims, own bool) {
	own = presented.header().Algorithm == string(jose.RS256) && presented.token.Claims(s.key.private.Public(), &c) == nil
	return c, own
}

// checkOwn: of our own tokens only those of managed identities stand in for a credential.
func (s *Service) checkOwn(c claims) *failure {
	if c.ObjectID != c.Subject {
		return onlyAppTokens()
	}
	if _, ok := s.directory.ManagedIdentity(c.ObjectID); !ok {
		return ownTokensUnwanted()
	}
	return nil
}

// exchangeNames are the audiences that a federated credential may give for a token of ours: the token has the resource's ID, the
// credential has its name.
func (s *Service) exchangeNames(audience string) []string {
	resource, _ := s.directory.Resource(audience)
	return slices.DeleteFunc(slices.Clone(resource.Names), func(name string) bool { return name == resource.AppID })
}

// matchFederated compares issuer, then audience, then subject, and says which of them no credential has.
func matchFederated(credentials []directory.Federated, presented assertion, audiences []string) *failure {
	left := slices.DeleteFunc(slices.Clone(credentials), func(f directory.Federated) bool {
		return f.Issuer != presented.claims.Issuer
	})
	if len(left) == 0 {
		return federationUnmatched(700211, "issuer", presented.claims.Issuer)
	}
	left = slices.DeleteFunc(left, func(f directory.Federated) bool {
		return !slices.ContainsFunc(f.Audiences, func(a string) bool { return slices.Contains(audiences, a) })
	})
	if len(left) == 0 {
		return federationUnmatched(700212, "audience", firstOf(presented.claims.Audience))
	}
	if !slices.ContainsFunc(left, func(f directory.Federated) bool { return f.Subject == presented.claims.Subject }) {
		return federationUnmatched(700213, "subject", presented.claims.Subject)
	}
	return nil
}

func firstOf(audience []string) string {
	if len(audience) == 0 {
		return ""
	}
	return audience[0]
}
