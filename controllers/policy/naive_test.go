package policy_test

import (
	"net/url"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// naive is the gate once more, from the prose of its design and with no regard for time: over the few words that the property
// test draws from.
type naive struct {
	based bool
	ask   policy.Ask
}

// judge gives why a tuple is denied: "own", "deny", "none", or nothing.
func (n naive) judge(tuple policy.Tuple) string {
	who, api := n.names(tuple)
	if slices.ContainsFunc(who, n.own) {
		return "own"
	}
	for _, p := range n.ask.Policies {
		if n.about(p, true) && p.Spec.Enforcement != v1alpha1.EnforcementAudit && n.anyRule(p.Spec.Deny, tuple, false) {
			return "deny"
		}
	}
	based := n.based && n.inBaseline(tuple) && !n.own(api)
	for _, p := range n.ask.Policies {
		if p.Spec.Enforcement == v1alpha1.EnforcementAudit || !n.about(p, true) {
			continue
		}
		based = based && p.Spec.Baseline != v1alpha1.BaselineNone
	}
	for _, p := range n.ask.Policies {
		if p.Spec.Enforcement != v1alpha1.EnforcementAudit && n.about(p, false) && n.anyRule(p.Spec.Allow, tuple, true) {
			return ""
		}
	}
	if based {
		return ""
	}
	return "none"
}

// revokes tells whether what is held in excess is taken away.
func (n naive) revokes(tuple policy.Tuple) bool {
	if who, _ := n.names(tuple); slices.ContainsFunc(who, n.own) {
		return false
	}
	return graveTuple(tuple) || slices.ContainsFunc(n.ask.Policies, func(p v1alpha1.RegistrationPolicy) bool {
		return p.Spec.Enforcement != v1alpha1.EnforcementAudit && n.about(p, true) && p.Spec.OnTightening == v1alpha1.TighteningRevoke
	})
}

// shadows are the policies in Audit that would turn a yes of the allowing side into a no, or that deny it.
func (n naive) shadows(tuple policy.Tuple) []string {
	var by []string
	for _, p := range n.ask.Policies {
		if p.Spec.Enforcement != v1alpha1.EnforcementAudit || !n.about(p, true) {
			continue
		}
		_, api := n.names(tuple)
		rules := slices.Clone(p.Spec.Allow)
		for _, q := range n.ask.Policies {
			if q.Spec.Enforcement != v1alpha1.EnforcementAudit && n.about(q, false) {
				rules = append(rules, q.Spec.Allow...)
			}
		}
		taken := p.Spec.Baseline == v1alpha1.BaselineNone && n.based && n.inBaseline(tuple) && !n.own(api) && !n.anyRule(rules, tuple, true)
		if taken || n.anyRule(p.Spec.Deny, tuple, false) {
			by = append(by, p.Name)
		}
	}
	return by
}

func (n naive) own(id string) bool { return id != "" && slices.Contains(n.ask.Operator, id) }

// about tells whom a policy selects; a selector that cannot be read selects for denies alone.
func (n naive) about(p v1alpha1.RegistrationPolicy, deny bool) bool {
	if p.Spec.Tenants != nil && !slices.Contains(p.Spec.Tenants, n.ask.Tenant) {
		return false
	}
	if s := p.Spec.Namespaces.Selector; s != nil {
		if _, err := metav1.LabelSelectorAsSelector(s); err != nil {
			return deny
		}
	}
	return p.Spec.Namespaces.Selects(n.ask.Namespace, n.ask.Labels)
}

func (n naive) names(tuple policy.Tuple) (who []string, api string) {
	switch t := tuple.(type) {
	case policy.Assignment:
		return []string{t.PrincipalID}, t.API.AppID
	case policy.Consent:
		return []string{t.ClientID}, t.API.AppID
	case policy.Declaration:
		return nil, t.API.AppID
	default:
		return nil, ""
	}
}

// inBaseline is its prose.
func (n naive) inBaseline(tuple policy.Tuple) bool {
	switch t := tuple.(type) {
	case policy.Field:
		return t.Path == "spec.displayName" || t.Path == "spec.signInAudience" && t.Value == "AzureADMyOrg"
	case policy.Redirect:
		parsed, _ := url.Parse(t.URI)
		return parsed.Scheme == "https" && !strings.HasSuffix(parsed.Host, ".github.io") || parsed.Host == "localhost"
	case policy.Deletion:
		return t.Policy == v1alpha1.DeletionOrphan || t.Policy == v1alpha1.DeletionDelete && !t.Adopted
	case policy.Declaration:
		return t.API.OwnNamespace || t.API.AllowedConsumer ||
			t.API.AppID == msGraph.AppID && t.Type == v1alpha1.PermissionDelegated && t.Value == "User.Read"
	case policy.Consent:
		return t.API.OwnNamespace || t.API.AllowedConsumer
	case policy.Assignment:
		return t.PrincipalKind == v1alpha1.PrincipalAppRegistration && (t.API.OwnNamespace || t.API.AllowedConsumer)
	default:
		return false
	}
}

func (n naive) anyRule(of []v1alpha1.PolicyRule, tuple policy.Tuple, allow bool) bool {
	return slices.ContainsFunc(of, func(r v1alpha1.PolicyRule) bool { return n.rule(r, tuple, allow) })
}

func (n naive) rule(r v1alpha1.PolicyRule, tuple policy.Tuple, allow bool) bool {
	switch t := tuple.(type) {
	case policy.Field:
		return r.Field != nil && r.Field.Path == t.Path && (slices.Contains(r.Field.Values, t.Value) || slices.Contains(r.Field.Values, "*"))
	case policy.Redirect:
		return r.Redirect != nil && n.redirect(*r.Redirect, t, allow)
	case policy.Deletion:
		return r.Delete != nil && slices.Contains(r.Delete.Policies, t.Policy) && (!allow || r.Delete.Adopted == t.Adopted)
	case policy.Declaration:
		if r.Declare == nil {
			return false
		}
		entries := r.Declare.Delegated
		if t.Type == v1alpha1.PermissionApplication {
			entries = r.Declare.Application
		}
		return n.permission(r.Declare.API, t.API, entries, t.ID, t.Value, graveTuple(t), allow)
	case policy.Consent:
		return r.Consent != nil && n.consent(*r.Consent, t, allow)
	case policy.Assignment:
		return r.Assign != nil && n.assign(*r.Assign, t, allow)
	default:
		return false
	}
}

func (n naive) redirect(r v1alpha1.RedirectRule, t policy.Redirect, allow bool) bool {
	parsed, _ := url.Parse(t.URI)
	exactOnly := allow && (strings.HasSuffix(parsed.Host, ".github.io") || parsed.Host == "localhost")
	if len(r.Platforms) > 0 && !slices.Contains(r.Platforms, t.Platform) {
		return false
	}
	if allow && parsed.Scheme != "https" && parsed.Host != "localhost" {
		return false
	}
	return slices.ContainsFunc(r.Hosts, func(h string) bool { return h == parsed.Host || !exactOnly && reads(h, parsed.Host, ".") })
}

func (n naive) consent(r v1alpha1.ConsentRule, t policy.Consent, allow bool) bool {
	var users bool
	if allow {
		users = (r.Users == v1alpha1.ConsentAll || t.UserID != "") && inTime(r.MaxDuration, t.Lifetime)
	} else {
		users = r.Users == "" || (r.Users == v1alpha1.ConsentAll) == (t.UserID == "")
	}
	return users && n.permission(r.API, t.API, r.Scopes, t.ScopeID, t.Scope, graveTuple(t), allow)
}

func (n naive) assign(r v1alpha1.AssignRule, t policy.Assignment, allow bool) bool {
	principal := slices.ContainsFunc(r.Principals, func(p v1alpha1.PolicyPrincipal) bool {
		return p.Kind == t.PrincipalKind && p.ObjectID == "" || p.ObjectID == t.PrincipalID && (p.Kind == t.PrincipalKind || !allow)
	})
	return principal && (!allow || inTime(r.MaxDuration, t.Lifetime)) &&
		n.permission(r.API, t.API, r.Roles, t.RoleID, t.Role, graveTuple(t), allow)
}

func inTime(most *metav1.Duration, life time.Duration) bool {
	return most == nil || life > 0 && life <= most.Duration
}

func (n naive) permission(rule v1alpha1.PolicyAPI, api policy.API, entries []string, id, value string, grave, allow bool) bool {
	if allow && api.Namespace != "" && !api.OwnNamespace && !api.AllowedConsumer || allow && n.own(api.AppID) && rule.AppID == "" {
		return false
	}
	about := rule.OwnNamespace && api.OwnNamespace || rule.AllowedConsumer && api.AllowedConsumer ||
		rule.AppID != "" && rule.AppID == api.AppID || rule.WellKnown == v1alpha1.MicrosoftGraph && api.AppID == msGraph.AppID ||
		rule.AppRegistrationRef != nil && api.Name != "" && *rule.AppRegistrationRef == v1alpha1.PolicyAppRegistration{Namespace: api.Namespace, Name: api.Name}
	return about && slices.ContainsFunc(entries, func(entry string) bool {
		return entry == id || entry == value || (!grave || !allow) && reads(entry, value, ".")
	})
}

// graveTuple knows what of the property test's words is as good as Global Administrator.
func graveTuple(tuple policy.Tuple) bool {
	switch t := tuple.(type) {
	case policy.Assignment:
		return t.API.AppID == legacy.AppID || t.API.AppID == msGraph.AppID && t.Role == "User.ReadWrite.All"
	case policy.Declaration:
		if t.Type == v1alpha1.PermissionDelegated {
			return t.API.AppID == legacy.AppID || t.API.AppID == msGraph.AppID && t.Value == "Directory.AccessAsUser.All"
		}
		return t.API.AppID == legacy.AppID || t.API.AppID == msGraph.AppID && t.Value == "User.ReadWrite.All"
	case policy.Consent:
		return t.API.AppID == legacy.AppID || t.API.AppID == msGraph.AppID && t.Scope == "Directory.AccessAsUser.All"
	default:
		return false
	}
}
