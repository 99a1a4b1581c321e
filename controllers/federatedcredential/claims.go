package federatedcredential

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// readSiblings lists the other FederatedCredentials on the same AppRegistration. They are the cache's own: nobody may change them.
func (k *Kind) readSiblings(ctx context.Context, obj *v1alpha1.FederatedCredential) ([]v1alpha1.FederatedCredential, error) {
	var all v1alpha1.FederatedCredentialList
	if err := k.Cache.List(ctx, &all, client.InNamespace(obj.Namespace), client.UnsafeDisableDeepCopy); err != nil {
		return nil, fmt.Errorf("list the application's other FederatedCredentials: %w", err)
	}
	var siblings []v1alpha1.FederatedCredential
	for i := range all.Items {
		if related(obj, &all.Items[i]) {
			siblings = append(siblings, all.Items[i])
		}
	}
	return siblings, nil
}

// related tells whether two objects are about one application.
func related(a, b *v1alpha1.FederatedCredential) bool {
	return a.Name != b.Name && a.Namespace == b.Namespace && a.Spec.AppRegistrationRef.Name == b.Spec.AppRegistrationRef.Name
}

// elder is the oldest other object that wants the same trust as obj, if it is older than obj: that one gets it.
func (k *Kind) elder(obj *v1alpha1.FederatedCredential, world World, want entra.FederatedCredential) *v1alpha1.FederatedCredential {
	elder := obj
	for i := range world.Siblings {
		other := &world.Siblings[i]
		if other.DeletionTimestamp.IsZero() && older(other, elder) && alike(k.desired(other, world.Tenant), want) {
			elder = other
		}
	}
	if elder == obj {
		return nil
	}
	return elder
}

func older(a, b *v1alpha1.FederatedCredential) bool {
	if a.CreationTimestamp.Equal(&b.CreationTimestamp) {
		return a.Name < b.Name
	}
	return a.CreationTimestamp.Before(&b.CreationTimestamp)
}

// wanted tells whether another object that stays wants the trust.
func (k *Kind) wanted(world World, trust entra.FederatedCredential) bool {
	return slices.ContainsFunc(world.Siblings, func(other v1alpha1.FederatedCredential) bool {
		return other.DeletionTimestamp.IsZero() && alike(k.desired(&other, world.Tenant), trust)
	})
}

// alike tells whether two credentials trust the same: an application can have only one of them.
func alike(a, b entra.FederatedCredential) bool {
	return a.Issuer == b.Issuer && a.Subject == b.Subject
}

// trusting is another credential of the application that trusts the same.
func (w World) trusting(want entra.FederatedCredential) (entra.FederatedCredential, bool) {
	at := slices.IndexFunc(w.Trust.Value.Credentials, func(c entra.FederatedCredential) bool {
		return alike(c, want) && !strings.EqualFold(c.Name, want.Name)
	})
	if at < 0 {
		return entra.FederatedCredential{}, false
	}
	return w.Trust.Value.Credentials[at], true
}

// sibling is the object that a credential belongs to, by its name in Entra; nil where there is none.
func (w World) sibling(credential string) *v1alpha1.FederatedCredential {
	for i := range w.Siblings {
		if strings.EqualFold(credentialName(&w.Siblings[i]), credential) {
			return &w.Siblings[i]
		}
	}
	return nil
}

// census tells whose the application's credentials are.
func (w World) census() string {
	var ours, others []string
	for _, credential := range w.Trust.Value.Credentials {
		if owner := w.sibling(credential.Name); owner != nil {
			ours = append(ours, owner.Name)
		} else {
			others = append(others, fmt.Sprintf("%q", credential.Name))
		}
	}
	slices.Sort(ours)
	slices.Sort(others)
	var groups []string
	if len(ours) > 0 {
		groups = append(groups, "those of FederatedCredentials "+strings.Join(ours, ", "))
	}
	if len(others) > 0 {
		groups = append(groups, "those that no object here asks for, "+strings.Join(others, ", "))
	}
	return strings.Join(groups, "; ")
}

func key(obj *v1alpha1.FederatedCredential) string { return obj.Namespace + "/" + obj.Name }

// fate is why an object will not keep what it holds.
func fate(obj *v1alpha1.FederatedCredential) string {
	switch {
	case !obj.DeletionTimestamp.IsZero():
		return "is being deleted"
	case obj.Spec.Suspend:
		return "is suspended, and is younger or asks for another subject now"
	default:
		return "is younger or asks for another subject now"
	}
}

// contend tells whether a change of one object is news to another of the same application: they have, or want, the same subject, or
// the one makes room. Issuers are left aside: a managed identity's is not known here.
func (k *Kind) contend(obj, changed *v1alpha1.FederatedCredential) bool {
	if !related(obj, changed) || !obj.DeletionTimestamp.IsZero() {
		return false
	}
	if !changed.DeletionTimestamp.IsZero() && !inSync(obj) {
		return true
	}
	theirs := k.subjects(changed)
	return slices.ContainsFunc(k.subjects(obj), func(subject string) bool { return slices.Contains(theirs, subject) })
}

// subjects that an object has or wants.
func (k *Kind) subjects(obj *v1alpha1.FederatedCredential) []string {
	subjects := []string{k.desired(obj, engine.Tenant{}).Subject}
	if obj.Status.Subject != "" {
		subjects = append(subjects, obj.Status.Subject)
	}
	return subjects
}

// inSync tells whether an object's status says that it is settled as its spec is now.
func inSync(obj *v1alpha1.FederatedCredential) bool {
	ready := meta.FindStatusCondition(obj.Status.Conditions, v1alpha1.ConditionReady)
	return ready != nil && ready.Status == metav1.ConditionTrue && ready.ObservedGeneration == obj.Generation
}
