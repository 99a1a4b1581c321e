package sts

import (
	"slices"

	"github.com/go-jose/go-jose/v4"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// checkFederated verifies a token of an outside issuer. It must match one federated credential in every letter before the issuer is
// asked for its keys: so nobody can make us call a host that no credential names.
func (s *Service) checkFederated(req request, client directory.Client, presented assertion) *failure {
	if refused := matchFederated(client.Federated, presented); refused != nil {
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

// matchFederated compares issuer, then audience, then subject, and says which of them no credential has.
func matchFederated(credentials []directory.Federated, presented assertion) *failure {
	left := slices.DeleteFunc(slices.Clone(credentials), func(f directory.Federated) bool {
		return f.Issuer != presented.claims.Issuer
	})
	if len(left) == 0 {
		return federationUnmatched(700211, "issuer", presented.claims.Issuer)
	}
	left = slices.DeleteFunc(left, func(f directory.Federated) bool {
		return !slices.ContainsFunc(f.Audiences, func(a string) bool { return presented.claims.Audience.Contains(a) })
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
