package faults_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	clocktesting "k8s.io/utils/clock/testing"

	"github.com/entra-registrar/entra-registrar/test/emulator/faults"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// service answers 204 and counts the requests that the middleware lets through.
type service struct {
	*faults.Middleware
	clock   *clocktesting.FakePassiveClock
	reached int
}

func newService() *service {
	s := &service{clock: clocktesting.NewFakePassiveClock(noon)}
	s.Middleware = faults.New(faults.Options{
		Clock: s.clock, TenantID: "t", NewID: func() string { return "id" },
		Caller: func(r *http.Request) string { return r.Header.Get("App") },
	})
	return s
}

func (s *service) ask(t *testing.T, app, method, path string) (answer *httptest.ResponseRecorder, dropped bool) {
	t.Helper()
	defer func() {
		if recover() != nil {
			dropped = true
		}
	}()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader("{}"))
	r.Header.Set("App", app)
	answer = httptest.NewRecorder()
	s.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		s.reached++
		w.WriteHeader(http.StatusNoContent)
	})).ServeHTTP(answer, r)
	return answer, false
}

func TestMiddleware_AnswersWithFault(t *testing.T) {
	t.Parallel()
	type outcome struct {
		Status, Reached int
		Dropped         bool
		RetryAfter      string
	}
	for name, test := range map[string]struct {
		fault faults.Fault
		want  outcome
	}{
		"nothing happens":                     {faults.Fault{}, outcome{Status: 204, Reached: 1}},
		"throttled, told how long":            {faults.Throttled(1500 * time.Millisecond), outcome{Status: 429, RetryAfter: "2"}},
		"throttled, told nothing":             {faults.Throttled(0), outcome{Status: 429}},
		"failed before anything happened":     {faults.ServerError(503), outcome{Status: 503}},
		"failed after it happened":            {faults.ServerError(500).AfterCommit(), outcome{Status: 500, Reached: 1}},
		"a gateway gave up after it happened": {faults.ServerError(504).AfterCommit(), outcome{Status: 504, Reached: 1}},
		"dropped before":                      {faults.ConnectionReset(), outcome{Dropped: true}},
		"dropped after":                       {faults.ConnectionReset().AfterCommit(), outcome{Reached: 1, Dropped: true}},
		"too close to another write":          {faults.ConcurrencyViolation(409), outcome{Status: 409}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService()
			s.SetFaults(func(*http.Request, int) faults.Fault { return test.fault })
			answer, dropped := s.ask(t, "a", "POST", "/v1.0/applications")
			got := outcome{Reached: s.reached, Dropped: dropped}
			if !dropped {
				got.Status, got.RetryAfter = answer.Code, answer.Header().Get("Retry-After")
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestMiddleware_WritesGraphsErrorBody(t *testing.T) {
	t.Parallel()
	s := newService()
	s.SetFaults(func(*http.Request, int) faults.Fault { return faults.ConcurrencyViolation(503) })
	answer, _ := s.ask(t, "a", "POST", "/v1.0/applications")
	want := `{"error":{"code":"Directory_ConcurrencyViolation","message":"Error due to concurrent requests being made to the tenant. ` +
		`Please wait briefly and retry.","innerError":{"date":"2026-11-21T12:00:00","request-id":"id","client-request-id":"id"}}}` + "\n"
	if diff := cmp.Diff(want, answer.Body.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestParseRandom_ReadsFlag(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]faults.Random{
		"":       {},
		"rate=0": {},
		"rate=0.1,kinds=429,503,reset,commit-then-500,concurrency": {
			Rate: 0.1, Kinds: []string{"429", "503", "reset", "commit-then-500", "concurrency"},
		},
		"kinds=reset,502,rate=1": {Rate: 1, Kinds: []string{"reset", "502"}},
	} {
		got, err := faults.ParseRandom(text)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%q: %v (-want +got)\n%s", text, err, diff)
		}
	}
	for _, text := range []string{
		"rate=2,kinds=429", "rate=NaN,kinds=429", "rate=x,kinds=429", "rate=0.5", "kinds=404", "kinds=", "429", "size=1",
		"rate=1,kinds=commit-then-429", "rate=1,kinds=commit-then-concurrency",
	} {
		if got, err := faults.ParseRandom(text); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
}

func TestRandom_IsRepeatableUnderOneSeed(t *testing.T) {
	t.Parallel()
	random := faults.Random{Rate: 0.3, Kinds: []string{"429", "reset", "commit-then-500", "concurrency"}}
	write := httptest.NewRequestWithContext(t.Context(), http.MethodPatch, "/v1.0/applications/1", nil)
	read := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v1.0/applications/1", nil)
	one, same, other := random.Func(1), random.Func(1), random.Func(2)
	met, differs := 0, false
	for n := range 1000 {
		if one(write, n) != same(write, n) {
			t.Fatalf("request %d differs under one seed", n)
		}
		differs = differs || one(write, n) != other(write, n)
		if one(write, n) != (faults.Fault{}) {
			met++
		}
		if fault := one(read, n); fault.Committed || fault.Code == "Directory_ConcurrencyViolation" {
			t.Fatalf("a read met %+v", fault)
		}
	}
	if met < 250 || met > 350 || !differs {
		t.Errorf("of 1000 requests %d met a fault; another seed differs: %v", met, differs)
	}
}

func TestQuota_RefusesWhatIsAboveIt(t *testing.T) {
	t.Parallel()
	s := newService()
	quota, err := faults.ParseQuota("Small")
	if err != nil {
		t.Fatal(err)
	}
	s.SetQuota(quota)
	percentages := map[string]bool{}
	for range 3000 {
		answer, _ := s.ask(t, "a", "POST", "/v1.0/applications")
		if answer.Code != http.StatusNoContent {
			t.Fatalf("refused after %d writes", s.reached)
		}
		percentages[answer.Header().Get("x-ms-throttle-limit-percentage")] = true
	}
	if diff := cmp.Diff(map[string]bool{"": true, "0.8": true, "0.9": true, "1.0": true}, percentages); diff != "" {
		t.Errorf("percentages (-want +got)\n%s", diff)
	}

	over, _ := s.ask(t, "a", "POST", "/v1.0/applications")
	wait, _ := strconv.Atoi(over.Header().Get("Retry-After"))
	got := []string{
		strconv.Itoa(over.Code), over.Header().Get("x-ms-throttle-scope"), over.Header().Get("x-ms-throttle-information"),
	}
	if diff := cmp.Diff([]string{"429", "Tenant_Application/Write/a/t", "WriteLimitExceeded"}, got); diff != "" || wait < 1 {
		t.Errorf("Retry-After %d (-want +got)\n%s", wait, diff)
	}
	if other, _ := s.ask(t, "b", "POST", "/v1.0/applications"); other.Code != http.StatusNoContent {
		t.Errorf("another application got %d", other.Code)
	}
	if read, _ := s.ask(t, "a", "GET", "/v1.0/applications/1"); read.Code != http.StatusNoContent {
		t.Errorf("a read got %d", read.Code)
	}
	s.clock.SetTime(noon.Add(time.Duration(wait) * time.Second))
	if later, _ := s.ask(t, "a", "POST", "/v1.0/applications"); later.Code != http.StatusNoContent {
		t.Errorf("after Retry-After got %d", later.Code)
	}
}

func TestQuota_CountsRefusedRetriesUpToALimit(t *testing.T) {
	t.Parallel()
	s := newService()
	s.SetQuota(faults.Quota{Writes: faults.Limit{Count: 10, Per: 10 * time.Second}})
	var last *httptest.ResponseRecorder
	for range 100 {
		last, _ = s.ask(t, "a", "POST", "/v1.0/applications")
	}
	got := []string{last.Header().Get("Retry-After"), last.Header().Get("x-ms-throttle-limit-percentage")}
	if diff := cmp.Diff([]string{"8", "1.8"}, got); diff != "" || s.reached != 10 {
		t.Errorf("%d passed (-want +got)\n%s", s.reached, diff)
	}
}

func TestCostOf_IsAsPublished(t *testing.T) {
	t.Parallel()
	for request, want := range map[string]faults.Cost{
		"GET /v1.0/applications":                                {Units: 2},
		"GET /v1.0/applications?$select=id":                     {Units: 1},
		"GET /v1.0/applications?$select=id&$top=5":              {Units: 1},
		"GET /v1.0/applications/1":                              {Units: 1},
		"GET /v1.0/applications/1?$expand=owners":               {Units: 2},
		"GET /v1.0/servicePrincipals/1/appRoleAssignments":      {Units: 2},
		"GET /v1.0/servicePrincipals/1/appRoleAssignedTo":       {Units: 1},
		"GET /v1.0/oauth2PermissionGrants/1":                    {Units: 2},
		"GET /v1.0/applications/1/extensionProperties":          {Units: 2},
		"POST /v1.0/directoryObjects/getByIds":                  {Units: 3},
		"POST /v1.0/applications":                               {Units: 1, Writes: 1},
		"PATCH /v1.0/applications(uniqueName='a')":              {Units: 1, Writes: 1},
		"DELETE /v1.0/servicePrincipals/1/appRoleAssignedTo/2":  {Units: 1, Writes: 1},
		"GET /beta/servicePrincipals(appId='1')?$expand=owners": {Units: 2},
		"GET /": {Units: 1},
	} {
		method, target, _ := strings.Cut(request, " ")
		got := faults.CostOf(httptest.NewRequestWithContext(t.Context(), method, target, nil))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", request, diff)
		}
	}
}

func TestParseQuota_TakesTenantSizes(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]int{"Small": 3500, "Medium": 5000, "Large": 8000, "off": 0, "": 0} {
		got, err := faults.ParseQuota(name)
		if err != nil || got.Units.Count != want {
			t.Errorf("%q: %v, %v", name, got, err)
		}
	}
	if _, err := faults.ParseQuota("small"); err == nil {
		t.Error(`"small" was taken`)
	}
}
