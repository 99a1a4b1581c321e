// Package entra is the directory as plain comparable Go values: what Read may ask of it, what a Step may do to it, and the errors
// that matter to a decision. It imports the standard library only; package graph implements it over Microsoft Graph.
package entra
