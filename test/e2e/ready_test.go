package e2e

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/dynamic"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/poll"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/faults"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// withLagAndThrottling has a directory that lags, and throttles every third request.
func withLagAndThrottling(_ *env.Env, o *emulator.Options) {
	o.Lag = directory.Lag{Max: 30 * time.Second}
	o.Faults = faults.Random{Rate: 0.3, Kinds: []string{"429", "503"}}
}

// revise makes the n-th edit: it changes something in the application, the service principal and the Secret.
func revise(n int, spec *v1alpha1.AppRegistrationSpec) {
	required := n%2 == 0
	spec.DisplayName = fmt.Sprintf("Edition %d", n)
	spec.ServicePrincipal = &v1alpha1.ServicePrincipal{AssignmentRequired: &required}
	spec.Secret = &v1alpha1.Secret{Labels: map[string]string{"edition": fmt.Sprint(n)}}
	spec.AppRoles = nil
	with.AppRoles(fmt.Sprintf("Edition.%d", n))(spec)
}

// missing is what of the n-th edit is not in Entra and in the Secret; empty where all is.
func missing(e *env.Env, app *v1alpha1.AppRegistration, n int) string {
	inEntra := e.Tenant.Properties(app.Status.ObjectID)
	principal := e.Tenant.Properties(app.Status.ServicePrincipalObjectID)
	var lacking []string
	for what, there := range map[string]bool{
		"the name":             odata.Text(inEntra, "displayName") == fmt.Sprintf("Edition %d", n),
		"the roles":            fmt.Sprint(entryValues(inEntra, "appRoles")) == fmt.Sprintf("[Edition.%d]", n),
		"assignmentRequired":   odata.Flag(principal, "appRoleAssignmentRequired") == (n%2 == 0),
		"the Secret's edition": secretOf(e, app).Labels["edition"] == fmt.Sprint(n),
	} {
		if !there {
			lacking = append(lacking, what)
		}
	}
	return strings.Join(lacking, ", ")
}

// kubectl wait passes when Entra holds the edit, and not before.
func TestReady_KubectlWaitPassesWithEdit(t *testing.T) {
	t.Parallel()
	e := env.New(t, withLagAndThrottling)
	app := e.AppRegistration("orders-api")
	revise(0, &app.Spec)
	e.Cluster.Create(app)
	e.Status.WaitReady(app)
	for n := 1; n <= 5; n++ {
		env.Edit(e.Cluster, app, func(obj *v1alpha1.AppRegistration) { revise(n, &obj.Spec) })
		var waiting sync.WaitGroup
		var failure error
		passed := make(chan struct{})
		waiting.Go(func() {
			defer close(passed)
			failure = e.Cluster.Kubectl("", "wait", "--for=condition=Ready", "appregistration/orders-api", "--timeout=2m")
		})
		e.Clock.WaitUntil("kubectl wait passing", env.SettleTime, func() bool {
			select {
			case <-passed:
				return true
			default:
				return false
			}
		})
		waiting.Wait()
		if failure != nil {
			t.Fatal(failure)
		}
		if lacking := missing(e, app, n); lacking != "" {
			t.Errorf("kubectl wait passed, and edition %d lacks %s", n, lacking)
		}
	}
}

// No version of an object is Ready before Entra holds the edit.
func TestReady_NeverBeforeEntraHoldsEdit(t *testing.T) {
	t.Parallel()
	e := env.New(t, withLagAndThrottling)
	app := e.AppRegistration("orders-api")
	revise(0, &app.Spec)
	e.Cluster.Create(app)
	e.Status.WaitReady(app)
	passes := watchReady(e, app)
	for n := 1; n <= 10; n++ {
		env.Edit(e.Cluster, app, func(obj *v1alpha1.AppRegistration) { revise(n, &obj.Spec) })
		if n%3 != 0 { // else the next edit comes while this one is under way
			e.Status.WaitReady(app)
		} else {
			e.Clock.Step(time.Second)
		}
	}
	e.Status.WaitReady(app)
	if lacking := missing(e, app, 10); lacking != "" {
		t.Errorf("the last edition lacks %s", lacking)
	}
	poll.Until(t, "a pass of the last edition", func() bool { return passes.latest() == "Edition 10" })
}

// readyVersions are the versions of an application with which kubectl wait would pass.
type readyVersions struct {
	mutex sync.Mutex
	last  string
}

func (p *readyVersions) latest() string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.last
}

// watchReady compares every version that passes with Entra, which may be ahead of it, but never behind.
func watchReady(e *env.Env, app *v1alpha1.AppRegistration) *readyVersions {
	e.T.Helper()
	client, err := dynamic.NewForConfig(e.ControlPlane.Config())
	if err != nil {
		e.T.Fatal(err)
	}
	apps := client.Resource(v1alpha1.GroupVersion.WithResource("appregistrations"))
	watch, err := apps.Namespace(e.Namespace).Watch(e.T.Context(), metav1.ListOptions{})
	if err != nil {
		e.T.Fatal(err)
	}
	var looking sync.WaitGroup
	e.T.Cleanup(func() { watch.Stop(); looking.Wait() })
	p := &readyVersions{}
	objectID := app.Status.ObjectID
	looking.Go(func() {
		for event := range watch.ResultChan() {
			obj, is := event.Object.(*unstructured.Unstructured)
			if !is || !isReadyFor(obj) {
				continue
			}
			name, _, _ := unstructured.NestedString(obj.Object, "spec", "displayName")
			if inEntra := odata.Text(e.Tenant.Properties(objectID), "displayName"); revisionOf(inEntra) < revisionOf(name) {
				e.T.Errorf("%s is Ready, and Entra has %s", name, inEntra)
			}
			p.mutex.Lock()
			p.last = name
			p.mutex.Unlock()
		}
	})
	return p
}

// isReadyFor reports whether kubectl wait --for=condition=Ready passes.
func isReadyFor(obj *unstructured.Unstructured) bool {
	for _, c := range env.CommonStatusOf(obj).Conditions {
		if c.Type == v1alpha1.ConditionReady {
			return c.Status == metav1.ConditionTrue && c.ObservedGeneration >= obj.GetGeneration()
		}
	}
	return false
}

func revisionOf(edition string) int {
	n := -1
	_, _ = fmt.Sscanf(edition, "Edition %d", &n)
	return n
}
