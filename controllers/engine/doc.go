// Package engine is the one path that every kind takes: Read, Decide, write, status. It knows decisions and steps, but no kind and no ID.
// It is also the only place that writes conditions.
package engine
