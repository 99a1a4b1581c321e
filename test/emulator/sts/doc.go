// Package sts is the token service of the emulated tenant: discovery, keys, sign-in and the token endpoint.
//
// It answers under the host that the caller used, so that the issuer always matches the authority: a client that knows the
// emulator as https://emulator.example:8443 reads that host in discovery, in the keys' issuer and in its tokens. Where Entra has two
// issuer hosts (login.microsoftonline.com and sts.windows.net), the emulator has one: a v2 token's issuer is
// https://{host}/{tenant}/v2.0, a v1 token's is https://{host}/{tenant}/ and its discovery document is found below it, as OpenID
// Connect has it.
//
// People sign in at /authorize, at the page for devices and at /adminconsent on plain pages (page). Their tokens are made in one place
// (token.Issuer.Delegated), and what they have to consent to is decided in one place (consent). What OpenID Connect's own scopes ask for
// needs no consent here. A user who has consented gets the scopes in the tokens of that sign-in at once.
//
// Each family of grant types is a folder, and each grant_type is one line in serveGrants.
package sts
