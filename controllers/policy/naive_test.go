package policy_test

import (
	"net/url"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// naiveGate is the gate once more, written from its design without regard for speed, and only for the few values that the property test
// draws from.
type naiveGate struct {
	hasBaseline bool
	review      policy.Review
}

// denial says why a request is denied: "own", "deny" or "none"; empty where it is allowed.
func (n naiveGate) denial(request policy.Request) string {
	if n.own(identityIn(request)) {
		return "own"
	}
	var allow, deny []v1alpha1.PolicyRule
	hasBaseline := n.hasBaseline && n.inBaseline(request)
	for _, p := range n.counting(false) {
		deny = append(deny, p.Spec.Deny...)
		hasBaseline = hasBaseline && p.Spec.Baseline != v1alpha1.BaselineNone
		if n.about(p, false) {
			allow = append(allow, p.Spec.Allow...)
		}
	}
	switch {
	case n.anyRule(deny, request, false):
		return "deny"
	case hasBaseline, n.anyRule(allow, request, true):
		return ""
	default:
		return "none"
	}
}

// revokes reports whether what is held in excess is taken away.
func (n naiveGate) revokes(request policy.Request) bool {
	return !n.own(identityIn(request)) && (isTier0(request) || slices.ContainsFunc(n.counting(false), func(p v1alpha1.RegistrationPolicy) bool {
		return p.Spec.OnTightening == v1alpha1.TighteningRevoke
	}))
}

// wouldDeny are the policies in Audit that deny it, or that would leave it without the baseline and without a rule.
func (n naiveGate) wouldDeny(request policy.Request) []string {
	var allow []v1alpha1.PolicyRule
	for _, p := range n.counting(false) {
		if n.about(p, false) {
			allow = append(allow, p.Spec.Allow...)
		}
	}
	var by []string
	for _, p := range n.counting(true) {
		taken := p.Spec.Baseline == v1alpha1.BaselineNone && n.hasBaseline && n.inBaseline(request) &&
			!n.anyRule(slices.Concat(allow, p.Spec.Allow), request, true)
		if taken || n.anyRule(p.Spec.Deny, request, false) {
			by = append(by, p.Name)
		}
	}
	return by
}

// counting are the policies whose denies hold for the review: either those in Audit or all others.
func (n naiveGate) counting(audit bool) []v1alpha1.RegistrationPolicy {
	return slices.DeleteFunc(slices.Clone(n.review.Policies), func(p v1alpha1.RegistrationPolicy) bool {
		return !n.about(p, true) || (p.Spec.Enforcement == v1alpha1.EnforcementAudit) != audit
	})
}

// about reports whether a policy selects the object. With a selector that cannot be read only its denies hold.
func (n naiveGate) about(p v1alpha1.RegistrationPolicy, deny bool) bool {
	if p.Spec.Tenants != nil && !slices.Contains(p.Spec.Tenants, n.review.Tenant) {
		return false
	}
	if s := p.Spec.Namespaces.Selector; s != nil {
		if _, err := metav1.LabelSelectorAsSelector(s); err != nil {
			return deny
		}
	}
	return p.Spec.Namespaces.Selects(n.review.Namespace, n.review.Labels)
}

func (n naiveGate) own(id string) bool { return id != "" && slices.Contains(n.review.Operator, id) }

// inBaseline is the baseline as the manual has it.
func (n naiveGate) inBaseline(request policy.Request) bool {
	switch t := request.(type) {
	case policy.Field:
		return slices.Contains([]string{"spec.displayName=x", "spec.displayName=AzureADMyOrg", "spec.signInAudience=AzureADMyOrg"}, t.Path+"="+t.Value)
	case policy.Redirect:
		return safe(t.URI)
	case policy.Deletion:
		return t.Policy != v1alpha1.DeletionPurge
	case policy.Assignment:
		return t.PrincipalKind == v1alpha1.PrincipalAppRegistration && n.isOpen(t.API)
	}
	asked := permissionIn(request)
	_, is := request.(policy.Declaration)
	return n.isOpen(asked.api) || is && asked == permissionAsked{api: msGraph, value: "User.Read", delegated: true}
}

func (n naiveGate) isOpen(api policy.API) bool {
	return !n.own(api.AppID) && (api.OwnNamespace || api.AllowedConsumer)
}

func safe(uri string) bool {
	parsed, _ := url.Parse(uri)
	return parsed.Scheme == "https" && !strings.HasSuffix(parsed.Host, ".github.io") || parsed.Host == "localhost"
}

func (n naiveGate) anyRule(of []v1alpha1.PolicyRule, request policy.Request, allow bool) bool {
	return slices.ContainsFunc(of, func(r v1alpha1.PolicyRule) bool { return n.rule(r, request, allow) })
}

func (n naiveGate) rule(r v1alpha1.PolicyRule, request policy.Request, allow bool) bool {
	switch t := request.(type) {
	case policy.Field:
		return r.Field != nil && r.Field.Path == t.Path && len(r.Field.Values) == 1 && naiveMatch(r.Field.Values[0], t.Value, "")
	case policy.Redirect:
		return r.Redirect != nil && redirects(*r.Redirect, t, allow)
	case policy.Deletion:
		return r.Delete != nil && slices.Contains(r.Delete.Policies, t.Policy)
	}
	api, entries, is := ruleFor(r, request, allow)
	return is && n.permission(api, entries, request, allow)
}

func redirects(r v1alpha1.RedirectRule, t policy.Redirect, allow bool) bool {
	parsed, _ := url.Parse(t.URI)
	exactOnly := allow && (strings.HasSuffix(parsed.Host, ".github.io") || parsed.Host == "localhost")
	if len(r.Platforms) > 0 && !slices.Contains(r.Platforms, t.Platform) {
		return false
	}
	if allow && parsed.Scheme != "https" && parsed.Host != "localhost" {
		return false
	}
	return slices.ContainsFunc(r.Hosts, func(h string) bool { return h == parsed.Host || !exactOnly && naiveMatch(h, parsed.Host, ".") })
}

// permission compares API and permission, where everything else fits.
func (n naiveGate) permission(rule v1alpha1.PolicyAPI, entries []string, request policy.Request, allow bool) bool {
	asked := permissionIn(request)
	if !isAbout(rule, asked.api) || allow && (asked.withheld() || n.own(asked.api.AppID) && rule.AppID == "") {
		return false
	}
	patterns := !allow || !isTier0(request)
	return slices.ContainsFunc(entries, func(entry string) bool {
		return entry == readAll || entry == asked.value || patterns && naiveMatch(entry, asked.value, ".")
	})
}
