// Package sts is the token service of the emulated tenant: discovery, keys, sign-in and the token endpoint.
//
// It answers under the host that the caller used, so that the issuer always matches the authority: a client that knows the
// emulator as https://emulator.example:8443 reads that host in discovery, in the keys' issuer and in its tokens. Where Entra has two
// issuer hosts (login.microsoftonline.com and sts.windows.net), the emulator has one: a v2 token's issuer is
// https://{host}/{tenant}/v2.0, a v1 token's is https://{host}/{tenant}/ and its discovery document is found below it, as OpenID
// Connect wants.
//
// People sign in at /authorize, at the page for devices and at /adminconsent on plain pages: every page is a form that posts to the
// address it was shown at, so a script needs a cookie jar and nothing else. A user's token is made in one place (issueDelegated), which
// looks at assignment and consent each time. What OpenID Connect's own scopes ask for needs no consent here. What is asked of a user is
// made in one place too (demand.go), and who has said yes gets it in the tokens of that sign-in at once.
//
// A managed identity has no credential here: whoever can reach the metadata service (identity.go) gets its tokens.
//
// One grant is one file (grant_*.go) and one line in Service.grants.
package sts
