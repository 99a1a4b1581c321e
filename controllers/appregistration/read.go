package appregistration

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/ptr"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/appregistration/application"
	"github.com/entra-registrar/entra-registrar/controllers/appregistration/secret"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// Read gathers the world. In sync it costs two requests: the application and its service principal. Where the spec declares
// permissions, one more once a resync: what the principal has been given comes with it, what has been granted to it apart.
func (k *Kind) Read(ctx context.Context, obj *v1alpha1.AppRegistration) (World, error) {
	deleting := !obj.DeletionTimestamp.IsZero()
	if deleting {
		k.consents.forget(obj.UID)
	}
	if deleting && obj.Status.TenantName == "" {
		return World{}, nil
	}
	tenant, err := k.Binder.TenantName(ctx, obj.Status.TenantBinding, tenantRef(obj))
	if err != nil {
		return World{}, err
	}
	bound, reader, err := k.Binder.Bind(ctx, obj, tenant, obj.Status.TenantName != "")
	if err != nil || reader == nil {
		return World{Binding: bound}, err
	}
	r := read{Kind: k, obj: obj, reader: reader, world: World{Binding: bound}, id: application.Identify(obj, bound)}
	switch {
	case inOtherDirectory(obj, r.world):
	case deleting:
		err = r.whatIsDeleted(ctx)
	default:
		err = r.all(ctx)
	}
	return r.world, err
}

func tenantRef(obj *v1alpha1.AppRegistration) string {
	return ptr.Deref(obj.Spec.TenantRef, v1alpha1.TenantReference{}).Name
}

// inOtherDirectory reports whether what the status records is in another directory than the EntraTenant of that name is now.
func inOtherDirectory(obj *v1alpha1.AppRegistration, world World) bool {
	return obj.Status.TenantID != "" && obj.Status.TenantID != world.Tenant.ID
}

// read is one Read of one object.
type read struct {
	*Kind
	obj    *v1alpha1.AppRegistration
	reader entra.Reader
	world  World
	id     application.Identity
}

func (r *read) all(ctx context.Context) error {
	if err := r.secrets(ctx); err != nil {
		return err
	}
	find := r.byName
	if r.obj.Status.ObjectID != "" {
		find = r.byRecord
	}
	if err := find(ctx); err != nil {
		return err
	}
	if r.world.provenance == foundByName || !r.world.application.IsPresent() {
		if err := r.federatedCredentials(ctx); err != nil {
			return err
		}
	}
	r.references(ctx)
	if !r.world.application.IsPresent() {
		return nil
	}
	if err := r.servicePrincipal(ctx); err != nil {
		return err
	}
	return r.consent(ctx)
}

// byRecord looks for the application by its recorded ID, and where it is not live, among the deleted ones.
func (r *read) byRecord(ctx context.Context) error {
	var err error
	objectID := r.obj.Status.ObjectID
	r.world.provenance = foundByRecord
	if r.world.application, err = entra.Observe(r.reader.Application(ctx, objectID)); err != nil {
		return fmt.Errorf("get application: %w", err)
	}
	if r.world.application.IsPresent() {
		return nil
	}
	if r.world.deleted, err = entra.Observe(r.reader.DeletedApplication(ctx, objectID)); err != nil {
		return fmt.Errorf("get deleted application: %w", err)
	}
	if r.world.deleted.IsPresent() {
		r.world.application = entra.Absent[entra.Application]()
	}
	return nil
}

// byName looks for an application that we have no record of: the status was lost, or we died after the create. Under our second name it
// is preferred.
func (r *read) byName(ctx context.Context) error {
	live, err := entra.Observe(r.reader.ApplicationByName(ctx, r.id.First))
	if err != nil {
		return fmt.Errorf("get application by name: %w", err)
	}
	r.world.application = live
	if r.obj.Status.UniqueName == r.id.Second {
		second, err := entra.Observe(r.reader.ApplicationByName(ctx, r.id.Second))
		if err != nil {
			return fmt.Errorf("get application by its second name: %w", err)
		}
		if second.IsPresent() {
			r.world.application = second
			if live.IsPresent() {
				r.world.other = &live.Value
			}
		}
	}
	if !r.world.application.IsPresent() {
		return nil
	}
	return r.world.gatherEvidence(ctx, r.reader, r.world.application.Value.ObjectID)
}

