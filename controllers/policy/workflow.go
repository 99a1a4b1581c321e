package policy

import (
	"regexp"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// githubIssuer of the tokens of GitHub Actions.
const githubIssuer = "https://token.actions.githubusercontent.com"

// workflow of a GitHub repository, as the subject of its tokens tells.
type workflow struct {
	organization, repository string
	// of is what runs it: environment, branch, tag or pull_request; empty for what no rule knows.
	of string
	// name of the environment, the branch or the tag.
	name string
	// exact : the subject says no more than this. GitHub lets repositories add claims.
	exact bool
}

// workflowSubject has two forms: repo:example/web:… and, where the repository is set to it, repo:example@12/web@34:…, with the numbers
// that nobody gets again after a rename. Names cannot hold an @, so the one is never taken for the other.
var workflowSubject = regexp.MustCompile(`(?s)^repo:([A-Za-z0-9_-]+)(?:@[0-9]+/([A-Za-z0-9._-]+)@[0-9]+|/([A-Za-z0-9._-]+)):` +
	`(?:(environment):|ref:refs/(heads|tags)/|(pull_request)(?:$|:))([^:]*)(:.*)?$`)

// workflow that is trusted, however the spec spells it.
func (f Federation) workflow() (workflow, bool) {
	if f.Issuer != githubIssuer {
		return workflow{}, false
	}
	parts := workflowSubject.FindStringSubmatch(f.Subject)
	if parts == nil {
		return workflow{}, false
	}
	return workflow{
		organization: parts[1], repository: parts[2] + parts[3], of: parts[4] + parts[5] + parts[6], name: parts[7],
		exact: parts[8] == "" && (parts[7] == "") == (parts[6] != ""),
	}, true
}

// listed are the names of the rule that are about what runs the workflow.
func (w workflow) listed(rule *v1alpha1.GitHubRule) []string {
	switch w.of {
	case "environment":
		return rule.Environments
	case "heads":
		return rule.Branches
	case "tags":
		return rule.Tags
	default:
		return nil
	}
}

func (w workflow) allowedBy(rule *v1alpha1.GitHubRule) bool {
	if !w.exact || rule.Organization != w.organization || !slices.ContainsFunc(rule.Repositories, w.inRepository) {
		return false
	}
	if w.of == "pull_request" {
		return rule.PullRequests
	}
	return slices.ContainsFunc(w.listed(rule), func(pattern string) bool { return match(pattern, w.name, between) })
}

func (w workflow) inRepository(pattern string) bool { return match(pattern, w.repository, between) }

// deniedBy minds no case, which GitHub does not either, and nothing that the subject says beside.
func (w workflow) deniedBy(rule *v1alpha1.GitHubRule) bool {
	w.exact = true
	w.organization, w.repository, w.name = strings.ToLower(w.organization), strings.ToLower(w.repository), strings.ToLower(w.name)
	return w.allowedBy(&v1alpha1.GitHubRule{
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

// rule is the narrowest that allows an exact one.
func (w workflow) rule() *v1alpha1.GitHubRule {
	rule := &v1alpha1.GitHubRule{Organization: w.organization, Repositories: []string{w.repository}}
	switch w.of {
	case "environment":
		rule.Environments = []string{w.name}
	case "heads":
		rule.Branches = []string{w.name}
	case "tags":
		rule.Tags = []string{w.name}
	default:
		rule.PullRequests = true
	}
	return rule
}
