// Package manifest has the rules that Entra checks an application and a service principal against at every write:
// lengths, sets of values, audiences, identifier and redirect URIs, scopes and roles. It is pure: what must be unique in
// the tenant is the directory's.
package manifest
