package binding

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// noon is when these tests take place.
var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func TestUsable(t *testing.T) {
	t.Parallel()
	const (
		notFor    = `EntraTenant "corp" does not exist or is not for namespace "shop"`
		going     = `EntraTenant "corp" is being deleted and takes no new object`
		abandoned = `EntraTenant "corp" is abandoned: no call is made to it`
		unknown   = `EntraTenant "corp" has not been reached yet`
	)
	at := metav1.NewTime(noon)
	for _, c := range []struct {
		name            string
		change          func(*v1alpha1.EntraTenant)
		bound, deleting bool
		want            string
	}{
		{name: "a namespace that it is for", change: func(*v1alpha1.EntraTenant) {}},
		{name: "a namespace that it is not for", change: func(o *v1alpha1.EntraTenant) { o.Spec.Namespaces = nil }, want: notFor},
		{name: "a deletion in a namespace that it is not for", change: func(o *v1alpha1.EntraTenant) { o.Spec.Namespaces = nil }, deleting: true},
		{name: "a new object while it is being deleted", change: func(o *v1alpha1.EntraTenant) { o.DeletionTimestamp = &at }, want: going},
		{name: "a bound object while it is being deleted", change: func(o *v1alpha1.EntraTenant) { o.DeletionTimestamp = &at }, bound: true},
		{name: "a deletion while it is being deleted", change: func(o *v1alpha1.EntraTenant) { o.DeletionTimestamp = &at }, deleting: true},
		{name: "a bound object of one that is abandoned", change: func(o *v1alpha1.EntraTenant) { o.Spec.Abandoned = true }, bound: true, want: abandoned},
		{name: "an abandoned one that is not for the namespace", change: func(o *v1alpha1.EntraTenant) {
			o.Spec.Abandoned, o.Spec.Namespaces = true, nil
		}, bound: true, want: notFor},
		{name: "one that never answered", change: func(o *v1alpha1.EntraTenant) { o.Status.TenantID = "" }, want: unknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			tenant := &v1alpha1.EntraTenant{
				ObjectMeta: metav1.ObjectMeta{Name: "corp"},
				Spec:       v1alpha1.EntraTenantSpec{Namespaces: &v1alpha1.NamespaceSelection{All: true}},
				Status:     v1alpha1.EntraTenantStatus{TenantID: "t", ClusterID: "c1"},
			}
			c.change(tenant)
			got := ""
			if err := usable(tenant, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "shop"}}, c.bound, c.deleting); err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
