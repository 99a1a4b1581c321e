package federatedcredential

import (
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// sameApplication reports whether two objects are about one application.
func sameApplication(a, b *v1alpha1.FederatedCredential) bool {
	return a.Name != b.Name && a.Namespace == b.Namespace && a.Spec.AppRegistrationRef.Name == b.Spec.AppRegistrationRef.Name
}

// sameSubject reports whether two credentials trust the same: an application can have only one of them.
func sameSubject(a, b entra.FederatedCredential) bool {
	return a.Issuer == b.Issuer && a.Subject == b.Subject
}

// olderClaim is the oldest other object that wants the same trust as obj, if it is older than obj: that one gets it.
func (k *Kind) olderClaim(obj *v1alpha1.FederatedCredential, world World, want entra.FederatedCredential) *v1alpha1.FederatedCredential {
	oldest := obj
	for i := range world.Others {
		if other := &world.Others[i]; older(other, oldest) && k.claims(other, world, want) {
			oldest = other
		}
	}
	if oldest == obj {
		return nil
	}
	return oldest
}

func older(a, b *v1alpha1.FederatedCredential) bool {
	if a.CreationTimestamp.Equal(&b.CreationTimestamp) {
		return a.Name < b.Name
	}
	return a.CreationTimestamp.Before(&b.CreationTimestamp)
}

// claims reports whether an object that stays wants the trust.
func (k *Kind) claims(obj *v1alpha1.FederatedCredential, world World, trust entra.FederatedCredential) bool {
	wanted, _ := k.desired(obj, world.Tenant)
	return obj.DeletionTimestamp.IsZero() && sameSubject(wanted, trust)
}

// decideDuplicate says what becomes of a trust that another credential of the application has. Of two objects that are to have each
// other's, both give up what they have.
func (k *Kind) decideDuplicate(world World, diff difference, other entra.FederatedCredential) decision {
	owner := world.ownerOf(other.Name)
	claimed := func(o v1alpha1.FederatedCredential) bool { return k.claims(&o, world, diff.have) }
	switch {
	case owner == nil:
		return refuse(v1alpha1.ReasonConflict,
			"%s: the application already trusts subject %q of issuer %q, by the federated credential %q, which no object here asks for: "+
				"Entra takes each subject of an issuer once; remove it there",
			diff.path, diff.want.Subject, diff.want.Issuer, other.Name)
	case diff.Present && slices.ContainsFunc(world.Others, claimed):
		return take(remove{diff.have})
	default:
		return waitFor(true, "waiting for FederatedCredential %s, which %s, to give up subject %q", client.ObjectKeyFromObject(owner), whyItGivesUp(owner), diff.want.Subject)
	}
}

// duplicateOf is another credential of the application that trusts the same.
func (w World) duplicateOf(want entra.FederatedCredential) (entra.FederatedCredential, bool) {
	return w.find(func(c entra.FederatedCredential) bool {
		return sameSubject(c, want) && !strings.EqualFold(c.Name, want.Name)
	})
}

// ownerOf is the other object that a credential belongs to, by its name in Entra; nil where there is none.
func (w World) ownerOf(credential string) *v1alpha1.FederatedCredential {
	for i := range w.Others {
		if strings.EqualFold(credentialName(&w.Others[i]), credential) {
			return &w.Others[i]
		}
	}
	return nil
}

// ownersOfCredentials says whose the application's credentials are.
func (w World) ownersOfCredentials() string {
	var ours, others []string
	for _, credential := range w.Trust.Value.Credentials {
		if owner := w.ownerOf(credential.Name); owner != nil {
			ours = append(ours, owner.Name)
		} else {
			others = append(others, fmt.Sprintf("%q", credential.Name))
		}
	}
	return engine.JoinMessages(list("those of FederatedCredentials ", ours), list("those that no object here asks for, ", others))
}

func list(head string, names []string) string {
	if len(names) == 0 {
		return ""
	}
	slices.Sort(names)
	return head + strings.Join(names, ", ")
}

// whyItGivesUp says why an object will not keep the credential that it has.
func whyItGivesUp(obj *v1alpha1.FederatedCredential) string {
	switch {
	case !obj.DeletionTimestamp.IsZero():
		return "is being deleted"
	case obj.Spec.Suspend:
		return "is suspended, and is younger or asks for another subject now"
	default:
		return "is younger or asks for another subject now"
	}
}

// concerns reports whether obj has to look again after another object of the same application has changed: they have, or want, the same
// subject, or the other makes room. Issuers are left aside: a managed identity's is not known here.
func (k *Kind) concerns(changed, obj *v1alpha1.FederatedCredential) bool {
	if !sameApplication(obj, changed) || !obj.DeletionTimestamp.IsZero() {
		return false
	}
	if !changed.DeletionTimestamp.IsZero() && !inSync(obj) {
		return true
	}
	theirs := k.subjects(changed)
	return slices.ContainsFunc(k.subjects(obj), func(subject string) bool { return slices.Contains(theirs, subject) })
}

func (k *Kind) subjects(obj *v1alpha1.FederatedCredential) []string {
	wanted, _ := k.desired(obj, binding.Tenant{})
	subjects := []string{wanted.Subject, obj.Status.Subject}
	return slices.DeleteFunc(subjects, func(subject string) bool { return subject == "" })
}

// inSync reports whether an object's status says that it is settled as its spec is now.
func inSync(obj *v1alpha1.FederatedCredential) bool {
	ready := meta.FindStatusCondition(obj.Status.Conditions, v1alpha1.ConditionReady)
	return ready != nil && ready.Status == metav1.ConditionTrue && ready.ObservedGeneration == obj.Generation
}
