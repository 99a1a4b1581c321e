package appregistration

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

func texts(data map[string][]byte) map[string]string {
	plain := map[string]string{}
	for key, value := range data {
		plain[key] = string(value)
	}
	return plain
}

func TestKeysOfTheFormats(t *testing.T) {
	t.Parallel()
	const login = "https://login.microsoftonline.com/" + tenantID
	api := entra.Application{AppID: appID, ApplicationSettings: entra.ApplicationSettings{
		SignInAudience: "AzureADMyOrg", AccessTokenVersion: 2, IdentifierURIs: []string{"api://" + appID},
	}}
	first := api
	first.AccessTokenVersion = 1
	multi, client := api, api
	multi.SignInAudience = "AzureADMultipleOrgs"
	client.IdentifierURIs = nil
	openID := func(changes map[string]string) map[string]string {
		keys := map[string]string{
			"type": "oauth2", "provider": "entra", "client-id": appID, "tenant-id": tenantID, "issuer-uri": login + "/v2.0",
			"authorization-uri": login + "/oauth2/v2.0/authorize", "token-uri": login + "/oauth2/v2.0/token",
			"device-authorization-uri": login + "/oauth2/v2.0/devicecode", "end-session-uri": login + "/oauth2/v2.0/logout",
			"jwk-set-uri": login + "/discovery/v2.0/keys", "discovery-uri": login + "/v2.0/.well-known/openid-configuration",
			"audience": appID, "app-id-uri": "api://" + appID, "scope": "api://" + appID + "/.default",
		}
		for key, value := range changes {
			if keys[key] = value; value == "" {
				delete(keys, key)
			}
		}
		return keys
	}
	sdk := map[string]string{
		"AZURE_CLIENT_ID": appID, "AZURE_TENANT_ID": tenantID, "AZURE_AUTHORITY_HOST": "https://login.microsoftonline.com/",
	}
	for _, c := range []struct {
		name    string
		formats []v1alpha1.SecretFormat
		app     entra.Application
		cloud   string
		want    map[string]string
	}{
		{"none is AzureSDK", nil, api, "", sdk},
		{"AzureSDK", []v1alpha1.SecretFormat{v1alpha1.FormatAzureSDK}, api, "", sdk},
		{"OIDC", []v1alpha1.SecretFormat{v1alpha1.FormatOIDC}, api, "", openID(nil)},
		{"Azurerator", []v1alpha1.SecretFormat{v1alpha1.FormatAzurerator}, api, "", map[string]string{
			"AZURE_APP_CLIENT_ID": appID, "AZURE_APP_TENANT_ID": tenantID,
			"AZURE_APP_WELL_KNOWN_URL":   login + "/v2.0/.well-known/openid-configuration",
			"AZURE_OPENID_CONFIG_ISSUER": login + "/v2.0", "AZURE_OPENID_CONFIG_JWKS_URI": login + "/discovery/v2.0/keys",
			"AZURE_OPENID_CONFIG_TOKEN_ENDPOINT": login + "/oauth2/v2.0/token",
		}},
		{"version 1 tokens have another issuer and carry either name", []v1alpha1.SecretFormat{v1alpha1.FormatOIDC}, first, "", openID(map[string]string{
			"issuer-uri": "https://sts.windows.net/" + tenantID + "/", "audience": appID + ",api://" + appID,
		})},
		{"an issuer that is not known is left out", []v1alpha1.SecretFormat{v1alpha1.FormatOIDC}, first, "https://login.example.com/x/v2.0", openID(map[string]string{
			"issuer-uri": "", "audience": appID + ",api://" + appID,
		})},
		{"every directory has an issuer of its own", []v1alpha1.SecretFormat{v1alpha1.FormatOIDC}, multi, "", openID(map[string]string{
			"issuer-uri": "https://login.microsoftonline.com/{tenantid}/v2.0",
		})},
		{"an application that is no API has no scope", []v1alpha1.SecretFormat{v1alpha1.FormatOIDC}, client, "", openID(map[string]string{
			"app-id-uri": "", "scope": "",
		})},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			tenant := basis().Tenant
			if c.cloud != "" {
				tenant.Endpoints.Issuer = c.cloud
			}
			same(t, "data", c.want, texts(render(c.formats, tenant, c.app)))
		})
	}
}

