package e2e

import (
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

const (
	unknownID = "5f0a6c2e-0000-4000-8000-00000000dead"
	// retryTime is how soon a tenant must work again where the operator is not told that it does.
	retryTime = 15*time.Minute + 30*time.Second
)

// tenantFault is a reason why a tenant cannot be worked with.
type tenantFault struct {
	option     env.Option
	begin, end func(*env.Env)
	reason     v1alpha1.Reason
	words      []string
	within     time.Duration // after it ends
}

var tenantFaults = map[string]tenantFault{
	"nobody answers": {
		begin:  func(e *env.Env) { e.Tenant.SetDown(true); recreateTenant(e, nil) },
		end:    func(e *env.Env) { e.Tenant.SetDown(false) },
		reason: v1alpha1.ReasonUnreachable, within: 6 * time.Minute,
		words: []string{"cannot be reached", "127.0.0.1:", "check that the manager may connect"},
	},
	"nobody knows its certificate": {
		begin: func(e *env.Env) {
			recreateTenant(e, func(spec *v1alpha1.EntraTenantSpec) { spec.Endpoints.CABundle = "" })
		},
		end: func(e *env.Env) {
			env.Edit(e.Cluster, e.EntraTenant(), func(o *v1alpha1.EntraTenant) { o.Spec.Endpoints.CABundle = string(e.Tenant.CA()) })
		},
		reason: v1alpha1.ReasonUnreachable, within: time.Minute,
		words: []string{"127.0.0.1:", "certificate signed by unknown authority", "caBundle"},
	},
	"its host is not listed": {
		begin: func(e *env.Env) {
			recreateTenant(e, func(spec *v1alpha1.EntraTenantSpec) { spec.Endpoints.Graph = "https://graph.example.com" })
		},
		end:    func(e *env.Env) { recreateTenant(e, nil) },
		reason: v1alpha1.ReasonInvalid, within: time.Minute,
		words: []string{"graph.example.com", "is not allowed", "--custom-endpoint-hosts=graph.example.com:443"},
	},
	"its ID is another": {
		begin: func(e *env.Env) {
			recreateTenant(e, func(spec *v1alpha1.EntraTenantSpec) { spec.TenantID = unknownID })
		},
		end:    func(e *env.Env) { recreateTenant(e, nil) },
		reason: v1alpha1.ReasonInvalid, words: []string{"AADSTS90002", unknownID, "Check tenantID and cloud"}, within: time.Minute,
	},
	"the client is unknown": {
		begin: func(e *env.Env) {
			recreateTenant(e, func(spec *v1alpha1.EntraTenantSpec) { spec.Auth.ClientID = unknownID })
		},
		end: func(e *env.Env) {
			env.Edit(e.Cluster, e.EntraTenant(), func(o *v1alpha1.EntraTenant) { o.Spec.Auth.ClientID = env.OperatorClientID })
		},
		reason: v1alpha1.ReasonInvalid, words: []string{"AADSTS700016", unknownID, "Check clientID and tenantID"}, within: time.Minute,
	},
	"the client is disabled": {
		begin:  func(e *env.Env) { setOperatorEnabled(e, false); recreateTenant(e, nil) },
		end:    func(e *env.Env) { setOperatorEnabled(e, true) },
		reason: v1alpha1.ReasonForbidden, words: []string{"AADSTS7000112", env.OperatorClientID, "enable it in Entra"}, within: retryTime,
	},
	"the secret is wrong": {
		begin:  func(e *env.Env) { setCredential(e, "client-secret", "wrong"); recreateTenant(e, nil) },
		end:    func(e *env.Env) { setCredential(e, "client-secret", env.OperatorSecret) },
		reason: v1alpha1.ReasonForbidden, within: retryTime,
		words: []string{"AADSTS7000215", env.OperatorClientID, "client secret's value, not its ID"},
	},
	"the Secret has another key": {
		begin:  func(e *env.Env) { setCredential(e, "password", env.OperatorSecret); recreateTenant(e, nil) },
		end:    func(e *env.Env) { setCredential(e, "client-secret", env.OperatorSecret) },
		reason: v1alpha1.ReasonWaiting, within: 5 * time.Minute,
		words: []string{env.OperatorNamespace + "/", "-credential", "spec.auth.secretRef", "no key client-secret"},
	},
	"the Secret is missing": {
		begin:  func(e *env.Env) { e.Cluster.Delete(e.OperatorCredential()); recreateTenant(e, nil) },
		end:    func(e *env.Env) { e.Cluster.Create(e.OperatorCredential()) },
		reason: v1alpha1.ReasonWaiting, within: 5 * time.Minute,
		words: []string{env.OperatorNamespace + "/", "-credential", "spec.auth.secretRef", "does not exist"},
	},
	"no permission to write":          withoutPermissions(env.OperatorPermissions[0]),
	"no permission to read":           withoutPermissions(env.OperatorPermissions[1]),
	"no permission to assign":         withoutPermissions(env.OperatorPermissions[2]),
	"no permission for anything here": withoutPermissions(env.OperatorPermissions...),
}

// withoutPermissions is a tenant in which no admin has given the operator these permissions yet.
func withoutPermissions(permissions ...string) tenantFault {
	return tenantFault{
		option: func(_ *env.Env, o *emulator.Options) {
			o.Client.Roles = nil
			for _, role := range env.OperatorPermissions {
				if !strings.Contains(strings.Join(permissions, " ")+" ", role+" ") {
					o.Client.Roles = append(o.Client.Roles, role)
				}
			}
		},
		end: func(e *env.Env) {
			for _, permission := range permissions {
				consentTo(e, permission)
			}
		},
		reason: v1alpha1.ReasonForbidden, within: retryTime,
		words: append([]string{env.OperatorClientID, "az ad app permission add", "az ad app permission admin-consent", "API permissions"}, permissions...),
	}
}

// A tenant that cannot be worked with says why, and recovers.
func TestTenant_UnusableSaysWhyAndRecovers(t *testing.T) {
	t.Parallel()
	for name, b := range tenantFaults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if b.option == nil {
				b.option = func(*env.Env, *emulator.Options) {}
			}
			e := env.New(t, b.option)
			if b.begin != nil {
				b.begin(e)
			}
			tenant, objs := e.EntraTenant(), env.OperatorObjects(e.OrdersObjects())
			message := e.Status.WaitCondition(tenant, v1alpha1.ConditionSynced, syncedStatus(b.reason), b.reason)
			e.Status.CheckMessage(message, b.words...)
			e.Cluster.Create(e.OrdersObjects()...)
			e.Clock.Pass(2 * time.Minute)
			e.Quiet()
			if e.Cluster.Get(tenant); env.IsReady(tenant) {
				t.Error("the tenant is Ready")
			}
			if e.Status.AllReady(objs...) {
				t.Errorf("all objects are Ready: %+v", e.Tenant.Inventory())
			}

			b.end(e)
			ended := e.Clock.Now()
			if b.within == retryTime {
				e.Clock.PassHours(retryTime / 2)
			}
			e.Status.WaitReady(tenant)
			if took := e.Clock.Since(ended); took > b.within {
				t.Errorf("the tenant recovered after %s", took)
			}
			e.Status.WaitReady(objs...)
			e.Tenant.CheckInventory(env.OrdersInventory)
		})
	}
}

