package delegatedpermissiongrant

import (
	"context"
	"reflect"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// cluster is a small one, in memory: fast enough to be asked a thousand times.
type cluster struct{ objects []client.Object }

// newCluster has what every object needs, and more.
func newCluster(more ...client.Object) *cluster {
	return &cluster{objects: append([]client.Object{
		&v1alpha1.EntraTenant{
			ObjectMeta: metav1.ObjectMeta{Name: "corp", UID: "tenant"},
			Spec:       v1alpha1.EntraTenantSpec{TenantID: "tenant-id", Namespaces: &v1alpha1.NamespaceSelection{All: true}},
			Status:     v1alpha1.EntraTenantStatus{TenantID: "tenant-id", ClusterID: "c1"},
		},
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "shop"}},
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "kube-system", UID: "cluster"}},
	}, more...)}
}

func (c *cluster) Get(_ context.Context, key client.ObjectKey, into client.Object, _ ...client.GetOption) error {
	for _, obj := range c.objects {
		if client.ObjectKeyFromObject(obj) == key && reflect.TypeOf(obj) == reflect.TypeOf(into) {
			reflect.ValueOf(into).Elem().Set(reflect.ValueOf(obj.DeepCopyObject()).Elem())
			return nil
		}
	}
	return apierrors.NewNotFound(schema.GroupResource{}, key.Name)
}

func (c *cluster) List(_ context.Context, into client.ObjectList, options ...client.ListOption) error {
	var asked client.ListOptions
	asked.ApplyOptions(options)
	items, err := meta.GetItemsPtr(into)
	if err != nil {
		return err
	}
	item := reflect.TypeOf(items).Elem().Elem()
	var found []runtime.Object
	for _, obj := range c.objects {
		here := asked.Namespace == "" || asked.Namespace == obj.GetNamespace()
		if here && reflect.TypeOf(obj) == reflect.PointerTo(item) {
			found = append(found, obj.DeepCopyObject())
		}
	}
	return meta.SetList(into, found)
}

// put replaces an object.
func (c *cluster) put(obj client.Object) {
	c.drop(obj)
	c.objects = append(c.objects, obj.DeepCopyObject().(client.Object))
}

// drop removes an object.
func (c *cluster) drop(obj client.Object) {
	var left []client.Object
	for _, other := range c.objects {
		if client.ObjectKeyFromObject(other) != client.ObjectKeyFromObject(obj) || reflect.TypeOf(other) != reflect.TypeOf(obj) {
			left = append(left, other)
		}
	}
	c.objects = left
}
