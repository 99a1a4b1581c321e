// Package secret is what workloads mount: the keys of each format, and who owns which key of a Secret. It is pure.
package secret
