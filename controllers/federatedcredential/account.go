package federatedcredential

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// The annotations by which Azure's workload identity webhook finds an application.
const (
	ClientIDAnnotation = "azure.workload.identity/client-id"
	TenantIDAnnotation = "azure.workload.identity/tenant-id"
)

// beforeFirstApply is the manager that the API server makes up for what was there before anybody applied.
const beforeFirstApply = "before-first-apply"

// Account is a ServiceAccount of the object's namespace, as far as our annotations go.
type Account struct {
	Name     string
	UID      types.UID
	ClientID Annotation
	TenantID Annotation
}

// Annotation is a value with those who own it under server-side apply. The API server begins to tell owners apart with the first
// apply to an object: before, a value has none.
type Annotation struct {
	Value   string
	Present bool
	// Ours is true where this object's field manager owns it, maybe among others.
	Ours bool
	// Others who own it, sorted, with commas.
	Others string
}

// foreign reports whether somebody else has a say in the value; one that nobody owns is not ours either.
func (a Annotation) foreign() bool { return a.Others != "" || a.Present && !a.Ours }

func (a Account) ours() bool { return a.ClientID.Ours || a.TenantID.Ours }

// manager is the field manager of one object: two that annotate the same ServiceAccount are told apart by the API server.
func manager(obj *v1alpha1.FederatedCredential) string { return v1alpha1.FieldManager + "/" + obj.Name }

// readAccounts reads the ServiceAccount to annotate, and the one that may carry annotations of ours from before.
func (k *Kind) readAccounts(ctx context.Context, obj *v1alpha1.FederatedCredential, world *World) (err error) {
	wanted := accountToAnnotate(obj)
	if world.Account, err = k.account(ctx, obj, wanted); err != nil {
		return err
	}
	if before := obj.Status.AnnotatedServiceAccount; before != wanted {
		world.FormerAccounts, err = k.accountsWithOurs(ctx, obj, before)
	}
	return err
}

// accountsWithOurs are those of the named ServiceAccounts that carry annotations of ours.
func (k *Kind) accountsWithOurs(ctx context.Context, obj *v1alpha1.FederatedCredential, names ...string) ([]Account, error) {
	slices.Sort(names)
	var found []Account
	for _, name := range slices.Compact(names) {
		account, err := k.account(ctx, obj, name)
		if err != nil {
			return nil, err
		}
		if account != nil && account.ours() {
			found = append(found, *account)
		}
	}
	return found, nil
}

// account reads a ServiceAccount's metadata past the cache, which keeps no managed fields: they tell whose a value is. It is nil
// where there is none.
func (k *Kind) account(ctx context.Context, obj *v1alpha1.FederatedCredential, name string) (*Account, error) {
	if name == "" {
		return nil, nil
	}
	found := serviceAccount()
	if err := k.Binder.Live.Get(ctx, types.NamespacedName{Namespace: obj.Namespace, Name: name}, found); err != nil {
		if apierrors.IsNotFound(err) {
			return nil, nil
		}
		return nil, fmt.Errorf("get ServiceAccount %s: %w", name, err)
	}
	account := &Account{Name: found.Name, UID: found.UID}
	for key, annotation := range map[string]*Annotation{ClientIDAnnotation: &account.ClientID, TenantIDAnnotation: &account.TenantID} {
		annotation.Value, annotation.Present = found.Annotations[key]
		if err := annotation.ownedBy(found.ManagedFields, key, manager(obj)); err != nil {
			return nil, fmt.Errorf("read who owns annotation %s of ServiceAccount %s: %w", key, name, err)
		}
	}
	return account, nil
}

func serviceAccount() *metav1.PartialObjectMetadata {
	return &metav1.PartialObjectMetadata{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ServiceAccount"}}
}

// ownedBy notes which managers own an annotation.
func (a *Annotation) ownedBy(managed []metav1.ManagedFieldsEntry, key, manager string) error {
	path := fieldpath.MakePathOrDie("metadata", "annotations", key)
	var others []string
	for _, entry := range managed {
		if entry.FieldsV1 == nil {
			continue
		}
		var fields fieldpath.Set
		if err := fields.FromJSON(bytes.NewReader(entry.FieldsV1.GetRawBytes())); err != nil {
			return fmt.Errorf("fields of %s: %w", entry.Manager, err)
		}
		switch {
		case !fields.Has(path):
		case entry.Manager == manager && entry.Operation == metav1.ManagedFieldsOperationApply:
			a.Ours = true
		case entry.Manager == beforeFirstApply:
			others = append(others, "somebody else")
		default:
			others = append(others, entry.Manager)
		}
	}
	slices.Sort(others)
	a.Others = strings.Join(slices.Compact(others), ", ")
	return nil
}
