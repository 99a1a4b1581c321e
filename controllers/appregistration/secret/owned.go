package secret

import (
	"encoding/json"
	"maps"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// ownedFields are those that our field manager owns in a Secret, in the form of managedFields: keys carry the prefix f:.
type ownedFields struct {
	Data     map[string]json.RawMessage `json:"f:data"`
	Metadata struct {
		Labels      map[string]json.RawMessage `json:"f:labels"`
		Annotations map[string]json.RawMessage `json:"f:annotations"`
	} `json:"f:metadata"`
}

func ownedIn(secret *corev1.Secret) ownedFields {
	var owned ownedFields
	for _, entry := range secret.ManagedFields {
		if entry.Manager == v1alpha1.FieldManager && entry.FieldsV1 != nil {
			if err := json.Unmarshal(entry.FieldsV1.GetRawBytes(), &owned); err != nil {
				return ownedFields{} // not ours to understand: then nothing needs to be taken back
			}
		}
	}
	return owned
}

// allWanted reports whether every owned key is still wanted.
func allWanted[T any](owned map[string]json.RawMessage, want map[string]T) bool {
	for field := range owned {
		key, isKey := strings.CutPrefix(field, "f:")
		if _, wanted := want[key]; isKey && !wanted {
			return false
		}
	}
	return true
}

// replaceOwned takes owned keys out of a map and lays the wanted ones over the rest.
func replaceOwned[T any](have map[string]T, owned map[string]json.RawMessage, want map[string]T) map[string]T {
	next := map[string]T{}
	for key, value := range have {
		if _, ours := owned["f:"+key]; !ours {
			next[key] = value
		}
	}
	maps.Copy(next, want)
	return next
}
