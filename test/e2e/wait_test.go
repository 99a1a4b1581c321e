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
	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/faults"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// slow is a directory that lags, and asks every third time for patience.
func slow(_ *stage, o *emulator.Options) {
	o.Lag = directory.Lag{Max: 30 * time.Second}
	o.Faults = faults.Random{Rate: 0.3, Kinds: []string{"429", "503"}}
}

// edition is what the n-th edit makes of an application: something in the application, the principal and the Secret.
func edition(n int, spec *v1alpha1.AppRegistrationSpec) {
	required := n%2 == 0
	spec.DisplayName = fmt.Sprintf("Edition %d", n)
	spec.ServicePrincipal = &v1alpha1.ServicePrincipal{AssignmentRequired: &required}
	spec.Secret = &v1alpha1.Secret{Labels: map[string]string{"edition": fmt.Sprint(n)}}
	spec.AppRoles = nil
	exposing(fmt.Sprintf("Edition.%d", n))(spec)
}

// lacks says what an edition still lacks in Entra and in the Secret; empty where nothing.
func (s *stage) lacks(app *v1alpha1.AppRegistration, n int) string {
	inEntra := s.application(app.Status.ObjectID)
	principal := s.application(app.Status.ServicePrincipalObjectID)
	var lacking []string
	for what, there := range map[string]bool{
		"the name":             odata.Text(inEntra, "displayName") == fmt.Sprintf("Edition %d", n),
		"the roles":            fmt.Sprint(entryValues(inEntra, "appRoles")) == fmt.Sprintf("[Edition.%d]", n),
		"assignmentRequired":   odata.Flag(principal, "appRoleAssignmentRequired") == (n%2 == 0),
		"the Secret's edition": s.secretOf(app).Labels["edition"] == fmt.Sprint(n),
	} {
		if !there {
			lacking = append(lacking, what)
		}
	}
	return strings.Join(lacking, ", ")
}

func TestKubectlWaitPassesWhenEntraHoldsTheEditAndNotBefore(t *testing.T) {
	t.Parallel()
	s := newStage(t, slow)
	app := s.app("orders-api")
	edition(0, &app.Spec)
	s.create(app)
	s.ready(app)
	for n := 1; n <= 5; n++ {
		edit(s, app, func(obj *v1alpha1.AppRegistration) { edition(n, &obj.Spec) })
		var waiting sync.WaitGroup
		var failure error
		passed := make(chan struct{})
		waiting.Go(func() {
			defer close(passed)
			failure = s.kubectl("", "wait", "--for=condition=Ready", "appregistration/orders-api", "--timeout=2m")
		})
		s.clock.until(t, "kubectl wait passing", settleTime, func() bool {
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
		if lacking := s.lacks(app, n); lacking != "" {
			t.Errorf("kubectl wait passed, and edition %d lacks %s", n, lacking)
		}
	}
}

func TestNoVersionOfAnObjectIsReadyBeforeEntraHoldsTheEdit(t *testing.T) {
	t.Parallel()
	s := newStage(t, slow)
	app := s.app("orders-api")
	edition(0, &app.Spec)
	s.create(app)
	s.ready(app)
	passes := s.watchPasses(app)
	for n := 1; n <= 10; n++ {
		edit(s, app, func(obj *v1alpha1.AppRegistration) { edition(n, &obj.Spec) })
		if n%3 != 0 { // else the next edit comes while this one is under way
			s.ready(app)
		} else {
			s.clock.Step(time.Second)
		}
	}
	s.ready(app)
	if lacking := s.lacks(app, 10); lacking != "" {
		t.Errorf("the last edition lacks %s", lacking)
	}
	poll(t, "a pass of the last edition", func() bool { return passes.latest() == "Edition 10" })
}

// passes are the versions of an application that kubectl wait would let pass.
type passes struct {
	mutex sync.Mutex
	last  string
}

func (p *passes) latest() string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.last
}

// watchPasses holds every version that passes against Entra, which may be ahead of it, but never behind.
func (s *stage) watchPasses(app *v1alpha1.AppRegistration) *passes {
	s.t.Helper()
	client, err := dynamic.NewForConfig(cluster.Config())
	if err != nil {
		s.t.Fatal(err)
	}
	watch, err := client.Resource(v1alpha1.GroupVersion.WithResource("appregistrations")).Namespace(s.namespace).Watch(s.t.Context(), metav1.ListOptions{})
	if err != nil {
		s.t.Fatal(err)
	}
	var looking sync.WaitGroup
	s.t.Cleanup(func() { watch.Stop(); looking.Wait() })
	p := &passes{}
	objectID := app.Status.ObjectID
	looking.Go(func() {
		for event := range watch.ResultChan() {
			obj, is := event.Object.(*unstructured.Unstructured)
			if !is || !waitPasses(obj) {
				continue
			}
			name, _, _ := unstructured.NestedString(obj.Object, "spec", "displayName")
			if inEntra := odata.Text(s.application(objectID), "displayName"); number(inEntra) < number(name) {
				s.t.Errorf("%s is Ready, and Entra has %s", name, inEntra)
			}
			p.mutex.Lock()
			p.last = name
			p.mutex.Unlock()
		}
	})
	return p
}

// waitPasses computes what kubectl wait --for=condition=Ready does.
func waitPasses(obj *unstructured.Unstructured) bool {
	for _, c := range commonOf(obj).Conditions {
		if c.Type == v1alpha1.ConditionReady {
			return c.Status == metav1.ConditionTrue && c.ObservedGeneration >= obj.GetGeneration()
		}
	}
	return false
}

func number(edition string) int {
	n := -1
	_, _ = fmt.Sscanf(edition, "Edition %d", &n)
	return n
}
