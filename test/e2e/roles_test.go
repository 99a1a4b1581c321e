package e2e

import (
	"testing"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/rule"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/signin"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// adasRoles are the roles in a token that the portal gets for Ada now.
func adasRoles(p signin.Portal) []string {
	p.T.Helper()
	code, err := p.Code(signin.Callback)
	if err != nil {
		p.T.Fatal(err)
	}
	tokens, err := signin.Redeem(p.Env, p.Web, "https://orders.example.com", signin.Callback, code)
	if err != nil {
		p.T.Fatal(err)
	}
	got, err := signin.Verify(p.Env, p.API.Status.Endpoints.Issuer, p.API.Status.AppID, tokens.Access)
	if err != nil {
		p.T.Fatal(err)
	}
	return got.Roles
}

// People have a role for as long as they, or their group, are given it.
func TestAssignment_GivesRoleToUserOrGroup(t *testing.T) {
	t.Parallel()
	for name, kind := range map[string]v1alpha1.PrincipalKind{"the user": v1alpha1.PrincipalUser, "a group": v1alpha1.PrincipalGroup} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := env.New(t, env.WithPolicy(rule.Assign(kind, rule.OwnAPIs, "Orders.Use")))
			p := signin.NewPortal(e, with.SPACallback)
			env.Edit(e.Cluster, p.API, func(o *v1alpha1.AppRegistration) { with.UserRole(&o.Spec) })
			e.Cluster.Create(p.Grant)
			e.Status.WaitReady(p.API, p.Grant)
			env.CheckEqual(t, "roles before", []string(nil), adasRoles(p))

			assignment := e.Assignment("ada-uses", "", "orders-api", "Orders.Use")
			assignment.Spec.Principal = v1alpha1.PrincipalReference{User: &v1alpha1.DirectoryObjectReference{ObjectID: v1alpha1.GUID(p.Ada.ID)}}
			if kind == v1alpha1.PrincipalGroup {
				group := e.Tenant.Directory().SeedGroup("Clerks")
				e.Tenant.Directory().AddMember(group, p.Ada.ID)
				assignment.Spec.Principal = v1alpha1.PrincipalReference{Group: &v1alpha1.DirectoryObjectReference{ObjectID: v1alpha1.GUID(group)}}
			}
			e.Cluster.Create(assignment)
			e.Status.WaitReady(assignment)
			env.CheckEqual(t, "roles after", []string{"Orders.Use"}, adasRoles(p))

			e.Cluster.Delete(assignment)
			e.Status.WaitGone(assignment)
			env.CheckEqual(t, "roles in the end", []string(nil), adasRoles(p))
		})
	}
}

func TestAssignment_DefaultAccessNeedsNoRole(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	c := e.CreateOrders()
	env.Edit(e.Cluster, c.API, func(o *v1alpha1.AppRegistration) {
		o.Spec.AppRoles, o.Spec.ServicePrincipal = nil, &v1alpha1.ServicePrincipal{AssignmentRequired: new(true)}
	})
	e.Remove(c.Assignment)
	e.Status.WaitReady(c.API)
	scope := c.API.Status.IdentifierURIs[0] + "/.default"
	_, err := signin.Workload(e, scope)
	signin.CheckRefused(t, "before", err, "AADSTS501051")

	access := e.Assignment("orders-worker-enters", "orders-worker", "orders-api")
	access.Spec.DefaultAccess = true
	e.Cluster.Create(access)
	e.Status.WaitReady(access)
	token, err := signin.Workload(e, scope)
	if err != nil {
		t.Fatal(err)
	}
	signin.CheckClaims(e, c.API, token, signin.ClaimsOf(c.Worker))
	e.Remove(access)
	_, err = signin.Workload(e, scope)
	signin.CheckRefused(t, "after", err, "AADSTS501051")
}

// An application permission of Microsoft Graph is in the application's token for as long as it is given.
func TestAssignment_GraphPermissionIsInToken(t *testing.T) {
	t.Parallel()
	e := env.New(t, env.WithPolicy(rule.Assign(v1alpha1.PrincipalAppRegistration, rule.Graph, "Group.Read.All")))
	worker, credential := e.AppRegistration("orders-worker"), e.FederatedCredential("orders-worker", "orders-worker", "orders-worker")
	assignment := e.Assignment("orders-worker-reads-groups", "orders-worker", "", "Group.Read.All")
	assignment.Spec.API = with.MicrosoftGraph
	e.Cluster.Create(e.ServiceAccount("orders-worker"), worker, credential)
	e.Status.WaitReady(worker, credential)
	const scope = "https://graph.microsoft.com/.default"
	roles := func() []string {
		token, err := signin.Workload(e, scope)
		if err != nil {
			t.Fatal(err)
		}
		return signin.UnverifiedClaims(e, token).Roles
	}
	env.CheckEqual(t, "before", []string(nil), roles())
	e.Cluster.Create(assignment)
	e.Status.WaitReady(assignment)
	env.CheckEqual(t, "given", []string{"Group.Read.All"}, roles())
	e.Remove(assignment)
	env.CheckEqual(t, "after", []string(nil), roles())
}

// An application that no object describes has a role for as long as it is given it.
func TestAssignment_GivesRoleToUnmanagedApplication(t *testing.T) {
	t.Parallel()
	const clientID, secret = "88888888-0000-4000-8000-000000000001", "canary-of-another-application"
	e := env.New(t, env.WithPolicy(rule.Assign(v1alpha1.PrincipalServicePrincipal, rule.OwnAPIs, "*")))
	if _, err := e.Tenant.Directory().Seed(directory.SeedClient{ClientID: clientID, Secret: secret, DisplayName: "ledger"}); err != nil {
		t.Fatal(err)
	}
	api := e.AppRegistration("orders-api", with.AppRoles("Orders.Read.All"))
	e.Cluster.Create(api)
	e.Status.WaitReady(api)
	credential, err := confidential.NewCredFromSecret(secret)
	if err != nil {
		t.Fatal(err)
	}
	token := func() (string, error) {
		app, err := confidential.New(e.Tenant.URL()+"/"+e.Tenant.TenantID(), clientID, credential,
			confidential.WithHTTPClient(signin.HTTPClient(e)), confidential.WithInstanceDiscovery(false))
		if err != nil {
			t.Fatal(err)
		}
		result, err := app.AcquireTokenByCredential(t.Context(), []string{api.Status.IdentifierURIs[0] + "/.default"})
		return result.AccessToken, err
	}
	_, err = token()
	signin.CheckRefused(t, "before", err, "AADSTS501051")
	assignment := e.Assignment("ledger-reads", "", "orders-api", "Orders.Read.All")
	assignment.Spec.Principal = v1alpha1.PrincipalReference{ServicePrincipal: &v1alpha1.ServicePrincipalReference{AppID: clientID}}
	e.Cluster.Create(assignment)
	e.Status.WaitReady(assignment)
	raw, err := token()
	if err != nil {
		t.Fatal(err)
	}
	env.CheckEqual(t, "roles", []string{"Orders.Read.All"}, signin.UnverifiedClaims(e, raw).Roles)
	e.Remove(assignment)
	_, err = token()
	signin.CheckRefused(t, "after", err, "AADSTS501051")
}
