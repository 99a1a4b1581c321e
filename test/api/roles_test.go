package api

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/util/yaml"
)

// operator is the role of the manager itself, and the only one that writes status.
const operator = "entra-registrar"

// TestNoShippedRoleWritesStatus : status is what a farewell goes by.
func TestNoShippedRoleWritesStatus(t *testing.T) {
	t.Parallel()
	roles := shippedRoles(t)
	if !slices.ContainsFunc(roles, func(role rbacv1.ClusterRole) bool { return role.Name == operator }) {
		t.Fatalf("no role %s among %d in config/rbac", operator, len(roles))
	}
	for _, role := range roles {
		for _, rule := range role.Rules {
			if slices.Contains(slices.Concat(rule.Verbs, rule.Resources, rule.APIGroups), "*") {
				t.Errorf("role %s has a wildcard: %v", role.Name, rule)
			}
			if role.Name != operator && writesStatus(rule) {
				t.Errorf("role %s writes status: %v", role.Name, rule)
			}
		}
	}
}

func TestTheOperatorDoesNotMakeObjectsOfItsKindsOrServiceAccounts(t *testing.T) {
	t.Parallel()
	kinds := []string{"serviceaccounts", "appregistrations", "approleassignments", "entratenants", "federatedcredentials"}
	for _, role := range shippedRoles(t) {
		for _, rule := range role.Rules {
			if role.Name == operator && overlap(rule.Resources, kinds) && overlap(rule.Verbs, []string{"create", "delete", "deletecollection"}) {
				t.Errorf("role %s makes or deletes: %v", role.Name, rule)
			}
		}
	}
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(one string) bool { return slices.Contains(b, one) })
}

func writesStatus(rule rbacv1.PolicyRule) bool {
	status := slices.ContainsFunc(rule.Resources, func(resource string) bool { return strings.HasSuffix(resource, "/status") })
	return status && overlap(rule.Verbs, []string{"create", "update", "patch", "delete", "deletecollection"})
}

// shippedRoles are all Roles and ClusterRoles under config.
func shippedRoles(t *testing.T) []rbacv1.ClusterRole {
	t.Helper()
	files, err := filepath.Glob("../../config/rbac/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in config/rbac: %v", err)
	}
	var roles []rbacv1.ClusterRole
	for _, file := range files {
		text, err := os.ReadFile(filepath.Clean(file))
		if err != nil {
			t.Fatal(err)
		}
		decoder := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(text), 4096)
		for {
			var role rbacv1.ClusterRole
			if err := decoder.Decode(&role); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			if strings.HasSuffix(role.Kind, "Role") {
				roles = append(roles, role)
			}
		}
	}
	return roles
}
