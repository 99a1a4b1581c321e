package appregistration

import (
	"fmt"
	"testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// manyRoles is the most that a spec can have.
func manyRoles(obj *v1alpha1.AppRegistration) {
	for i := range 199 {
		obj.Spec.AppRoles = append(obj.Spec.AppRoles, v1alpha1.AppRole{
			Value: fmt.Sprintf("Orders.Part%03d.Read.All", i), AllowedMemberTypes: []v1alpha1.MemberType{v1alpha1.MemberApplication},
		})
	}
}

func BenchmarkDecide_InSync(b *testing.B) {
	for name, obj := range map[string]*v1alpha1.AppRegistration{"roles=1": object(bound), "roles=200": object(bound, manyRoles)} {
		b.Run(name, func(b *testing.B) {
			k, world := kind(), settled(obj)
			b.ReportAllocs()
			for b.Loop() {
				if d := k.Decide(obj, world, now); len(lines(d)) > 0 {
					b.Fatalf("it is not in sync: %v", lines(d))
				}
			}
		})
	}
}
