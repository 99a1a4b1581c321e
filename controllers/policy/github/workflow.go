// Package github reads whom the tokens of GitHub Actions are about.
package github

import (
	"regexp"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/policy/pattern"
)

// Issuer of the tokens of GitHub Actions.
const Issuer = "https://token.actions.githubusercontent.com"

// What a workflow can run for besides a pull request, as the subject has it.
const (
	environment = "environment"
	branch      = "heads"
	tag         = "tags"
)

// Workflow is a workflow of a repository, as the subject of its tokens tells.
type Workflow struct {
	organization, repository string
	// runsFor is environment, branch or tag, or else pull_request.
	runsFor string
	// name of the environment, the branch or the tag.
	name string
	// Exact is true where the subject says no more than this: repositories can add claims to it.
	Exact bool
}

// subjectForm has two spellings: repo:example/web:… and, where the repository is set to it, repo:example@12/web@34:…, with numbers
// that nobody gets again after a rename. Names cannot hold an @, so the one is never taken for the other.
var subjectForm = regexp.MustCompile(`(?s)^repo:([A-Za-z0-9_-]+)(?:@[0-9]+/([A-Za-z0-9._-]+)@[0-9]+|/([A-Za-z0-9._-]+)):` +
	`(?:(environment):|ref:refs/(heads|tags)/|(pull_request)(?:$|:))([^:]*)(:.*)?$`)

// ParseSubject reads the subject of a token of Issuer; false where it is no workflow's.
func ParseSubject(subject string) (Workflow, bool) {
	parts := subjectForm.FindStringSubmatch(subject)
	if parts == nil {
		return Workflow{}, false
	}
	return Workflow{
		organization: parts[1], repository: parts[2] + parts[3], runsFor: parts[4] + parts[5] + parts[6], name: parts[7],
		Exact: parts[8] == "" && (parts[7] == "") == (parts[6] != ""),
	}, true
}

// AllowedBy reports whether the rule allows the workflow.
func (w Workflow) AllowedBy(rule *v1alpha1.GitHubRule) bool {
	return w.Exact && w.matches(rule, func(text string) string { return text })
}

// DeniedBy reports whether the rule, among the denies of a policy, covers the workflow. It ignores case, as GitHub does, and whatever
// else the subject says.
func (w Workflow) DeniedBy(rule *v1alpha1.GitHubRule) bool { return w.matches(rule, strings.ToLower) }

// matches compares what spelled makes of the texts.
func (w Workflow) matches(rule *v1alpha1.GitHubRule, spelled func(string) string) bool {
	include := func(entries []string, value string) bool {
		return slices.ContainsFunc(entries, func(entry string) bool {
			return pattern.Match(spelled(entry), spelled(value), pattern.SubjectSeparators)
		})
	}
	if spelled(rule.Organization) != spelled(w.organization) || !include(rule.Repositories, w.repository) {
		return false
	}
	switch w.runsFor {
	case environment:
		return include(rule.Environments, w.name)
	case branch:
		return include(rule.Branches, w.name)
	case tag:
		return include(rule.Tags, w.name)
	default:
		return rule.PullRequests
	}
}

// NarrowestRule that allows the workflow, where it is Exact.
func (w Workflow) NarrowestRule() *v1alpha1.GitHubRule {
	rule := &v1alpha1.GitHubRule{Organization: w.organization, Repositories: []string{w.repository}}
	switch w.runsFor {
	case environment:
		rule.Environments = []string{w.name}
	case branch:
		rule.Branches = []string{w.name}
	case tag:
		rule.Tags = []string{w.name}
	default:
		rule.PullRequests = true
	}
	return rule
}