// whatIsDeleted looks at what a deletion takes away: by our record, else by both names. It asks the cluster for nothing.
func (r *read) whatIsDeleted(ctx context.Context) error {
	switch {
	case r.obj.Spec.DeletionPolicy == v1alpha1.DeletionOrphan:
		return nil
	case r.obj.Status.ObjectID != "":
		return r.byRecord(ctx)
	}
	missed := entra.Absent[entra.Application]()
	for _, name := range []string{r.id.Second, r.id.First} {
		live, err := entra.Observe(r.reader.ApplicationByName(ctx, name))
		if err != nil {
			return fmt.Errorf("get application by name: %w", err)
		}
		if live.IsUnknown() {
			missed = live
		}
		if !live.IsPresent() {
			continue
		}
		r.world.application = live
		if err := r.world.gatherEvidence(ctx, r.reader, live.Value.ObjectID); err != nil {
			return err
		}
		if owned, known := mayDelete(r.id, r.world); owned || !known {
			return nil
		}
	}
	r.world.application = missed
	return nil
}

// federatedCredentials lists those that live objects ask for on this application.
func (r *read) federatedCredentials(ctx context.Context) error {
	var list v1alpha1.FederatedCredentialList
	if err := r.Binder.Cache.List(ctx, &list, client.InNamespace(r.obj.Namespace)); err != nil {
		return fmt.Errorf("list federated credentials: %w", err)
	}
	for _, credential := range list.Items {
		if credential.DeletionTimestamp.IsZero() && credential.Spec.AppRegistrationRef.Name == r.obj.Name {
			r.world.credentialNames = append(r.world.credentialNames, "k8s-"+credential.Name)
		}
	}
	return nil
}

func (r *read) servicePrincipal(ctx context.Context) error {
	var err error
	appID := r.world.application.Value.AppID
	if len(r.obj.Spec.Permissions) > 0 && r.consents.due(r.obj.UID, r.Clock.Now(), r.world.Tenant.ResyncInterval) {
		if r.world.principal, err = r.principalWithConsent(ctx, appID); err != nil {
			return fmt.Errorf("get service principal with what it has been given: %w", err)
		}
		if r.world.principal.IsPresent() {
			return nil
		}
	}
	if r.world.principal, err = entra.Observe(r.reader.ServicePrincipal(ctx, appID)); err != nil {
		return fmt.Errorf("get service principal: %w", err)
	}
	if r.world.principal.IsPresent() || r.obj.Status.ServicePrincipalObjectID == "" {
		return nil
	}
	if r.world.deletedPrincipal, err = entra.Observe(r.reader.DeletedServicePrincipal(ctx, appID)); err != nil {
		return fmt.Errorf("get deleted service principal: %w", err)
	}
	return nil
}

func (r *read) secrets(ctx context.Context) error {
	var err error
	name := secret.Name(r.obj)
	if r.world.secret, err = r.secret(ctx, name); err != nil {
		return err
	}
	if former := r.obj.Status.SecretName; former != "" && former != name {
		r.world.formerSecret, err = r.secret(ctx, former)
	}
	return err
}

// secret by name, past the cache: the cache holds metadata only.
func (r *read) secret(ctx context.Context, name string) (*corev1.Secret, error) {
	var found corev1.Secret
	err := r.Binder.Live.Get(ctx, types.NamespacedName{Namespace: r.obj.Namespace, Name: name}, &found)
	if apierrors.IsNotFound(err) {
		return nil, nil // no Secret is an answer
	}
	if err != nil {
		return nil, fmt.Errorf("get Secret %s: %w", name, err)
	}
	return &found, nil
}
