package v1alpha1

const (
	// FieldManager is the name under which the operator owns fields of objects.
	FieldManager = "entra-registrar"
	// Finalizer holds an object until what it made in Entra is taken back.
	Finalizer = "entra-registrar.dev/finalizer"
	// ReconcileRequestedAt is the annotation that asks for a look at once. Its value is any token; the one last acted on is
	// in status.lastHandledReconcileAt.
	ReconcileRequestedAt = "entra-registrar.dev/reconcile-requested-at"
	// ManagedByLabel marks the Secrets that the operator wrote, so that it watches these and no others.
	ManagedByLabel = "entra-registrar.dev/managed-by"
)
