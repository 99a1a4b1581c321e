package policy

import (
	"regexp"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// gitHubIssuer issues the tokens of GitHub Actions.
const gitHubIssuer = "https://token.actions.githubusercontent.com"

// workflow is a workflow of a repository, as the subject of its tokens tells.
type workflow struct {
	organization, repository string
	// runsFor is environment, heads, tags or pull_request, as the subject has it.
	runsFor string
	// name of the environment, the branch or the tag.
	name string
	// exact is true where the subject says no more than this: repositories can add claims to it.
	exact bool
}

// subjectForm has two spellings: repo:example/web:… and, where the repository is set to it, repo:example@12/web@34:…, with numbers
// that nobody gets again after a rename. Names cannot hold an @, so the one is never taken for the other.
var subjectForm = regexp.MustCompile(`(?s)^repo:([A-Za-z0-9_-]+)(?:@[0-9]+/([A-Za-z0-9._-]+)@[0-9]+|/([A-Za-z0-9._-]+)):` +
	`(?:(environment):|ref:refs/(heads|tags)/|(pull_request)(?:$|:))([^:]*)(:.*)?$`)

// parseWorkflow reads the subject of a token of gitHubIssuer; false where it is no workflow's.
func parseWorkflow(subject string) (workflow, bool) {
	parts := subjectForm.FindStringSubmatch(subject)
	if parts == nil {
		return workflow{}, false
	}
	return workflow{
		organization: parts[1], repository: parts[2] + parts[3], runsFor: parts[4] + parts[5] + parts[6], name: parts[7],
		exact: parts[8] == "" && (parts[7] == "") == (parts[6] != ""),
	}, true
}

// allowedBy reports whether the rule allows the workflow.
func (w workflow) allowedBy(rule *v1alpha1.GitHubRule) bool {
	return w.exact && w.matches(rule, func(text string) string { return text })
}

// deniedBy reports whether the rule, among the denies of a policy, covers the workflow. It ignores case, as GitHub does, and whatever
// else the subject says.
func (w workflow) deniedBy(rule *v1alpha1.GitHubRule) bool { return w.matches(rule, strings.ToLower) }

// matches compares what spelled makes of the texts.
func (w workflow) matches(rule *v1alpha1.GitHubRule, spelled func(string) string) bool {
	include := func(entries []string, value string) bool {
		return slices.ContainsFunc(entries, func(entry string) bool {
			return matchesPattern(spelled(entry), spelled(value), subjectSeparators)
		})
	}
	if spelled(rule.Organization) != spelled(w.organization) || !include(rule.Repositories, w.repository) {
		return false
	}
	if entries := w.entries(rule); entries != nil {
		return include(*entries, w.name)
	}
	return rule.PullRequests
}

// entries are the list of a rule that names what the workflow runs for; nil for a pull request, which has no name.
func (w workflow) entries(rule *v1alpha1.GitHubRule) *[]string {
	switch w.runsFor {
	case "environment":
		return &rule.Environments
	case "heads":
		return &rule.Branches
	case "tags":
		return &rule.Tags
	default:
		return nil
	}
}

// narrowestRule that allows the workflow, where it is exact.
func (w workflow) narrowestRule() *v1alpha1.GitHubRule {
	rule := &v1alpha1.GitHubRule{Organization: w.organization, Repositories: []string{w.repository}}
	if entries := w.entries(rule); entries != nil {
		*entries = []string{w.name}
	} else {
		rule.PullRequests = true
	}
	return rule
}
