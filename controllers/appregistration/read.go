package appregistration

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
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
	tenant, err := k.tenantName(ctx, obj)
	if err != nil {
		return World{}, err
	}
	basis, reader, err := k.Binder.Bind(ctx, obj, tenant, obj.Status.TenantName != "")
	if err != nil || reader == nil {
		return World{Basis: basis}, err
	}
	l := look{Kind: k, obj: obj, reader: reader, world: World{Basis: basis}, id: identify(obj, basis)}
	if elsewhere(obj, l.world) {
		return l.world, nil
	}
	if deleting {
		err = l.last(ctx)
	} else {
		err = l.all(ctx)
	}
	return l.world, err
}

// tenantName is the tenant that the object is bound to, else the one it asks for, else the default.
func (k *Kind) tenantName(ctx context.Context, obj *v1alpha1.AppRegistration) (string, error) {
	switch {
	case obj.Status.TenantName != "":
		return obj.Status.TenantName, nil
	case obj.Spec.TenantRef != nil:
		return obj.Spec.TenantRef.Name, nil
	default:
		return k.Binder.DefaultTenant(ctx)
	}
}

// elsewhere tells whether what the status records is in another directory than the EntraTenant of that name is now.
func elsewhere(obj *v1alpha1.AppRegistration, world World) bool {
	return obj.Status.TenantID != "" && obj.Status.TenantID != world.Tenant.ID
}

// look is one Read of one object.
type look struct {
	*Kind
	obj    *v1alpha1.AppRegistration
	reader entra.Reader
	world  World
	id     identity
}

func (l *look) all(ctx context.Context) error {
	if err := l.secrets(ctx); err != nil {
		return err
	}
	find := l.named
	if l.obj.Status.ObjectID != "" {
		find = l.recorded
	}
	if err := find(ctx); err != nil {
		return err
	}
	if l.world.found == byName || !l.world.application.IsPresent() {
		if err := l.asked(ctx); err != nil {
			return err
		}
	}
	l.references(ctx)
	if !l.world.application.IsPresent() {
		return nil
	}
	if err := l.principal(ctx); err != nil {
		return err
	}
	if err := l.consented(ctx); err != nil {
		return err
	}
	return l.holders(ctx)
}

// recorded looks for the application by its recorded ID, and where it is not live, among the deleted ones.
func (l *look) recorded(ctx context.Context) error {
	var err error
	objectID := l.obj.Status.ObjectID
	l.world.found = byRecord
	if l.world.application, err = entra.Observe(l.reader.Application(ctx, objectID)); err != nil {
		return fmt.Errorf("get application: %w", err)
	}
	if l.world.application.IsPresent() {
		return nil
	}
	if l.world.grave, err = entra.Observe(l.reader.DeletedApplication(ctx, objectID)); err != nil {
		return fmt.Errorf("get deleted application: %w", err)
	}
	if l.world.grave.IsPresent() {
		l.world.application = entra.Absent[entra.Application]()
	}
	return nil
}

// named looks for an application that we have no record of: the status was lost, or we died after the create.
func (l *look) named(ctx context.Context) error {
	live, err := entra.Observe(l.reader.ApplicationByName(ctx, l.id.first))
	if err != nil {
		return fmt.Errorf("get application by name: %w", err)
	}
	l.world.application = live
	if l.obj.Status.UniqueName == l.id.second {
		second, err := entra.Observe(l.reader.ApplicationByName(ctx, l.id.second))
		if err != nil {
			return fmt.Errorf("get application by its second name: %w", err)
		}
		l.prefer(second)
	}
	if !l.world.application.IsPresent() {
		return nil
	}
	l.world.evidence, err = gather(ctx, l.reader, l.world, l.world.application.Value.ObjectID)
	return err
}

// prefer takes the application of the second name, where there is one; a first one with our marks is its twin.
func (l *look) prefer(second entra.Observed[entra.Application]) {
	first := l.world.application
	if !second.IsPresent() {
		return
	}
	if first.IsPresent() && len(l.id.strange(first.Value)) == 0 {
		l.world.twin = &first.Value
	}
	l.world.application = second
}

