// Package graphapi answers /v1.0 and /beta as Microsoft Graph does for applications and what belongs to them, out of a
// directory. Routes, authorization and the shape of answers are here; what a write means and when it is refused is the
// directory's.
package graphapi
