package federatedcredential

import (
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

func TestDecide_OtherIssuers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change changes
		want   outcome
	}{
		"what a rule allows is created for GitHub": {
			change: changes{obj: gitHub, world: allowGitHub},
			want: outcome{steps: []string{
				`create federated credential k8s-orders-worker for "repo:example/shop:environment:prod" of "https://token.actions.githubusercontent.com"`,
			}},
		},
		"the same rule allows it spelled as oidc": {
			change: changes{obj: spelledOut, world: allowGitHub},
			want: outcome{steps: []string{
				`create federated credential k8s-orders-worker for "repo:example/shop:ref:refs/heads/main" of "https://token.actions.githubusercontent.com"`,
			}},
		},
		"a managed identity is trusted by the tenant's own issuer": {
			change: changes{obj: identity, world: allowIdentity},
			want:   outcome{steps: []string{`create federated credential k8s-orders-worker for "identity" of "https://login.example/tenant-id/v2.0"`}},
		},
		"a managed identity is looked for before it is trusted": {
			change: changes{obj: identity, world: func(w *World) { allowIdentity(w); w.ObservedIdentity = nil }},
			want:   outcome{reads: []string{"read the managed identity's service principal"}},
		},
		"a managed identity that Entra does not show is waited for": {
			change: changes{obj: identity, world: func(w *World) { allowIdentity(w); w.ObservedIdentity = new(entra.Absent[entra.ServicePrincipal]()) }},
			want: outcome{wait: "spec.managedIdentity.objectID: tenant tenant-id has no service principal with the object ID identity (yet): " +
				"give a managed identity's object (principal) ID, not its client ID"},
		},
		"another service principal is no managed identity": {
			change: changes{obj: identity, world: func(w *World) { allowIdentity(w); w.ObservedIdentity.Value.Type = "Application" }},
			want:   outcome{reason: v1alpha1.ReasonInvalid, says: "is no managed identity"},
		},
		"one that is trusted already is not looked for again": {
			change: changes{obj: identity, world: func(w *World) {
				allowIdentity(w)
				w.ObservedIdentity = nil
				w.Trust.Value.Credentials = []entra.FederatedCredential{{Name: "k8s-orders-worker", Issuer: tenantIssuer, Subject: "identity"}}
			}},
			want: outcome{steps: []string{"update federated credential k8s-orders-worker: audience"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.change.check(t, test.want)
		})
	}
}

func TestDecide_PolicyIsTightened(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change changes
		want   outcome
	}{
		"keeps what exists, and tells": {
			change: changes{world: settled, kind: denyAll, obj: recorded},
			want:   outcome{unsynced: v1alpha1.ReasonDenied, says: "it would be denied today: spec.serviceAccount: trust in"},
		},
		"keeps it in order": {
			change: changes{world: settled, kind: denyAll, obj: func(f *v1alpha1.FederatedCredential) { recorded(f); f.Spec.Description = "new" }},
			want: outcome{
				steps:    []string{"update federated credential k8s-orders-worker: description"},
				unsynced: v1alpha1.ReasonDenied, says: "it would be denied today: spec.serviceAccount: trust in",
			},
		},
		"takes it away where it says so": {
			change: changes{world: func(w *World) { settled(w); revoking(w) }, obj: recorded},
			want:   outcome{steps: []string{"delete federated credential k8s-orders-worker"}},
		},
		"denies it once it is gone": {
			change: changes{world: revoking, obj: recorded},
			want:   outcome{reason: v1alpha1.ReasonDenied, says: "spec.serviceAccount: trust in"},
		},
		"takes nothing away that somebody else made": {
			change: changes{world: func(w *World) { settled(w); revoking(w) }},
			want:   outcome{reason: v1alpha1.ReasonDenied, says: "spec.serviceAccount: trust in"},
		},
		"takes away what the spec does not name any longer, too": {
			change: changes{world: func(w *World) { settled(w); revoking(w) }, obj: func(f *v1alpha1.FederatedCredential) { recorded(f); gitHub(f) }},
			want:   outcome{steps: []string{"delete federated credential k8s-orders-worker"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.change.check(t, test.want)
		})
	}
}

func TestStatus_LeavesOutACredentialThatIsNotAllowed(t *testing.T) {
	t.Parallel()
	kind, obj, world := changes{world: settled, kind: denyAll}.apply()
	if subject := decidePurely(t, kind, obj, world).Object.Status.Subject; subject != "" {
		t.Errorf("status names %q, which somebody else made", subject)
	}
}

func TestGitHubSubject(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*v1alpha1.GitHubSubject)
		want   string
	}{
		"an environment": {func(g *v1alpha1.GitHubSubject) { g.Environment = "prod" }, "repo:example/shop:environment:prod"},
		"a branch":       {func(g *v1alpha1.GitHubSubject) { g.Branch = "release/1" }, "repo:example/shop:ref:refs/heads/release/1"},
		"a tag":          {func(g *v1alpha1.GitHubSubject) { g.Tag = "v1" }, "repo:example/shop:ref:refs/tags/v1"},
		"a pull request": {func(g *v1alpha1.GitHubSubject) { g.PullRequest = true }, "repo:example/shop:pull_request"},
		"a colon in a name is escaped": {
			func(g *v1alpha1.GitHubSubject) { g.Environment = "prod:v1" }, "repo:example/shop:environment:prod%3Av1",
		},
		"nothing else is": {
			func(g *v1alpha1.GitHubSubject) { g.Environment = "Prod@1%/é" }, "repo:example/shop:environment:Prod@1%/é",
		},
		"the immutable form": {
			func(g *v1alpha1.GitHubSubject) { g.OrganizationID, g.RepositoryID, g.Branch = "12", "34", "main" },
			"repo:example@12/shop@34:ref:refs/heads/main",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			subject := &v1alpha1.GitHubSubject{Organization: "example", Repository: "shop"}
			test.change(subject)
			if got := gitHubSubject(subject); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

// later makes an object younger than those that were created at no time.
func later(f *v1alpha1.FederatedCredential) { f.CreationTimestamp = metav1.NewTime(today) }