// last looks at what a farewell takes away: by our record, else by both names. It asks the cluster for nothing.
func (l *look) last(ctx context.Context) error {
	switch {
	case l.obj.Spec.DeletionPolicy == v1alpha1.DeletionOrphan:
		return nil
	case l.obj.Status.ObjectID != "":
		return l.recorded(ctx)
	}
	missed := entra.Absent[entra.Application]()
	for _, name := range []string{l.id.second, l.id.first} {
		live, err := entra.Observe(l.reader.ApplicationByName(ctx, name))
		if err != nil {
			return fmt.Errorf("get application by name: %w", err)
		}
		if live.IsUnknown() {
			missed = live
		}
		if !live.IsPresent() {
			continue
		}
		l.world.application = live
		if l.world.evidence, err = gather(ctx, l.reader, l.world, live.Value.ObjectID); err != nil {
			return err
		}
		if yes, known := mine(l.id, l.world); yes || !known {
			return nil
		}
	}
	l.world.application = missed
	return nil
}

// asked lists the federated credentials that live objects ask for on this application.
func (l *look) asked(ctx context.Context) error {
	var list v1alpha1.FederatedCredentialList
	if err := l.Binder.Cache.List(ctx, &list, client.InNamespace(l.obj.Namespace)); err != nil {
		return fmt.Errorf("list federated credentials: %w", err)
	}
	for _, credential := range list.Items {
		if credential.DeletionTimestamp.IsZero() && credential.Spec.AppRegistrationRef.Name == l.obj.Name {
			l.world.asked = append(l.world.asked, "k8s-"+credential.Name)
		}
	}
	return nil
}

func (l *look) principal(ctx context.Context) error {
	var err error
	appID := l.world.application.Value.AppID
	if len(l.obj.Spec.Permissions) > 0 && l.consents.due(l.obj.UID, l.Clock.Now(), l.world.Tenant.Resync) {
		l.world.principal, err = l.clientPrincipal(ctx, appID)
		if err != nil {
			return fmt.Errorf("get service principal with what it has been given: %w", err)
		}
		if l.world.principal.IsPresent() {
			return nil
		}
	}
	if l.world.principal, err = entra.Observe(l.reader.ServicePrincipal(ctx, appID)); err != nil {
		return fmt.Errorf("get service principal: %w", err)
	}
	if l.world.principal.IsPresent() || l.obj.Status.ServicePrincipalObjectID == "" {
		return nil
	}
	if l.world.principalGrave, err = entra.Observe(l.reader.DeletedServicePrincipal(ctx, appID)); err != nil {
		return fmt.Errorf("get deleted service principal: %w", err)
	}
	return nil
}

// holders are read only where a role is about to be removed: it is seen disabled, and the spec does not name it any more.
func (l *look) holders(ctx context.Context) error {
	if !leaving(l.world.application.Value, l.obj, l.id) {
		return nil
	}
	switch {
	case l.world.principal.IsAbsent():
		l.world.holders = entra.Present[[]entra.Assignment](nil)
	case l.world.principal.IsPresent():
		holders, err := entra.Observe(l.reader.Holders(ctx, l.world.principal.Value.ObjectID))
		if err != nil {
			return fmt.Errorf("look who holds the app role: %w", err)
		}
		l.world.holders = holders
	}
	return nil
}

func (l *look) secrets(ctx context.Context) error {
	var err error
	name := secretName(l.obj)
	if l.world.secret, err = l.secret(ctx, name); err != nil {
		return err
	}
	if former := l.obj.Status.SecretName; former != "" && former != name {
		l.world.formerSecret, err = l.secret(ctx, former)
	}
	return err
}

// secret by name, past the cache: the cache holds metadata only.
func (l *look) secret(ctx context.Context, name string) (*corev1.Secret, error) {
	var secret corev1.Secret
	err := l.Binder.Live.Get(ctx, types.NamespacedName{Namespace: l.obj.Namespace, Name: name}, &secret)
	switch {
	case apierrors.IsNotFound(err):
		return nil, nil // no Secret is an answer
	case err != nil:
		return nil, fmt.Errorf("get Secret %s: %w", name, err)
	default:
		return &secret, nil
	}
}
