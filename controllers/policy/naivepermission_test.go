package policy_test

import (
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// what a request asks for, where that is a permission.
type what struct {
	api   policy.API
	value string
	// delegated : for users.
	delegated bool
}

// shut : its owner lets nobody of this namespace have it.
func (w what) shut() bool {
	return w.api.Namespace != "" && !w.api.OwnNamespace && !w.api.AllowedConsumer
}

func whatOf(request policy.Request) what {
	switch t := request.(type) {
	case policy.Assignment:
		return what{api: t.API, value: t.Role}
	case policy.Consent:
		return what{api: t.API, value: t.Scope, delegated: true}
	case policy.Declaration:
		return what{api: t.API, value: t.Value, delegated: t.Type == v1alpha1.PermissionDelegated}
	default:
		return what{}
	}
}

// whoIs given it, or uses it.
func whoIs(request policy.Request) string {
	switch t := request.(type) {
	case policy.Assignment:
		return t.PrincipalID
	case policy.Consent:
		return t.ClientID
	default:
		return ""
	}
}

// isGrave knows what of the property test's words is as good as Global Administrator.
func isGrave(request policy.Request) bool {
	asked := whatOf(request)
	tier0 := "User.ReadWrite.All"
	if asked.delegated {
		tier0 = "Directory.AccessAsUser.All"
	}
	return asked.api.AppID == legacy.AppID || asked.api.AppID == msGraph.AppID && asked.value == tier0
}

func isAbout(rule v1alpha1.PolicyAPI, api policy.API) bool {
	if ref := rule.AppRegistrationRef; ref != nil {
		return *ref == v1alpha1.PolicyAppRegistration{Namespace: api.Namespace, Name: api.Name}
	}
	return rule.OwnNamespace && api.OwnNamespace || rule.AllowedConsumer && api.AllowedConsumer ||
		rule.AppID != "" && string(rule.AppID) == api.AppID || rule.WellKnown == v1alpha1.MicrosoftGraph && api.AppID == msGraph.AppID
}

// ruleFor gives API and entries of a rule that fits in all else: principal, users, lifetime.
func ruleFor(r v1alpha1.PolicyRule, request policy.Request, allow bool) (v1alpha1.PolicyAPI, []string, bool) {
	switch t := request.(type) {
	case policy.Declaration:
		if r.Declare == nil {
			break
		}
		if t.Type == v1alpha1.PermissionApplication {
			return r.Declare.API, r.Declare.Application, true
		}
		return r.Declare.API, r.Declare.Delegated, true
	case policy.Consent:
		if r.Consent != nil {
			return r.Consent.API, r.Consent.Scopes, consentFits(*r.Consent, t, allow)
		}
	case policy.Assignment:
		if r.Assign != nil {
			return r.Assign.API, r.Assign.Roles, assignmentFits(*r.Assign, t, allow)
		}
	}
	return v1alpha1.PolicyAPI{}, nil, false
}

func consentFits(r v1alpha1.ConsentRule, t policy.Consent, allow bool) bool {
	if allow {
		return (r.Users == v1alpha1.ConsentAll || t.UserID != "") && inTime(r.MaxDuration, t.Lifetime)
	}
	return r.Users == "" || (r.Users == v1alpha1.ConsentAll) == (t.UserID == "")
}

func assignmentFits(r v1alpha1.AssignRule, t policy.Assignment, allow bool) bool {
	return (!allow || inTime(r.MaxDuration, t.Lifetime)) && slices.ContainsFunc(r.Principals, func(p v1alpha1.PolicyPrincipal) bool {
		return p.Kind == t.PrincipalKind && p.ObjectID == "" || string(p.ObjectID) == t.PrincipalID && (p.Kind == t.PrincipalKind || !allow)
	})
}

func inTime(most *metav1.Duration, life time.Duration) bool {
	return most == nil || life > 0 && life <= most.Duration
}
