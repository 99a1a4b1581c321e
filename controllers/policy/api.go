package policy

import (
	"cmp"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// API is the API that a permission belongs to. A well-known name, an appID and a reference to an AppRegistration that mean the same API
// must resolve to the same value here.
type API struct {
	// AppID and ObjectID (of the service principal) in Entra.
	AppID, ObjectID string
	// Namespace and Name of the AppRegistration that describes it; empty where none does.
	Namespace, Name string
	// OwnNamespace is true where that is in the asking object's own namespace.
	OwnNamespace bool
	// AllowedConsumer is true where it is in another namespace, and its allowedConsumers lets the asking object's namespace have just
	// this permission, for this kind of principal.
	AllowedConsumer bool
}

// withheld reports whether it is an AppRegistration of another namespace whose owner has not consented. No rule stands in for that.
func (a API) withheld() bool { return a.Namespace != "" && !a.OwnNamespace && !a.AllowedConsumer }

// matches reports whether that part of a rule is about it.
func (a API) matches(rule v1alpha1.PolicyAPI) bool {
	switch {
	case rule.OwnNamespace:
		return a.OwnNamespace
	case rule.AllowedConsumer:
		return a.AllowedConsumer && !a.OwnNamespace
	case rule.AppRegistrationRef != nil:
		return a.Name != "" && a.Namespace == rule.AppRegistrationRef.Namespace && a.Name == rule.AppRegistrationRef.Name
	default:
		id := appIDOf(rule)
		return id != "" && strings.EqualFold(id, a.AppID)
	}
}

// appIDOf an API that a rule names as one of Microsoft's, or by its appID.
func appIDOf(api v1alpha1.PolicyAPI) string {
	return cmp.Or(string(api.AppID), entra.WellKnown(string(api.WellKnown)))
}

// String is its well-known name, else the AppRegistration, else the appID.
func (a API) String() string {
	if name := entra.WellKnownName(a.AppID); name != "" {
		return name
	}
	if a.Name != "" {
		return a.Namespace + "/" + a.Name
	}
	return a.AppID
}

// narrowestRule is the narrowest part of a rule that is about it; false where there is none.
func (a API) narrowestRule() (v1alpha1.PolicyAPI, bool) {
	switch {
	case a.withheld():
		return v1alpha1.PolicyAPI{}, false
	case a.Name != "":
		return v1alpha1.PolicyAPI{AppRegistrationRef: &v1alpha1.PolicyAppRegistration{Namespace: a.Namespace, Name: a.Name}}, true
	case a.OwnNamespace:
		return v1alpha1.PolicyAPI{OwnNamespace: true}, true
	case entra.WellKnownName(a.AppID) != "":
		return v1alpha1.PolicyAPI{WellKnown: v1alpha1.WellKnownAPI(entra.WellKnownName(a.AppID))}, true
	default:
		return v1alpha1.PolicyAPI{AppID: v1alpha1.GUID(strings.ToLower(a.AppID))}, a.AppID != ""
	}
}

// apiOf is the part of a rule that names APIs; nil where it has none.
func apiOf(rule *v1alpha1.PolicyRule) *v1alpha1.PolicyAPI {
	switch {
	case rule.Declare != nil:
		return &rule.Declare.API
	case rule.Consent != nil:
		return &rule.Consent.API
	case rule.Assign != nil:
		return &rule.Assign.API
	default:
		return nil
	}
}
