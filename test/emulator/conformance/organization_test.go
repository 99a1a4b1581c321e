package conformance

import (
	"net/http"
	"testing"
)

func TestOrganization_HasTenantAndDomains(t *testing.T) {
	t.Parallel()
	// None of the first caller's permissions is about the organization; a tenant may let it read the id and the domains all the same.
	got := examined.first.oneOf(t, []int{http.StatusOK, http.StatusForbidden}, http.MethodGet, "/organization", nil)
	if got.status != http.StatusOK {
		return
	}
	if found := got.values(); len(found) != 1 || text(found[0], "id") != examined.tenantID || text(found[0], "displayName") == "" {
		t.Fatalf("want the tenant with its name\ngot  %s", got)
	}
	domains := objects(got.values()[0]["verifiedDomains"])
	for _, domain := range domains {
		for _, name := range []string{"name", "type", "capabilities", "isInitial", "isDefault"} {
			if _, present := domain[name]; !present {
				t.Errorf("verifiedDomains: %s is missing in %v", name, domain)
			}
		}
	}
	if countFlagged(domains, "isInitial") != 1 || countFlagged(domains, "isDefault") != 1 {
		t.Errorf("want one initial and one default domain, got %v", domains)
	}
}

// countFlagged counts the objects in which a property is true.
func countFlagged(in []object, property string) int {
	n := 0
	for _, one := range in {
		if one[property] == true {
			n++
		}
	}
	return n
}
