package policy

import (
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// IdentifierURI asks for a name of an API. In URI, {appID} stands for the application's own appID, also before it is known.
type IdentifierURI struct {
	Path string
	URI  string
	// AppID of the application; empty where it is not created yet.
	AppID string
}

const appIDPlaceholder = "{appID}"

// String is the URI.
func (u IdentifierURI) String() string { return "identifier URI " + quote(u.URI) }

func (u IdentifierURI) path() string         { return u.Path }
func (u IdentifierURI) identities() []string { return nil }

// resolved fills in the appID, in rules as in the URI; before it is known both keep the placeholder.
func (u IdentifierURI) resolved(text string) string {
	if u.AppID == "" {
		return text
	}
	return strings.ReplaceAll(text, appIDPlaceholder, u.AppID)
}

func (u IdentifierURI) allowedBy(rule *v1alpha1.PolicyRule) bool {
	return rule.IdentifierURI != nil && matchesURI(rule.IdentifierURI, u.resolved, u.URI, isUnder)
}

// deniedBy ignores case, and whatever follows a prefix.
func (u IdentifierURI) deniedBy(rule *v1alpha1.PolicyRule) bool {
	lower := func(text string) string { return strings.ToLower(u.resolved(text)) }
	return rule.IdentifierURI != nil && matchesURI(rule.IdentifierURI, lower, u.URI, beginsWith)
}

// matchesURI compares what spelled makes of the entries and of the URI.
func matchesURI(rule *v1alpha1.IdentifierURIRule, spelled func(string) string, uri string, under func(prefix, uri string) bool) bool {
	return slices.ContainsFunc(rule.URIs, func(entry string) bool { return spelled(entry) == spelled(uri) }) ||
		slices.ContainsFunc(rule.Prefixes, func(entry string) bool { return under(spelled(entry), spelled(uri)) })
}

func (u IdentifierURI) narrowestRule() (v1alpha1.PolicyRule, bool) {
	return v1alpha1.PolicyRule{IdentifierURI: &v1alpha1.IdentifierURIRule{URIs: []string{u.URI}}}, true
}

// isUnder reports whether the URI is the prefix, or goes on where a path segment of it ends and does not climb out again.
func isUnder(prefix, uri string) bool {
	rest := strings.TrimPrefix(uri, prefix)
	return beginsWith(prefix, uri) && !strings.Contains(rest, "..") && !strings.ContainsAny(rest, `\%?#*`)
}

// beginsWith reports whether the URI begins with the prefix, and the prefix does not end within a path segment.
func beginsWith(prefix, uri string) bool {
	rest, found := strings.CutPrefix(uri, prefix)
	return found && prefix != "" && (rest == "" || strings.HasSuffix(prefix, "/") || strings.HasPrefix(rest, "/"))
}

// Deletion asks what shall become of the application when its object is deleted. It is asked while the object lives; once the object is
// being deleted only Purge is, and where that is denied the application goes to Entra's deleted items.
type Deletion struct {
	Path   string
	Policy v1alpha1.DeletionPolicy
}

// String is the deletion policy.
func (d Deletion) String() string { return quote(string(d.Policy)) }

func (d Deletion) path() string         { return d.Path }
func (d Deletion) identities() []string { return nil }

func (d Deletion) allowedBy(rule *v1alpha1.PolicyRule) bool {
	return rule.Delete != nil && slices.Contains(rule.Delete.Policies, d.Policy)
}

func (d Deletion) deniedBy(rule *v1alpha1.PolicyRule) bool { return d.allowedBy(rule) }

func (d Deletion) narrowestRule() (v1alpha1.PolicyRule, bool) {
	return v1alpha1.PolicyRule{Delete: &v1alpha1.DeleteRule{Policies: []v1alpha1.DeletionPolicy{d.Policy}}}, true
}
