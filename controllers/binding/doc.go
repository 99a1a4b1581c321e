// Package binding takes an object to its tenant, its namespace, the policies and the open connection, the same way for every kind, and
// reports whether these have changed since.
package binding
