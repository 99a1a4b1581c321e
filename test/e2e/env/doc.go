// Package env gives each whole-path test an environment of its own: a tenant of Entra in the emulator, a namespace on the control plane
// that all tests share, a clock, and a manager that sees nothing else and runs as its own ServiceAccount.
//
// An Env is reached by its parts: Cluster reads and writes objects as one user, Status waits for what objects say, Tenant is what Entra
// holds and what others do there, Requests are what the manager has asked of Graph, Wire crashes the manager's process.
package env
