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

// operators are the roles of the manager itself, in one process and in two, and the only ones that write status.
var operators = []string{"entra-registrar", "entra-registrar-privileged"}

// No role that is shipped for users writes status: deletions in Entra go by it.
func TestRoles_NoneWritesStatus(t *testing.T) {
	t.Parallel()
	roles := shippedRoles(t)
	for _, operator := range operators {
		if !slices.ContainsFunc(roles, func(role rbacv1.ClusterRole) bool { return role.Name == operator }) {
			t.Fatalf("no role %s among %d", operator, len(roles))
		}
	}
	for _, role := range roles {
		for _, rule := range role.Rules {
			if slices.Contains(slices.Concat(rule.Verbs, rule.Resources, rule.APIGroups), "*") {
				t.Errorf("role %s has a wildcard: %v", role.Name, rule)
			}
			if !slices.Contains(operators, role.Name) && writesStatus(rule) {
				t.Errorf("role %s writes status: %v", role.Name, rule)
			}
		}
	}
}

// The operator may create neither objects of its kinds nor ServiceAccounts.
func TestRoles_OperatorCreatesNeitherKindsNorAccounts(t *testing.T) {
	t.Parallel()
	kinds := []string{
		"serviceaccounts", "appregistrations", "approleassignments", "delegatedpermissiongrants", "entratenants", "federatedcredentials",
		"registrationpolicies",
	}
	for _, role := range shippedRoles(t) {
		for _, rule := range role.Rules {
			if slices.Contains(operators, role.Name) && overlap(rule.Resources, kinds) && overlap(rule.Verbs, []string{"create", "delete", "deletecollection"}) {
				t.Errorf("role %s makes or deletes: %v", role.Name, rule)
			}
		}
	}
}

// Tenants and policies belong to cluster admins.
func TestRoles_NoneIsForTenantsAndPolicies(t *testing.T) {
	t.Parallel()
	for _, role := range shippedRoles(t) {
		for _, rule := range role.Rules {
			if !slices.Contains(operators, role.Name) && overlap(rule.Resources, []string{"entratenants", "registrationpolicies"}) {
				t.Errorf("role %s is about what decides: %v", role.Name, rule)
			}
		}
	}
}

// Whoever takes over the one cannot ask the other for permissions.
func TestRoles_TwoProcessesWriteNoKindInCommon(t *testing.T) {
	t.Parallel()
	written := map[string][]string{}
	for _, file := range []string{"../../config/privileged/role.yaml", "../../config/privileged/base/role.yaml"} {
		for _, role := range rolesIn(t, file) {
			for _, rule := range role.Rules {
				if slices.Contains(rule.APIGroups, "entra-registrar.dev") && overlap(rule.Verbs, []string{"patch", "update"}) {
					written[file] = append(written[file], rule.Resources...)
				}
			}
		}
	}
	privileged, base := written["../../config/privileged/role.yaml"], written["../../config/privileged/base/role.yaml"]
	if len(privileged) == 0 || len(base) == 0 || overlap(privileged, base) {
		t.Errorf("the privileged process writes %v, the other one %v", privileged, base)
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
	var roles []rbacv1.ClusterRole
	for _, pattern := range []string{"../../config/rbac/*.yaml", "../../config/privileged/*.yaml", "../../config/privileged/base/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("no files in %s: %v", pattern, err)
		}
		for _, file := range files {
			roles = append(roles, rolesIn(t, file)...)
		}
	}
	return roles
}

func rolesIn(t *testing.T, file string) []rbacv1.ClusterRole {
	t.Helper()
	text, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		t.Fatal(err)
	}
	var roles []rbacv1.ClusterRole
	decoder := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(text), 4096)
	for {
		var role rbacv1.ClusterRole
		if err := decoder.Decode(&role); errors.Is(err, io.EOF) {
			return roles
		} else if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if strings.HasSuffix(role.Kind, "Role") {
			roles = append(roles, role)
		}
	}
}
