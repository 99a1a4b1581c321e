package appregistration

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"

	"github.com/google/uuid"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// maxUniqueName in characters. Entra documents no limit; longer names are hashed.
const maxUniqueName = 120

// entitlements is the UUID namespace of scope and role IDs. It must never change.
var entitlements = uuid.MustParse("bce74ba4-d8f1-4dd9-a807-604c7f9ca553")

// The lists that an entitlement can be in, as its ID is derived from them.
const (
	listScopes   = "scopes"
	listAppRoles = "appRoles"
)

// identity is what an object is called in Entra, known before anything is created.
type identity struct {
	tenant engine.Tenant
	// first unique name, and second for when a deleted application keeps the first.
	first, second string
	// object and namespaceUID as tags carry them.
	object, namespaceUID string
}

func identify(obj *v1alpha1.AppRegistration, basis engine.Basis) identity {
	id := identity{
		tenant: basis.Tenant, first: uniqueName(basis.Tenant.ClusterID, obj.Namespace, obj.Name),
		object: obj.Namespace + "/" + obj.Name, namespaceUID: basis.Namespace.UID,
	}
	uid := string(obj.UID)
	id.second = id.first + "_" + uid[:min(8, len(uid))]
	return id
}

func uniqueName(clusterID, namespace, name string) string {
	full := "k8s." + clusterID + "." + namespace + "." + name
	if len(full) <= maxUniqueName {
		return full
	}
	sum := sha256.Sum256([]byte(namespace + "/" + name))
	return "k8s." + clusterID + "." + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:26]
}

// entitlementID is the ID that a scope or role gets where the spec gives none: the same under both names.
func (id identity) entitlementID(list, value string) string {
	return uuid.NewSHA1(entitlements, []byte(id.first+"/"+list+"/"+value)).String()
}

// named tells whether a unique name is one of this object's.
func (id identity) named(uniqueName string) bool {
	return uniqueName == id.first || uniqueName == id.second
}

// mark is a tag of ours with the values that are right; the first is what we write.
type mark struct {
	prefix string
	values []string
}

func (id identity) marks() []mark {
	return []mark{
		{entra.TagManagedBy, []string{v1alpha1.FieldManager}},
		{entra.TagCluster, []string{id.tenant.ClusterID}},
		{entra.TagClusterUID, id.tenant.ClusterUIDs},
		{entra.TagNamespaceUID, []string{id.namespaceUID}},
		{entra.TagObject, []string{id.object}},
	}
}

// tags that say whose the application is.
func (id identity) tags() []string {
	var tags []string
	for _, m := range id.marks() {
		tags = append(tags, m.prefix+m.values[0])
	}
	return tags
}
