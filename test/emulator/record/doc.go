// Package record keeps what went over the wire, without headers and without secrets: in memory for tests, and as JSON lines for people.
package record
