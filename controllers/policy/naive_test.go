package policy_test

import (
	"net/url"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// naive is the gate once more, from the prose of its design and with no regard for time: over the few words that the property
// test draws from.
type naive struct {
	based  bool
	review policy.Review
}

// judge gives why a request is denied: "own", "deny", "none", or nothing.
func (n naive) judge(request policy.Request) string {
	if n.own(whoIs(request)) {
		return "own"
	}
	var allow, deny []v1alpha1.PolicyRule
	based := n.based && n.inBaseline(request)
	for _, p := range n.counting(false) {
		deny = append(deny, p.Spec.Deny...)
		based = based && p.Spec.Baseline != v1alpha1.BaselineNone
		if n.about(p, false) {
			allow = append(allow, p.Spec.Allow...)
		}
	}
	switch {
	case n.anyRule(deny, request, false):
		return "deny"
	case based, n.anyRule(allow, request, true):
		return ""
	default:
		return "none"
	}
}

// revokes reports whether what is held in excess is taken away.
func (n naive) revokes(request policy.Request) bool {
	return !n.own(whoIs(request)) && (isGrave(request) || slices.ContainsFunc(n.counting(false), func(p v1alpha1.RegistrationPolicy) bool {
		return p.Spec.OnTightening == v1alpha1.TighteningRevoke
	}))
}

// shadows are the policies in Audit that deny it, or that would leave it without the baseline and without a rule.
func (n naive) shadows(request policy.Request) []string {
	var allow []v1alpha1.PolicyRule
	for _, p := range n.counting(false) {
		if n.about(p, false) {
			allow = append(allow, p.Spec.Allow...)
		}
	}
	var by []string
	for _, p := range n.counting(true) {
		taken := p.Spec.Baseline == v1alpha1.BaselineNone && n.based && n.inBaseline(request) &&
			!n.anyRule(slices.Concat(allow, p.Spec.Allow), request, true)
		if taken || n.anyRule(p.Spec.Deny, request, false) {
			by = append(by, p.Name)
		}
	}
	return by
}

// counting are the policies whose denies hold for the ask, either those in Audit or all others.
func (n naive) counting(audit bool) []v1alpha1.RegistrationPolicy {
	return slices.DeleteFunc(slices.Clone(n.review.Policies), func(p v1alpha1.RegistrationPolicy) bool {
		return !n.about(p, true) || (p.Spec.Enforcement == v1alpha1.EnforcementAudit) != audit
	})
}

// about tells whom a policy selects; a selector that cannot be read selects for denies alone.
func (n naive) about(p v1alpha1.RegistrationPolicy, deny bool) bool {
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

func (n naive) own(id string) bool { return id != "" && slices.Contains(n.review.Operator, id) }

// inBaseline is its prose.
func (n naive) inBaseline(request policy.Request) bool {
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
	asked := whatOf(request)
	_, is := request.(policy.Declaration)
	return n.isOpen(asked.api) || is && asked == what{api: msGraph, value: "User.Read", delegated: true}
}

func (n naive) isOpen(api policy.API) bool {
	return !n.own(api.AppID) && (api.OwnNamespace || api.AllowedConsumer)
}

func safe(uri string) bool {
	parsed, _ := url.Parse(uri)
	return parsed.Scheme == "https" && !strings.HasSuffix(parsed.Host, ".github.io") || parsed.Host == "localhost"
}

func (n naive) anyRule(of []v1alpha1.PolicyRule, request policy.Request, allow bool) bool {
	return slices.ContainsFunc(of, func(r v1alpha1.PolicyRule) bool { return n.rule(r, request, allow) })
}

func (n naive) rule(r v1alpha1.PolicyRule, request policy.Request, allow bool) bool {
	switch t := request.(type) {
	case policy.Field:
		return r.Field != nil && r.Field.Path == t.Path && len(r.Field.Values) == 1 && reads(r.Field.Values[0], t.Value, "")
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
	return slices.ContainsFunc(r.Hosts, func(h string) bool { return h == parsed.Host || !exactOnly && reads(h, parsed.Host, ".") })
}

// permission compares API and permission, once all else fits.
func (n naive) permission(rule v1alpha1.PolicyAPI, entries []string, request policy.Request, allow bool) bool {
	asked := whatOf(request)
	if !isAbout(rule, asked.api) || allow && (asked.shut() || n.own(asked.api.AppID) && rule.AppID == "") {
		return false
	}
	patterns := !allow || !isGrave(request)
	return slices.ContainsFunc(entries, func(entry string) bool {
		return entry == readAll || entry == asked.value || patterns && reads(entry, asked.value, ".")
	})
}
