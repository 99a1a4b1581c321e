package e2e

import (
	"testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

func TestWhatOthersDisabledIsNeverUndoneAndNoLongerWritten(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		of  func(identities) string
		set map[string]any
	}{
		"an application by an admin":       {theApplication, map[string]any{"isDisabled": true}},
		"an application by Microsoft":      {theApplication, map[string]any{"disabledByMicrosoftStatus": "DisabledDueToViolationOfServicesAgreement"}},
		"a service principal by an admin":  {thePrincipal, map[string]any{"accountEnabled": false}},
		"a service principal otherwise":    {thePrincipal, map[string]any{"isDisabled": true}},
		"a service principal by Microsoft": {thePrincipal, map[string]any{"disabledByMicrosoftStatus": "DisabledDueToViolationOfServicesAgreement"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, mallory := besieged(t)
			objs := s.story()
			mallory.create(objs...)
			mallory.ready(ours(objs)...)
			ids := s.identities("orders-api")
			s.clock.quiet(t)
			if !s.entra.Directory().Set(c.of(ids), c.set) {
				t.Fatal("there is nothing to disable")
			}
			app := s.app("orders-api")
			s.look(app)
			mallory.refused(app, v1alpha1.ReasonDisabled, ids.appID, "never undoes")

			untouched := s.untouched()
			trust := s.trust("late", "orders-api", "late")
			assignment := s.assignment("late", "orders-api", "orders-api", "Orders.Read.All")
			edit(mallory, app, func(a *v1alpha1.AppRegistration) {
				a.Spec.DisplayName = "renamed"
				a.Spec.AppRoles = append(a.Spec.AppRoles, v1alpha1.AppRole{Value: "Orders.Write.All", AllowedMemberTypes: []v1alpha1.MemberType{v1alpha1.MemberApplication}})
			})
			mallory.create(trust, assignment)
			for _, obj := range []object{app, trust, assignment} {
				mallory.refused(obj, v1alpha1.ReasonDisabled, "disabled in Entra")
			}
			untouched()

			// To delete and apply again is no way around it.
			mallory.delete(trust, assignment, app)
			mallory.gone(trust, assignment, app)
			again := s.app("orders-api", exposing("Orders.Read.All"))
			mallory.create(again)
			mallory.refused(again, v1alpha1.ReasonDisabled, ids.appID)
			for property, value := range c.set {
				if got := s.sees(c.of(ids)).Properties[property]; got != value {
					t.Errorf("%s is %v", property, got)
				}
			}
		})
	}
}
