package appregistration

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

const notOurs = "refuse Conflict: application k8s.c1.shop.orders-api (object ID " + objectID + ") is not this object's: "

func TestOwnership_AdoptionWithoutARecord(t *testing.T) {
	t.Parallel()
	fic := func(name string) func(*World) {
		return func(w *World) {
			w.evidence.trust = entra.Present(entra.Trust{Credentials: []entra.FederatedCredential{{Name: name}}})
		}
	}
	owners := func(ids ...string) func(*World) { return func(w *World) { w.evidence.owners = entra.Present(ids) } }
	creator := func(appID string) func(*World) { return func(w *World) { w.application.Value.CreatedByAppID = appID } }
	checkDecisions(t, []decisionRow{
		{"a clean one is taken over", object(), adoptable(), nil},
		{"another cluster's", object(), adoptable(tagged(entra.TagCluster, "c2")), []string{notOurs + `its tags name another owner: "k8s-cluster:c2"`}},
		{"a clone's of this cluster", object(), adoptable(tagged(entra.TagClusterUID, "ffff")), []string{notOurs + `its tags name another owner: "k8s-cluster-uid:ffff"`}},
		{"one of this cluster before it was restored", object(), adoptable(tagged(entra.TagClusterUID, "former"), func(w *World) {
			w.Tenant.ClusterUIDs = []string{"0123456789abcdef", "former"}
		}), []string{"update application: tags"}},
		{"another namespace's", object(), adoptable(tagged(entra.TagObject, "bank/orders-api")), []string{notOurs + `its tags name another owner: "k8s-object:bank/orders-api"`}},
		{"that of a namespace that was deleted and made again", object(), adoptable(tagged(entra.TagNamespaceUID, "before")), []string{notOurs + `its tags name another owner: "k8s-namespace-uid:before"`}},
		{"a squatted name without our tags", object(), adoptable(func(w *World) { w.application.Value.Tags = nil }), []string{
			notOurs + "it has no tag managed-by:entra-registrar; it has no tag k8s-cluster:c1; it has no tag k8s-cluster-uid:0123456789abcdef; " +
				"it has no tag k8s-namespace-uid:ns-uid; it has no tag k8s-object:shop/orders-api",
		}},
		{"tags that name two owners", object(), adoptable(func(w *World) {
			w.application.Value.Tags = append(slices.Clone(w.application.Value.Tags), "k8s-object:bank/orders-api")
		}), []string{notOurs + `its tags name another owner: "k8s-object:shop/orders-api k8s-object:bank/orders-api"`}},
		{"forged tags on somebody else's", object(), adoptable(creator("eve")), []string{notOurs + `it was created by application "eve"`}},
		{"one that a former identity of ours created", object(), adoptable(creator("former"), func(w *World) {
			w.Tenant.ClientIDs = []string{operatorApp, "former"}
		}), nil},
		{"one without a creator, where we are an owner", object(), adoptable(creator("")), nil},
		{"one without a creator, where we are no owner", object(), adoptable(creator(""), owners()), []string{
			notOurs + "Entra does not say who created it, and the operator is not its owner",
		}},
		{"forged creator and tags, but another owner", object(), adoptable(owners("eve")), []string{notOurs + `it has an owner that is not the operator: "eve"`}},
		{"another owner beside us", object(), adoptable(owners(operatorID, "eve")), []string{notOurs + `it has an owner that is not the operator: "eve"`}},
		{"the principal of a former identity as owner", object(), adoptable(owners("former"), func(w *World) { w.evidence.formerOperators = []string{"former"} }), nil},
		{"a password", object(), adoptable(func(w *World) { w.application.Value.Passwords = []string{"k1"} }), []string{notOurs + `it has a password, key ID "k1"`}},
		{"a key", object(), adoptable(func(w *World) { w.application.Value.Keys = []string{"k1"} }), []string{notOurs + `it has a key, key ID "k1"`}},
		{"a federated credential of others", object(), adoptable(fic("github")), []string{
			notOurs + `it has a federated credential that no FederatedCredential here asks for: "github"`,
		}},
		{"a federated credential that a live object asks for", object(), adoptable(fic("k8s-orders"), func(w *World) { w.credentialNames = []string{"k8s-orders"} }), nil},
		{"evidence that Entra does not show yet", object(), adoptable(func(w *World) { w.evidence = evidence{} }), []string{"look again in 5s"}},
		{"a second one with our marks", object(), adoptable(func(w *World) {
			other := w.application.Value
			other.UniqueName, other.ObjectID = secondName, "second"
			w.other = &other
		}), []string{
			"refuse Conflict: two live applications carry this object's marks: k8s.c1.shop.orders-api_0a1b2c3d (object ID second) and " +
				"k8s.c1.shop.orders-api (object ID " + objectID + "): delete one of them in Entra",
		}},
	})
}

func TestOwnership_RecordIsNoEvidence(t *testing.T) {
	t.Parallel()
	obj := object(bound)
	checkDecisions(t, []decisionRow{
		{"our name is enough", obj, recorded(func(w *World) {
			w.application.Value.CreatedByAppID, w.application.Value.Passwords = "eve", []string{"k1"}
		}), nil},
		{"a missing mark is repaired", obj, recorded(untagged(entra.TagNamespaceUID)), []string{"update application: tags"}},
		{"another name", obj, recorded(func(w *World) { w.application.Value.UniqueName = "payroll" }), []string{notOurs + `its unique name is "payroll"`}},
		{"the tags of another object", obj, recorded(tagged(entra.TagObject, "bank/orders-api")), []string{notOurs + `its tags name another owner: "k8s-object:bank/orders-api"`}},
		{"the tags of another cluster", obj, recorded(tagged(entra.TagCluster, "c2")), []string{notOurs + `its tags name another owner: "k8s-cluster:c2"`}},
		{"another directory than the recorded one", obj, with(unknown(), func(w *World) { w.Tenant.ID = "other" }), []string{
			`refuse Conflict: this object is bound to directory ` + tenantID + `, but EntraTenant "corp" is directory other now: ` +
				`name the old directory in it again, or delete and re-create this object`,
		}},
		{"an application that others disabled", obj, recorded(func(w *World) { w.application.Value.Disabled = true }), []string{
			"refuse Disabled: application " + appID + " was disabled in Entra, which the operator never undoes: enable it there",
		}},
		{"a service principal that others disabled", obj, recorded(func(w *World) {
			w.principal.Value.Disabled, w.application.Value.DisplayName = true, "edited"
		}), []string{"refuse Disabled: application " + appID + " was disabled in Entra, which the operator never undoes: enable it there"}},
	})
}

func TestStatus_NothingOfOthersIsRecorded(t *testing.T) {
	t.Parallel()
	status := decide(t, object(), adoptable(tagged(entra.TagObject, "bank/orders-api"))).Object.Status
	if diff := cmp.Diff("", status.ObjectID+status.AppID); diff != "" {
		t.Error("recorded IDs of somebody else's\n" + diff)
	}
}
