// Package graph is the directory over Microsoft Graph: it implements entra.Tenants, entra.Reader and entra.Writer. It and its
// sub-packages are all that knows Microsoft's SDKs: properties says where Graph has what, wire carries the requests, and memory corrects
// what Entra shows late by this process' own writes.
package graph
