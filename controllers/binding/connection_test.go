package binding

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

func TestAddCredential_MissingIsWaitedFor(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		auth string
		data map[string]string
		want string
	}{
		"a client secret":                {"ClientSecret", map[string]string{"client-secret": "s"}, ""},
		"a client secret by another key": {"ClientSecret", map[string]string{"password": "s"}, "client-secret"},
		"an empty one":                   {"ClientSecret", map[string]string{"client-secret": ""}, "client-secret"},
		"a certificate":                  {"ClientCertificate", map[string]string{"tls.crt": "c", "tls.key": "k"}, ""},
		"a certificate without its key":  {"ClientCertificate", map[string]string{"tls.crt": "c"}, "tls.key"},
		"no certificate":                 {"ClientCertificate", nil, "tls.crt and tls.key"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "operator", Name: "corp"}, Data: map[string][]byte{}}
			for key, value := range row.data {
				secret.Data[key] = []byte(value)
			}
			var want error
			if row.want != "" {
				want = engine.Wait{What: "Secret operator/corp, which spec.auth.secretRef names, has no key " + row.want}
			}
			if diff := cmp.Diff(want, addCredential(&entra.Auth{Type: row.auth}, secret, "spec.auth")); diff != "" {
				t.Error(diff)
			}
		})
	}
}
