package appregistration

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
)

// writeSecret creates it, or updates the very version that was read: one that somebody else makes or takes over in between is
// never touched. It is no server-side apply, because that cannot say "only if there is none".
type writeSecret struct{ secret *corev1.Secret }

func (s writeSecret) String() string { return "write Secret " + s.secret.Name }

func (s writeSecret) Do(ctx context.Context, clients engine.Clients, world *World) error {
	written := s.secret.DeepCopy()
	err := clients.OwnWrites.Write(func() (client.Object, error) {
		owner := client.FieldOwner(v1alpha1.FieldManager)
		if written.ResourceVersion == "" {
			return written, clients.Kube.Create(ctx, written, owner)
		}
		return written, clients.Kube.Update(ctx, written, owner)
	})
	if err != nil {
		return fmt.Errorf("write Secret: %w", err)
	}
	world.secret = written
	return nil
}

// deleteSecret deletes one of ours, the very one that was read.
type deleteSecret struct{ secret *corev1.Secret }

func (s deleteSecret) String() string { return "delete Secret " + s.secret.Name }

func (s deleteSecret) Do(ctx context.Context, clients engine.Clients, world *World) error {
	same := client.Preconditions{UID: &s.secret.UID, ResourceVersion: &s.secret.ResourceVersion}
	err := clients.OwnWrites.Delete(s.secret, func() error { return clients.Kube.Delete(ctx, s.secret.DeepCopy(), same) })
	if client.IgnoreNotFound(err) != nil {
		return fmt.Errorf("delete Secret: %w", err)
	}
	if world.secret != nil && world.secret.Name == s.secret.Name {
		world.secret = nil
	} else {
		world.formerSecret = nil
	}
	return nil
}
