package faults

import (
	"fmt"
	"time"
)

// Limit is a number of units within a period. The zero Limit is none.
type Limit struct {
	Count int
	Per   time.Duration
}

// Quota are the published limits that the clients of one tenant can reach. The limits of an application over all tenants, and of requests
// of any kind, are many times higher and left out. The zero Quota is none.
type Quota struct {
	Units        Limit // resource units of one application in the tenant
	Writes       Limit // writes of one application in the tenant
	TenantWrites Limit // writes of all applications in the tenant
}

// ParseQuota is the quota of a tenant's size: Small (under 50 users), Medium (50 to 500), Large; off is none.
func ParseQuota(name string) (Quota, error) {
	units := map[string]int{"Small": 3500, "Medium": 5000, "Large": 8000}[name]
	switch {
	case units > 0:
		return Quota{
			Units:        Limit{Count: units, Per: 10 * time.Second},
			Writes:       Limit{Count: 3000, Per: 150 * time.Second},
			TenantWrites: Limit{Count: 18000, Per: 300 * time.Second},
		}, nil
	case name == "off" || name == "":
		return Quota{}, nil
	default:
		return Quota{}, fmt.Errorf("quota %q is none of off, Small, Medium, Large", name)
	}
}
