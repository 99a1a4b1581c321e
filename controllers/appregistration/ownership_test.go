package appregistration

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// retag replaces the value of one of our marks.
func retag(prefix, value string) func(*World) {
	return func(w *World) {
		tags := slices.Clone(w.application.Value.Tags)
		for i, tag := range tags {
			if strings.HasPrefix(tag, prefix) {
				tags[i] = prefix + value
			}
		}
		w.application.Value.Tags = tags
	}
}

func untag(prefix string) func(*World) {
	return func(w *World) {
		w.application.Value.Tags = slices.DeleteFunc(slices.Clone(w.application.Value.Tags), func(tag string) bool {
			return strings.HasPrefix(tag, prefix)
		})
	}
}

const notOurs = "refuse Conflict: application k8s.c1.shop.orders-api (object ID " + objectID + ") is not this object's: "

// found by name, without a record: a takeover.
func found(edits ...func(*World)) World { return with(byItsName(settled(object())), edits...) }

// known by its recorded object ID.
func known(edits ...func(*World)) World { return with(settled(object()), edits...) }

func TestAnApplicationWithoutARecordIsTakenOverOnlyIfClean(t *testing.T) {
	t.Parallel()
	fic := func(name string) func(*World) {
		return func(w *World) {
			w.evidence.trust = entra.Present(entra.Trust{Credentials: []entra.FederatedCredential{{Name: name}}})
		}
	}
	owners := func(ids ...string) func(*World) { return func(w *World) { w.evidence.owners = entra.Present(ids) } }
	creator := func(appID string) func(*World) { return func(w *World) { w.application.Value.CreatedByAppID = appID } }
	play(t, []scene{
		{"a clean one is taken over", object(), found(), nil},
		{"another cluster's", object(), found(retag(entra.TagCluster, "c2")), []string{notOurs + `its tags name another owner: "k8s-cluster:c2"`}},
		{"a clone's of this cluster", object(), found(retag(entra.TagClusterUID, "ffff")), []string{notOurs + `its tags name another owner: "k8s-cluster-uid:ffff"`}},
		{"one of this cluster before it was restored", object(), found(retag(entra.TagClusterUID, "former"), func(w *World) {
			w.Tenant.ClusterUIDs = []string{"0123456789abcdef", "former"}
		}), []string{"update application: tags"}},
		{"another namespace's", object(), found(retag(entra.TagObject, "bank/orders-api")), []string{notOurs + `its tags name another owner: "k8s-object:bank/orders-api"`}},
		{"that of a namespace that was deleted and made again", object(), found(retag(entra.TagNamespaceUID, "before")), []string{notOurs + `its tags name another owner: "k8s-namespace-uid:before"`}},
		{"a squatted name without our tags", object(), found(func(w *World) { w.application.Value.Tags = nil }), []string{
			notOurs + "it has no tag managed-by:entra-registrar; it has no tag k8s-cluster:c1; it has no tag k8s-cluster-uid:0123456789abcdef; " +
				"it has no tag k8s-namespace-uid:ns-uid; it has no tag k8s-object:shop/orders-api",
		}},
		{"tags that name two owners", object(), found(func(w *World) {
			w.application.Value.Tags = append(slices.Clone(w.application.Value.Tags), "k8s-object:bank/orders-api")
		}), []string{notOurs + `its tags name another owner: "k8s-object:shop/orders-api k8s-object:bank/orders-api"`}},
		{"forged tags on somebody else's", object(), found(creator("eve")), []string{notOurs + `it was created by application "eve"`}},
		{"one that a former identity of ours created", object(), found(creator("former"), func(w *World) {
			w.Tenant.ClientIDs = []string{operatorApp, "former"}
		}), nil},
		{"one without a creator, where we are an owner", object(), found(creator("")), nil},
		{"one without a creator, where we are no owner", object(), found(creator(""), owners()), []string{
			notOurs + "Entra does not say who created it, and the operator is not its owner",
		}},
		{"forged creator and tags, but another owner", object(), found(owners("eve")), []string{notOurs + `it has an owner that is not the operator: "eve"`}},
		{"another owner beside us", object(), found(owners(operatorID, "eve")), []string{notOurs + `it has an owner that is not the operator: "eve"`}},
		{"the principal of a former identity as owner", object(), found(owners("former"), func(w *World) { w.evidence.kin = []string{"former"} }), nil},
		{"a password", object(), found(func(w *World) { w.application.Value.Passwords = []string{"k1"} }), []string{notOurs + `it has a password, key ID "k1"`}},
		{"a key", object(), found(func(w *World) { w.application.Value.Keys = []string{"k1"} }), []string{notOurs + `it has a key, key ID "k1"`}},
		{"a federated credential of others", object(), found(fic("github")), []string{
			notOurs + `it has a federated credential that no FederatedCredential here asks for: "github"`,
		}},
		{"a federated credential that a live object asks for", object(), found(fic("k8s-orders"), func(w *World) { w.asked = []string{"k8s-orders"} }), nil},
		{"evidence that Entra does not show yet", object(), found(func(w *World) { w.evidence = evidence{} }), []string{"look again in 5s"}},
		{"a second one with our marks", object(), found(func(w *World) {
			w.twin = &entra.Application{UniqueName: secondName, ObjectID: "twin"}
		}), []string{
			"refuse Conflict: two live applications carry this object's marks: k8s.c1.shop.orders-api_0a1b2c3d (object ID twin) and " +
				"k8s.c1.shop.orders-api (object ID " + objectID + "): delete one of them in Entra",
		}},
	})
}