func TestSomebodyElsesSecretIsNeverTouched(t *testing.T) {
	t.Parallel()
	const finding = "unsynced Conflict: Secret orders-api-entra belongs to somebody else and is left alone: name another in spec.secret.name, or remove it"
	namesake := foreignSecret()
	namesake.OwnerReferences = []metav1.OwnerReference{{APIVersion: "entra-registrar.dev/v1alpha1", Kind: kindName, Name: "orders-api", UID: "before", Controller: new(true)}}
	off := object(bound, func(o *v1alpha1.AppRegistration) { o.Spec.Secret = &v1alpha1.Secret{Enabled: new(false)} })
	moved := object(bound, func(o *v1alpha1.AppRegistration) { o.Spec.Secret = &v1alpha1.Secret{Name: "api"} })
	play(t, []scene{
		{"one of that name", object(bound), known(func(w *World) { w.secret = foreignSecret() }), []string{finding}},
		{"one of an earlier object of the same name", object(bound), known(func(w *World) { w.secret = namesake }), []string{finding}},
		{"one in the way of a switched-off one", off, known(func(w *World) { w.secret = foreignSecret() }), nil},
		{"one under a former name", moved, with(settled(moved), func(w *World) { w.formerSecret = foreignSecret() }), nil},
		{"ours under a former name", moved, with(settled(moved), func(w *World) { w.formerSecret = settled(object()).secret }), []string{"delete Secret orders-api-entra"}},
		{"ours that is switched off", off, known(), []string{"delete Secret orders-api-entra"}},
	})
}

func TestTheSecretHoldsWhatIsOursAndLeavesTheRest(t *testing.T) {
	t.Parallel()
	c, obj := newCluster(t), object(func(o *v1alpha1.AppRegistration) {
		o.Spec.Secret = &v1alpha1.Secret{
			Formats: []v1alpha1.SecretFormat{v1alpha1.FormatAzureSDK, v1alpha1.FormatAzurerator},
			Labels:  map[string]string{"team": "orders"}, Annotations: map[string]string{"note": "ours"},
		}
	})
	get := func() *corev1.Secret {
		t.Helper()
		var secret corev1.Secret
		if err := c.kube.Get(t.Context(), types.NamespacedName{Namespace: "shop", Name: "orders-api-entra"}, &secret); err != nil {
			t.Fatal(err)
		}
		return &secret
	}
	c.reconcile(obj)
	first := get()
	same(t, "owner", true, belongs(first, obj))
	same(t, "type", corev1.SecretTypeOpaque, first.Type)
	same(t, "labels", map[string]string{"team": "orders", v1alpha1.ManagedByLabel: v1alpha1.FieldManager}, first.Labels)
	same(t, "keys", 9, len(first.Data))

	theirs := first.DeepCopy()
	theirs.Data["EXTRA"], theirs.Data["AZURE_CLIENT_ID"] = []byte("x"), []byte("edited")
	theirs.Annotations["note"], theirs.Labels["theirs"] = "edited", "yes"
	if err := c.kube.Update(t.Context(), theirs, client.FieldOwner("kubectl")); err != nil {
		t.Fatal(err)
	}
	same(t, "repair", []string{"write Secret orders-api-entra"}, c.reconcile(obj))
	same(t, "at rest", []string(nil), c.reconcile(obj))

	obj.Spec.Secret = &v1alpha1.Secret{}
	same(t, "fewer keys", []string{"write Secret orders-api-entra"}, c.reconcile(obj))
	last := get()
	same(t, "data", map[string]string{
		"AZURE_CLIENT_ID": "app-2", "AZURE_TENANT_ID": tenantID, "AZURE_AUTHORITY_HOST": "https://login.microsoftonline.com/", "EXTRA": "x",
	}, texts(last.Data))
	same(t, "labels", map[string]string{v1alpha1.ManagedByLabel: v1alpha1.FieldManager, "theirs": "yes"}, last.Labels)
	same(t, "annotations", 0, len(last.Annotations))
	same(t, "at rest again", []string(nil), c.reconcile(obj))
}

func TestASecretThatIsTakenInBetweenIsNotTouched(t *testing.T) {
	t.Parallel()
	c, obj := newCluster(t, foreignSecret()), object()
	world := settled(obj)
	step := writeSecret{secret: wantedContent(obj, world).over(obj, nil), echo: c.kind.Echo}
	if err := step.Do(t.Context(), handsOf(c), &world); err == nil {
		t.Error("a Secret that appeared after the look was written over")
	}
	var after corev1.Secret
	if err := c.kube.Get(t.Context(), types.NamespacedName{Namespace: "shop", Name: "orders-api-entra"}, &after); err != nil {
		t.Fatal(err)
	}
	same(t, "data", 0, len(after.Data))
}

func TestTheOldSecretGoesWhenTheNameChanges(t *testing.T) {
	t.Parallel()
	c, obj := newCluster(t), object()
	c.reconcile(obj)
	obj.Spec.Secret = &v1alpha1.Secret{Name: "api"}
	same(t, "steps", []string{"delete Secret orders-api-entra", "write Secret api"}, c.reconcile(obj))
	same(t, "recorded", "api", obj.Status.SecretName)
	obj.Spec.Secret = &v1alpha1.Secret{Name: "api", Enabled: new(false)}
	same(t, "switched off", []string{"delete Secret api"}, c.reconcile(obj))
	same(t, "recorded", "", obj.Status.SecretName)
	same(t, "at rest", []string(nil), c.reconcile(obj))
}
