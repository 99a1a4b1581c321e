// Package api tests what the API server itself refuses, keeps and defaults: the schemas and their CEL rules, on a real one. Every
// rule is tried from both sides; every sample is decoded strictly and applied.
package api
