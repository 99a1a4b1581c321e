// Package graph is the directory over Microsoft Graph: it implements entra.Tenants, entra.Reader and entra.Writer, and is the only
// package that knows Microsoft's SDKs.
//
// Every request passes one transport per tenant, which signs it, keeps it within the quota, holds everything back after a 429,
// and turns whatever is no success into an error with its status. What Entra shows late is corrected by the memory of this
// process' own writes.
package graph
