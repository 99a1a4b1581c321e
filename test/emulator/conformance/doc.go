// Package conformance tests a Microsoft Graph directory and its token service over plain HTTP, by the documented and
// recorded facts and by nothing else. It knows no emulator code: the same suite runs against the in-process emulator
// (plain go test) and against a real tenant.
//
// A real tenant, or an emulator that runs somewhere else, is described by the environment:
//
//	CONFORMANCE_GRAPH          https://graph.microsoft.com
//	CONFORMANCE_AUTHORITY      https://login.microsoftonline.com
//	CONFORMANCE_TENANT_ID      the tenant's GUID
//	CONFORMANCE_CLIENT_ID      the first caller
//	CONFORMANCE_CLIENT_SECRET  and its secret
//	CONFORMANCE_CA             a PEM file that signs both endpoints; absent: the system's roots
//	CONFORMANCE_ANSWERS        a file for the answers to the open questions; absent: they are only logged
//
// Users, groups and managed identities are tested where the environment names some:
//
//	CONFORMANCE_USER_ID        a user, by object ID
//	CONFORMANCE_USER           and by user principal name
//	CONFORMANCE_USER_PASSWORD  and the password, for users' flows: only where sign-in pages are plain forms, as the emulator's are
//	CONFORMANCE_GROUP_ID       a group with the user as a direct member
//	CONFORMANCE_IDENTITY_ID    a managed identity's service principal
//
// The first caller needs Application.ReadWrite.OwnedBy, Application.Read.All and AppRoleAssignment.ReadWrite.All. It makes
// short-lived applications of its own where a test needs another caller, and grants them Graph roles; a missing right is a
// failure that names it. Every object carries the run's name and is deleted and purged when its test ends; a sweep at the end,
// and one at the start for runs that died, takes what is left.
package conformance
