package conformance

import (
	"net/http"
	"testing"
)

func TestOrganizationNamesTheTenantAndItsDomains(t *testing.T) {
	t.Parallel()
	// Application permissions say nothing of organization; the first caller's suffice to read the tenant's own id and domains
	// where the tenant lets applications read it at all.
	got := examined.first.call(t, http.MethodGet, "/organization", nil)
	if got.status == http.StatusForbidden {
		if fault := insufficient.mismatch(got); fault != "" {
			t.Errorf("%s\ngot  %s", fault, got)
		}
		return
	}
	if got.status != http.StatusOK || len(got.values()) != 1 {
		t.Fatalf("want one organization\ngot  %s", got)
	}
	one := got.values()[0]
	if text(one, "id") != examined.tenant || text(one, "displayName") == "" {
		t.Errorf("want the tenant with its name, got %v", one)
	}
	initial, standard := 0, 0
	for _, domain := range objects(one["verifiedDomains"]) {
		for _, name := range []string{"name", "type", "capabilities", "isInitial", "isDefault"} {
			if _, present := domain[name]; !present {
				t.Errorf("verifiedDomains: %s is missing in %v", name, domain)
			}
		}
		if domain["isInitial"] == true {
			initial++
		}
		if domain["isDefault"] == true {
			standard++
		}
	}
	if initial != 1 || standard != 1 {
		t.Errorf("want one initial and one default domain, got %v", one["verifiedDomains"])
	}
}
