package application

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

func TestIdentify_UniqueNames(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("n", 63)
	for _, c := range []struct{ name, clusterID, namespace, object, want string }{
		{"a short name says what it is", "c1", "shop", "orders-api", "k8s.c1.shop.orders-api"},
		{"120 characters stay", strings.Repeat("c", 20), strings.Repeat("n", 40), strings.Repeat("o", 54),
			"k8s." + strings.Repeat("c", 20) + "." + strings.Repeat("n", 40) + "." + strings.Repeat("o", 54)},
		{"121 characters are hashed", strings.Repeat("c", 20), strings.Repeat("n", 40), strings.Repeat("o", 55),
			"k8s.cccccccccccccccccccc.cfj7szqmfhoesnwfutwgxw6nxp"},
		{"the longest name is hashed", "c1", long, long, "k8s.c1.m4ndk36pwukm7c3lbluvtcoykh"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, uniqueName(c.clusterID, c.namespace, c.object)); diff != "" {
				t.Error("unique name, want - got +\n" + diff)
			}
		})
	}
}

func TestIdentify_NamesIDsAndTags(t *testing.T) {
	t.Parallel()
	id := Identify(object(), testBinding())
	got := append([]string{
		id.First, id.Second,
		id.entitlementID(listScopes, "Orders.Read"), id.entitlementID(listAppRoles, "Orders.Read"),
	}, id.tags()...)
	want := []string{
		"k8s.c1.shop.orders-api", "k8s.c1.shop.orders-api_0a1b2c3d",
		"2da982b6-77c9-5e92-8650-999cd37605e2", "a35556b7-7d19-57ef-b72a-fc6e21a9a731",
		"managed-by:entra-registrar", "k8s-cluster:c1", "k8s-cluster-uid:0123456789abcdef", "k8s-namespace-uid:ns-uid", "k8s-object:shop/orders-api",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("identity, want - got +\n" + diff)
	}
	renamed := Identify(object(func(o *v1alpha1.AppRegistration) { o.Name = "orders-api2" }), testBinding())
	if renamed.entitlementID(listScopes, "Orders.Read") == id.entitlementID(listScopes, "Orders.Read") {
		t.Error("two objects have the same ID for a scope of the same value")
	}
}
