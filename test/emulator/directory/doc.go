// Package directory is the state behind the emulated Graph: one tenant with its applications, service principals,
// federated credentials, app role assignments, owners, credentials and deleted items. It refuses what Entra refuses and
// shows writes as late as Entra does.
//
// Every write has a time, and old versions are kept for a while. A Session is one request: it reads a replica that is
// some time behind, so what it finds may be stale, while uniqueness is decided at the primary, which is never
// behind. All state is under one lock, and everything random comes from one seed.
package directory
