//go:build tools

// Package etcd pins the control plane's database, built from source.
package etcd

import _ "go.etcd.io/etcd/server/v3"
