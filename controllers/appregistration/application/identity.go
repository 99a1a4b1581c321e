package application

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"

	"github.com/google/uuid"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
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

// Identity is what an object is called in Entra, known before anything is created.
type Identity struct {
	Tenant binding.Tenant
	// First unique name, and Second for when a deleted application keeps the first.
	First, Second string
	// object and namespaceUID as tags carry them.
	object, namespaceUID string
}

// Identify an object.
func Identify(obj *v1alpha1.AppRegistration, in binding.Binding) Identity {
	id := Identity{
		Tenant: in.Tenant, First: uniqueName(in.Tenant.ClusterID, obj.Namespace, obj.Name),
		object: obj.Namespace + "/" + obj.Name, namespaceUID: in.Namespace.UID,
	}
	uid := string(obj.UID)
	id.Second = id.First + "_" + uid[:min(8, len(uid))]
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
func (id Identity) entitlementID(list, value string) string {
	return uuid.NewSHA1(entitlements, []byte(id.First+"/"+list+"/"+value)).String()
}

// Names reports whether a unique name is one of this object's.
func (id Identity) Names(uniqueName string) bool {
	return uniqueName == id.First || uniqueName == id.Second
}

// OwnerTag is a tag of ours with the values that are right; the first is what we write.
type OwnerTag struct {
	Prefix string
	Values []string
}

// OwnerTags say whose an application is.
func (id Identity) OwnerTags() []OwnerTag {
	return []OwnerTag{
		{entra.TagManagedBy, []string{v1alpha1.FieldManager}},
		{entra.TagCluster, []string{id.Tenant.ClusterID}},
		{entra.TagClusterUID, id.Tenant.ClusterUIDs},
		{entra.TagNamespaceUID, []string{id.namespaceUID}},
		{entra.TagObject, []string{id.object}},
	}
}

// tags are the OwnerTags as we write them.
func (id Identity) tags() []string {
	var tags []string
	for _, owner := range id.OwnerTags() {
		tags = append(tags, owner.Prefix+owner.Values[0])
	}
	return tags
}
