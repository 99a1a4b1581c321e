package policy_test

import (
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// permissionAsked is the permission that a request asks for.
type permissionAsked struct {
	api   policy.API
	value string
	// delegated is true where it is for users.
	delegated bool
}

// withheld reports whether its owner lets nobody of this namespace have it.
func (p permissionAsked) withheld() bool {
	return p.api.Namespace != "" && !p.api.OwnNamespace && !p.api.AllowedConsumer
}

func permissionIn(request policy.Request) permissionAsked {
	switch t := request.(type) {
	case policy.Assignment:
		return permissionAsked{api: t.API, value: t.Role}
	case policy.Consent:
		return permissionAsked{api: t.API, value: t.Scope, delegated: true}
	case policy.Declaration:
		return permissionAsked{api: t.API, value: t.Value, delegated: t.Type == v1alpha1.PermissionDelegated}
	default:
		return permissionAsked{}
	}
}

// identityIn is the ID of the principal or client in a request.
func identityIn(request policy.Request) string {
	switch t := request.(type) {
	case policy.Assignment:
		return t.PrincipalID
	case policy.Consent:
		return t.ClientID
	default:
		return ""
	}
}

// isTier0 reports which of the property test's permissions are as good as Global Administrator.
func isTier0(request policy.Request) bool {
	asked := permissionIn(request)
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

// ruleFor gives API and entries of a rule, and reports whether it fits in everything else: principal, users, lifetime.
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
		return (r.Users == v1alpha1.ConsentAll || t.UserID != "") && within(r.MaxDuration, t.Lifetime)
	}
	return r.Users == "" || (r.Users == v1alpha1.ConsentAll) == (t.UserID == "")
}

func assignmentFits(r v1alpha1.AssignRule, t policy.Assignment, allow bool) bool {
	return (!allow || within(r.MaxDuration, t.Lifetime)) && slices.ContainsFunc(r.Principals, func(p v1alpha1.PolicyPrincipal) bool {
		return p.Kind == t.PrincipalKind && p.ObjectID == "" || string(p.ObjectID) == t.PrincipalID && (p.Kind == t.PrincipalKind || !allow)
	})
}

func within(most *metav1.Duration, life time.Duration) bool {
	return most == nil || life > 0 && life <= most.Duration
}
