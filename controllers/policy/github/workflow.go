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

// What the subject says that the workflow runs for.
const (
	environment = "environment"
	branch      = "heads"
	tag         = "tags"
	pullRequest = "pull_request"
)

// Workflow is a workflow of a repository, as the subject of its tokens tells.
type Workflow struct {
	organization, repository string
	// runsFor is environment, branch, tag or pullRequest.
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

// ParseSubject reads the subject of a token of Issuer; false where it is no workflow's.
func ParseSubject(subject string) (Workflow, bool) {
	parts := subjectForm.FindStringSubmatch(subject)
	if parts == nil {
		return Workflow{}, false
	}
	return Workflow{
		organization: parts[1], repository: parts[2] + parts[3], runsFor: parts[4] + parts[5] + parts[6], name: parts[7],
		exact: parts[8] == "" && (parts[7] == "") == (parts[6] != ""),
	}, true
}

// AllowedBy reports whether the rule allows the workflow.
func (w Workflow) AllowedBy(rule *v1alpha1.GitHubRule) bool {
	matches := func(value string) func(string) bool {
		return func(entry string) bool { return pattern.Match(entry, value, pattern.SubjectSeparators) }
	}
	if !w.exact || rule.Organization != w.organization || !slices.ContainsFunc(rule.Repositories, matches(w.repository)) {
		return false
	}
	switch w.runsFor {
	case environment:
		return slices.ContainsFunc(rule.Environments, matches(w.name))
	case branch:
		return slices.ContainsFunc(rule.Branches, matches(w.name))
	case tag:
		return slices.ContainsFunc(rule.Tags, matches(w.name))
	default:
		return w.runsFor == pullRequest && rule.PullRequests
	}
}

// DeniedBy reports whether the rule, among the denies of a policy, covers the workflow. It ignores case, as GitHub does, and whatever
// else the subject says.
func (w Workflow) DeniedBy(rule *v1alpha1.GitHubRule) bool {
	w.exact = true
	w.organization, w.repository, w.name = strings.ToLower(w.organization), strings.ToLower(w.repository), strings.ToLower(w.name)
	return w.AllowedBy(&v1alpha1.GitHubRule{
		Organization: strings.ToLower(rule.Organization), Repositories: lower(rule.Repositories), PullRequests: rule.PullRequests,
		Environments: lower(rule.Environments), Branches: lower(rule.Branches), Tags: lower(rule.Tags),
	})
}

func lower(texts []string) []string {
	lowered := make([]string, len(texts))
	for i, text := range texts {
		lowered[i] = strings.ToLower(text)
	}
	return lowered
}

// NarrowestRule that allows the workflow; nil where the subject says more than a rule can.
func (w Workflow) NarrowestRule() *v1alpha1.GitHubRule {
	rule := &v1alpha1.GitHubRule{Organization: w.organization, Repositories: []string{w.repository}}
	switch {
	case !w.exact:
		return nil
	case w.runsFor == environment:
		rule.Environments = []string{w.name}
	case w.runsFor == branch:
		rule.Branches = []string{w.name}
	case w.runsFor == tag:
		rule.Tags = []string{w.name}
	default:
		rule.PullRequests = true
	}
	return rule
}
