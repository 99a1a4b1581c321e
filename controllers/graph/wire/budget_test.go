package wire

import (
	"errors"
	"net/http"
	"net/url"
	"testing"
	"time"

	clocktesting "k8s.io/utils/clock/testing"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func newTestBudget(size string) (*Budget, func(time.Duration)) {
	clock := clocktesting.NewFakePassiveClock(noon)
	return NewBudget(clock, size), func(d time.Duration) { clock.SetTime(clock.Now().Add(d)) }
}

// spendAll takes until the budget says no, and returns for how long.
func spendAll(b *Budget, p cost) (taken int, wait time.Duration) {
	for {
		if err := b.take(p); err != nil {
			var slow entra.Throttled
			errors.As(err, &slow)
			return taken, slow.After
		}
		taken++
	}
}

func TestBudget_StaysWithinTheQuotaInEveryWindow(t *testing.T) {
	t.Parallel()
	b, advance := newTestBudget("Small")
	reads := 0
	for range 11 { // ten seconds
		taken, _ := spendAll(b, cost{units: 1})
		reads += taken
		advance(time.Second)
	}
	if reads > 3500 || reads < 3400 {
		t.Errorf("%d resource units in ten seconds of 3500", reads)
	}
	b, advance = newTestBudget("Small")
	writes := 0
	for range 151 {
		taken, _ := spendAll(b, cost{units: 1, writes: 1})
		writes += taken
		advance(time.Second)
	}
	if writes > 3010 || writes < 2900 {
		t.Errorf("%d writes in 150 seconds of 3000", writes)
	}
}

func TestBudget_SaysHowLongToWaitWhenItIsSpent(t *testing.T) {
	t.Parallel()
	b, advance := newTestBudget("Small")
	_, wait := spendAll(b, cost{units: 1, writes: 1})
	if wait != 100*time.Millisecond {
		t.Errorf("wait %s, want a tenth of a second at ten writes a second", wait)
	}
	if err := b.take(cost{units: 1}); err != nil {
		t.Errorf("reads go on when the writes are spent: %v", err)
	}
	advance(wait)
	if err := b.take(cost{units: 1, writes: 1}); err != nil {
		t.Errorf("after the wait: %v", err)
	}
}

func TestBudget_IsLargerForALargerTenant(t *testing.T) {
	t.Parallel()
	small, _ := newTestBudget("Small")
	large, _ := newTestBudget("Large")
	few, _ := spendAll(small, cost{units: 1})
	many, _ := spendAll(large, cost{units: 1})
	if few != 1750 || many != 4000 {
		t.Errorf("%d and %d at once", few, many)
	}
}

func TestBudget_PaysLaterWhatGraphChargesMore(t *testing.T) {
	t.Parallel()
	b, _ := newTestBudget("Small")
	b.charge(cost{units: 1}, 1001)
	if taken, _ := spendAll(b, cost{units: 1}); taken != 750 {
		t.Errorf("%d left of 1750", taken)
	}
}

func TestBudget_PauseHoldsAllBackAndIsNeverShortened(t *testing.T) {
	t.Parallel()
	b, advance := newTestBudget("Small")
	b.pause(time.Minute)
	if rest := b.pause(time.Second); rest != time.Minute {
		t.Errorf("shortened to %s", rest)
	}
	advance(59 * time.Second)
	if err := b.take(cost{units: 1}); !errors.Is(err, entra.Throttled{After: time.Second}) {
		t.Errorf("%v", err)
	}
	advance(time.Second)
	if err := b.take(cost{units: 1}); err != nil {
		t.Error(err)
	}
	if rest := b.pause(0); rest != defaultPause {
		t.Errorf("a pause of unknown length is %s", rest)
	}
}

func TestCostOf_CountsUnitsAndWrites(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		method, target string
		want           cost
	}{
		{http.MethodGet, "/v1.0/applications/1", cost{1, 0}},
		{http.MethodGet, "/v1.0/applications/1?$select=id&$expand=federatedIdentityCredentials", cost{1, 0}},
		{http.MethodGet, "/v1.0/servicePrincipals/1?$expand=appRoleAssignments", cost{2, 0}},
		{http.MethodGet, "/v1.0/servicePrincipals/1/appRoleAssignments?$top=999", cost{2, 0}},
		{http.MethodGet, "/v1.0/servicePrincipals/1/appRoleAssignments?$top=5", cost{1, 0}},
		{http.MethodGet, "/v1.0/users/1/appRoleAssignments?$filter=resourceId+eq+2", cost{2, 0}},
		{http.MethodGet, "/v1.0/oauth2PermissionGrants?$filter=clientId+eq+'1'", cost{2, 0}},
		{http.MethodGet, "/v1.0/oauth2PermissionGrants/1", cost{2, 0}},
		{http.MethodPatch, "/v1.0/applications/1", cost{1, 1}},
		{http.MethodPost, "/v1.0/applications", cost{1, 1}},
	} {
		target, err := url.Parse(test.target)
		if err != nil {
			t.Fatal(err)
		}
		if got := costOf(test.method, target); got != test.want {
			t.Errorf("%s %s: %v, want %v", test.method, test.target, got, test.want)
		}
	}
}

func TestMetrics_ResourcesHaveNoKeys(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/v1.0/applications(uniqueName='applications')":                  "applications",
		"/v1.0/applications/1/federatedIdentityCredentials/2":            "applications/federatedIdentityCredentials",
		"/v1.0/users/1/appRoleAssignments":                               "users/appRoleAssignments",
		"/v1.0/oauth2PermissionGrants/1":                                 "oauth2PermissionGrants",
		"/v1.0/directory/deletedItems/microsoft.graph.application":       "directory/deletedItems/microsoft.graph.application",
		"/v1.0/servicePrincipals/owners-like-key/appRoleAssignedTo/xyz=": "servicePrincipals/appRoleAssignedTo",
	} {
		if got := resourceOf(path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}
