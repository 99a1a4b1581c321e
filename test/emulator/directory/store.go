package directory

import (
	"slices"
	"strings"
	"time"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// retention is how long old versions are kept at least, so that lag may be raised at run time.
const retention = 15 * time.Minute

// deletedFor is how long a soft-deleted object can be restored.
const deletedFor = 30 * 24 * time.Hour

// store makes a state of an object the newest one.
func (s *Session) store(o *Object) {
	d := s.directory
	r, ok := d.records[o.ID]
	if !ok {
		d.sequence++
		o.sequence = d.sequence
		r = &record{}
		d.records[o.ID] = r
		d.order[o.Kind] = append(d.order[o.Kind], o.ID)
		if o.Kind == Application {
			d.backing[odata.Text(o.Doc, "appId")] = o.ID
		}
	}
	copied := s.now.Add(d.lag.span(d.lag.Copy).at(d.fraction()))
	r.versions = append(r.versions, version{at: s.now, copied: copied, object: o})
	r.trim(s.now.Add(-max(retention, 2*d.lag.longest())))
}

// create stores a new object that counts against the caller's quota.
func (s *Session) create(o *Object) error {
	if o.Kind != Assignment && o.Kind != Grant {
		if err := s.checkQuota(); err != nil {
			return err
		}
	}
	o.Created, o.Creator = s.now, s.caller.ObjectID
	if o.ID == "" {
		o.ID = s.directory.newID()
	}
	s.store(o)
	return nil
}

// remove purges an object.
func (s *Session) remove(id string) {
	r := s.directory.records[id]
	r.versions = append(r.versions, version{at: s.now, copied: s.now})
}

// expire purges what was deleted longer ago than it can be restored.
func (d *Directory) expire(now time.Time) {
	for _, kind := range []Kind{Application, ServicePrincipal} {
		for _, id := range d.order[kind] {
			o := d.records[id].latest()
			if o != nil && !o.Deleted.IsZero() && !now.Before(o.Deleted.Add(deletedFor)) {
				d.records[id].versions = append(d.records[id].versions, version{at: now, copied: now})
			}
		}
	}
}

// sevenDigits is a time with the seven digits of a 201's createdDateTime; reads cut them off.
func sevenDigits(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.0000000Z") }

// Seconds is a time as reads show it.
func Seconds(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format("2006-01-02T15:04:05Z")
}

// Properties are an object's structural properties as a replica shows them.
func (s *Session) Properties(o *Object) odata.Document {
	doc := odata.Clone(o.Doc)
	doc["id"] = o.ID
	doc["deletedDateTime"] = Seconds(o.Deleted)
	if _, ok := doc["createdDateTime"]; ok || o.Kind == Application || o.Kind == ServicePrincipal || o.Kind == Assignment {
		doc["createdDateTime"] = Seconds(o.Created)
	}
	if o.Kind == ServicePrincipal {
		s.copyFromApplication(o, doc)
	}
	return doc
}

// CreatedProperties are the properties in the answer to a create: as Properties, with all digits of createdDateTime.
func (s *Session) CreatedProperties(o *Object) odata.Document {
	doc := s.Properties(o)
	doc["createdDateTime"] = sevenDigits(o.Created)
	return doc
}

func lower(s string) string { return strings.ToLower(s) }

// version is a state of one object; object is nil once it is purged.
type version struct {
	at     time.Time
	copied time.Time // when service principals see this version of their application
	object *Object
}

// record is the short history of one object, oldest first.
type record struct{ versions []version }

func (r *record) latest() *Object { return r.versions[len(r.versions)-1].object }

// asOf is the state that a replica shows which is at a moment in the past; nil when there was none.
func (r *record) asOf(moment time.Time) *Object {
	for _, v := range slices.Backward(r.versions) {
		if !v.at.After(moment) {
			return v.object
		}
	}
	return nil
}

// trim forgets what no replica can show any more; of a purged object the last state stays, for its service principal.
func (r *record) trim(horizon time.Time) {
	first := 0
	for i, v := range r.versions {
		if v.object != nil && !v.at.After(horizon) && !v.copied.After(horizon) {
			first = i
		}
	}
	r.versions = r.versions[first:]
}

func sameText(a, b string) bool { return strings.EqualFold(a, b) }
