// Package odata has what every answer of the emulated Graph shares: the types of the metadata as Go tables, documents
// checked against them, query options and error bodies. It knows no directory and no route.
package odata
