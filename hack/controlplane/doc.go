// Package controlplane runs a real Kubernetes control plane on a machine that has nothing but Go: etcd, kube-apiserver and
// kube-controller-manager, built from their modules through the module proxy and started on loopback addresses.
//
// Binaries finds or builds the programs, Start runs them. The versions are pinned in the go.mod files of the folders kubernetes
// and etcd; those are modules of their own, because their requirements must not become the operator's.
//
// What Start began ends with Stop, and also when the process that started it ends in any other way: see guard.
package controlplane
