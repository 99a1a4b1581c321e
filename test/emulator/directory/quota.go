package directory

import (
	"net/http"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// SetObjectQuota limits how many applications and service principals a principal may have made, soft-deleted ones
// included; zero takes the limit away.
func (d *Directory) SetObjectQuota(principalID string, objects int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.quotas[lower(principalID)] = objects
}

func (s *Session) checkQuota() error {
	limit := s.directory.quotas[lower(s.caller.ObjectID)]
	if limit == 0 {
		return nil
	}
	count := 0
	for _, kind := range []Kind{Application, ServicePrincipal} {
		for _, o := range s.primary(kind) {
			if sameText(o.Creator, s.caller.ObjectID) {
				count++
			}
		}
	}
	if count < limit {
		return nil
	}
	return odata.Refused(http.StatusForbidden, "Directory_QuotaExceeded",
		"The directory object quota limit for the Principal has been exceeded. Please ask your administrator to increase "+
			"the quota limit or delete objects to reduce the used quota.")
}
