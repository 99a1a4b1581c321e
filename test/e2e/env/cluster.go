package env

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"

	"github.com/entra-registrar/entra-registrar/hack/controlplane"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/poll"
)

// Cluster is the API server as one user may use it. What must not fail ends the test.
type Cluster struct {
	Client client.Client

	t         testing.TB
	plane     *controlplane.ControlPlane
	namespace string
}

// Create makes objects.
func (c *Cluster) Create(objs ...client.Object) {
	c.t.Helper()
	for _, obj := range objs {
		if err := c.Client.Create(c.t.Context(), obj); err != nil {
			c.t.Fatalf("create %T %s: %v", obj, obj.GetName(), err)
		}
	}
}

// Delete asks for the deletion of objects.
func (c *Cluster) Delete(objs ...client.Object) {
	c.t.Helper()
	for _, obj := range objs {
		if err := client.IgnoreNotFound(c.Client.Delete(c.t.Context(), obj)); err != nil {
			c.t.Fatalf("delete %T %s: %v", obj, obj.GetName(), err)
		}
	}
}

// Get reads an object again; it reports whether it is there.
func (c *Cluster) Get(obj client.Object) bool {
	c.t.Helper()
	err := c.Client.Get(c.t.Context(), client.ObjectKeyFromObject(obj), obj)
	if client.IgnoreNotFound(err) != nil {
		c.t.Fatalf("get %T %s: %v", obj, obj.GetName(), err)
	}
	return err == nil
}

// Edit changes an object as a user would, and writes it.
func Edit[T client.Object](c *Cluster, obj T, change func(T)) {
	c.t.Helper()
	poll.Until(c.t, "edit "+obj.GetName(), func() bool {
		if !c.Get(obj) {
			c.t.Fatalf("%s is not there", obj.GetName())
		}
		change(obj)
		return c.Client.Update(c.t.Context(), obj) == nil
	})
}

// List gives the objects of the environment's namespace.
func (c *Cluster) List(list client.ObjectList) []client.Object {
	c.t.Helper()
	if err := c.Client.List(c.t.Context(), list, client.InNamespace(c.namespace)); err != nil {
		c.t.Fatal(err)
	}
	var found []client.Object
	if err := meta.EachListItem(list, func(o runtime.Object) error {
		found = append(found, o.(client.Object))
		return nil
	}); err != nil {
		c.t.Fatal(err)
	}
	return found
}

// Apply is server-side apply as a GitOps tool does it.
func (c *Cluster) Apply(obj client.Object) {
	c.t.Helper()
	if err := c.TryApply(obj); err != nil {
		c.t.Fatalf("apply %s: %v", obj.GetName(), err)
	}
}

// TryApply is Apply where it may be refused.
func (c *Cluster) TryApply(obj client.Object) error {
	kind, err := apiutil.GVKForObject(obj, c.Client.Scheme())
	if err != nil {
		return err
	}
	raw, err := json.Marshal(obj)
	if err != nil {
		return err
	}
	content := map[string]any{}
	if err := json.Unmarshal(raw, &content); err != nil {
		return err
	}
	delete(content, "status")
	applied := &unstructured.Unstructured{Object: content}
	applied.SetGroupVersionKind(kind)
	unstructured.RemoveNestedField(applied.Object, "metadata", "creationTimestamp")
	return c.Client.Apply(c.t.Context(), client.ApplyConfigurationFromUnstructured(applied), client.FieldOwner("gitops"), client.ForceOwnership)
}

// Kubectl runs it as a cluster admin, in the environment's namespace.
func (c *Cluster) Kubectl(input string, args ...string) error {
	flags := []string{"--kubeconfig", c.plane.Kubeconfig(), "-n", c.namespace}
	command := exec.CommandContext(c.t.Context(), c.plane.KubectlPath(), append(flags, args...)...)
	command.Stdin = strings.NewReader(input)
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("kubectl %s: %w: %s", strings.Join(args, " "), err, output)
	}
	return nil
}
