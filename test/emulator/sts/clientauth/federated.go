package clientauth

import (
	"slices"

	"github.com/go-jose/go-jose/v4"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory/signin"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/token"
)

// checkFederated verifies a token of an outside issuer. It must match one federated credential exactly before the issuer is asked for
// its keys, so that nobody can make us call a host that no credential names.
//
// A token of our own is verified without a call; it must be a managed identity's.
func (a Authenticator) checkFederated(req oauth.Request, client signin.Client, presented assertion) *oauth.Error {
	audiences := []string(presented.claims.Audience)
	ours, own := a.ownAssertion(presented)
	if own {
		if refused := a.checkOwn(ours); refused != nil {
			return refused
		}
		audiences = a.exchangeNames(ours.Audience)
	}
	if refused := matchFederated(client.Federated, presented, audiences); refused != nil || own {
		return refused
	}
	if algorithm := presented.header().Algorithm; algorithm != string(jose.RS256) {
		return assertionUnverified("The algorithm " + algorithm + " is not supported for federated credentials: RS256 only.")
	}
	keys, err := a.issuerKeys(req.Context(), presented.claims.Issuer)
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
func (a Authenticator) ownAssertion(presented assertion) (c token.Claims, own bool) {
	if presented.header().Algorithm != string(jose.RS256) {
		return c, false
	}
	c, err := a.Tokens.Claims(presented.token)
	return c, err == nil
}

// checkOwn refuses tokens of our own but those of managed identities.
func (a Authenticator) checkOwn(c token.Claims) *oauth.Error {
	if c.ObjectID != c.Subject {
		return onlyAppTokens()
	}
	if _, ok := a.Directory.ManagedIdentity(c.ObjectID); !ok {
		return ownTokensUnwanted()
	}
	return nil
}

// exchangeNames are the audiences that a federated credential may give for a token of ours: the token has the resource's ID, the
// credential has its name.
func (a Authenticator) exchangeNames(audience string) []string {
	resource, _ := a.Directory.Resource(audience)
	return slices.DeleteFunc(slices.Clone(resource.Names), func(name string) bool { return name == resource.AppID })
}

// matchFederated compares issuer, then audience, then subject. Its error names the first of them that no credential has.
func matchFederated(credentials []signin.Federated, presented assertion, audiences []string) *oauth.Error {
	left := slices.DeleteFunc(slices.Clone(credentials), func(f signin.Federated) bool {
		return f.Issuer != presented.claims.Issuer
	})
	if len(left) == 0 {
		return federationUnmatched(700211, "issuer", presented.claims.Issuer)
	}
	left = slices.DeleteFunc(left, func(f signin.Federated) bool {
		return !slices.ContainsFunc(f.Audiences, func(a string) bool { return slices.Contains(audiences, a) })
	})
	if len(left) == 0 {
		return federationUnmatched(700212, "audience", firstOf(presented.claims.Audience))
	}
	if !slices.ContainsFunc(left, func(f signin.Federated) bool { return f.Subject == presented.claims.Subject }) {
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