// syncedStatus is the status of Synced for a reason.
func syncedStatus(reason v1alpha1.Reason) metav1.ConditionStatus {
	if reason == v1alpha1.ReasonUnreachable {
		return metav1.ConditionUnknown
	}
	return metav1.ConditionFalse
}

// recreateTenant deletes the EntraTenant and creates it anew.
func recreateTenant(e *env.Env, change func(*v1alpha1.EntraTenantSpec)) {
	e.T.Helper()
	e.Cluster.Delete(e.EntraTenant())
	e.Status.WaitGone(e.EntraTenant())
	tenant := e.NewEntraTenant()
	if change != nil {
		change(&tenant.Spec)
	}
	e.Cluster.Create(tenant)
}

// setCredential makes this all that the operator's Secret holds.
func setCredential(e *env.Env, key, value string) {
	e.T.Helper()
	secret := e.OperatorCredential()
	e.Cluster.Get(secret)
	secret.Data = map[string][]byte{key: []byte(value)}
	if err := e.Cluster.Client.Update(e.T.Context(), secret); err != nil {
		e.T.Fatal(err)
	}
}

// setOperatorEnabled enables or disables the operator, as an admin of Entra does.
func setOperatorEnabled(e *env.Env, on bool) {
	e.Tenant.Directory().Set(e.Tenant.ServicePrincipal(env.OperatorClientID).ID, map[string]any{"accountEnabled": on})
}

// consentTo gives the operator a permission, as an admin of Entra does.
func consentTo(e *env.Env, permission string) {
	e.T.Helper()
	graph := e.Tenant.ServicePrincipal("00000003-0000-0000-c000-000000000000")
	for _, role := range odata.Documents(graph.Properties, "appRoles") {
		if role["value"] == permission {
			e.Tenant.GiveRole(graph.ID, e.Tenant.ServicePrincipal(env.OperatorClientID).ID, odata.Text(role, "id"))
			return
		}
	}
	e.T.Fatalf("Microsoft Graph has no permission %s", permission)
}