func TestARecordIsAHintAndNoEvidence(t *testing.T) {
	t.Parallel()
	obj := object(bound)
	play(t, []scene{
		{"our name is enough", obj, known(func(w *World) {
			w.application.Value.CreatedByAppID, w.application.Value.Passwords = "eve", []string{"k1"}
		}), nil},
		{"a missing mark is repaired", obj, known(untag(entra.TagNamespaceUID)), []string{"update application: tags"}},
		{"another name", obj, known(func(w *World) { w.application.Value.UniqueName = "payroll" }), []string{notOurs + `its unique name is "payroll"`}},
		{"the tags of another object", obj, known(retag(entra.TagObject, "bank/orders-api")), []string{notOurs + `its tags name another owner: "k8s-object:bank/orders-api"`}},
		{"the tags of another cluster", obj, known(retag(entra.TagCluster, "c2")), []string{notOurs + `its tags name another owner: "k8s-cluster:c2"`}},
		{"another directory than the recorded one", obj, World{Basis: func() (b World) { b.Basis = basis(); b.Tenant.ID = "elsewhere"; return }().Basis}, []string{
			`refuse Conflict: this object is bound to directory ` + tenantID + `, but EntraTenant "corp" is directory elsewhere now: ` +
				`name the old directory in it again, or delete and re-create this object`,
		}},
		{"an application that others disabled", obj, known(func(w *World) { w.application.Value.Disabled = true }), []string{
			"refuse Disabled: application " + appID + " was disabled in Entra, which the operator never undoes: enable it there",
		}},
		{"a service principal that others disabled", obj, known(func(w *World) {
			w.principal.Value.Disabled, w.application.Value.DisplayName = true, "edited"
		}), []string{"refuse Disabled: application " + appID + " was disabled in Entra, which the operator never undoes: enable it there"}},
	})
}

func TestNothingOfAStrangerIsRecorded(t *testing.T) {
	t.Parallel()
	obj := object()
	kind().Record(obj, found(retag(entra.TagObject, "bank/orders-api")))
	if diff := cmp.Diff("", obj.Status.ObjectID+obj.Status.AppID); diff != "" {
		t.Error("recorded IDs of a stranger\n" + diff)
	}
}
