// Package e2e holds the whole-path tests: a real etcd, kube-apiserver and kube-controller-manager, the Entra emulator over HTTPS,
// and the manager as its own ServiceAccount. Time is the test's: one clock drives the engine, the work queues, the Graph adapter
// and the emulator, so that hours pass in seconds and nothing sleeps.
package e2e
