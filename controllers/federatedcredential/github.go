package federatedcredential

import (
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// gitHubIssuer signs the tokens of GitHub Actions on github.com. Another GitHub has an issuer of its own: oidc takes it.
const gitHubIssuer = "https://token.actions.githubusercontent.com"

// gitHubSubject is the subject of a workflow's tokens, as GitHub's OpenID Connect reference has it: the repository, then what the job
// runs for. With both numbers the repository has the immutable form, owner@number/name@number. A colon in a value becomes %3A, and
// nothing else is escaped.
func gitHubSubject(g *v1alpha1.GitHubSubject) string {
	owner, repository := g.Organization, g.Repository
	if g.OrganizationID != "" && g.RepositoryID != "" {
		owner, repository = owner+"@"+g.OrganizationID, repository+"@"+g.RepositoryID
	}
	subject := "repo:" + owner + "/" + repository
	switch {
	case g.Environment != "":
		return subject + ":environment:" + escape(g.Environment)
	case g.Branch != "":
		return subject + ":ref:refs/heads/" + escape(g.Branch)
	case g.Tag != "":
		return subject + ":ref:refs/tags/" + escape(g.Tag)
	default:
		return subject + ":pull_request"
	}
}

func escape(value string) string { return strings.ReplaceAll(value, ":", "%3A") }
