package directory

import (
	"time"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// Caller is who makes a request: the client and its service principal.
type Caller struct{ AppID, ObjectID string }

// Session is one request. It is valid inside Directory.Within only.
type Session struct {
	directory          *Directory
	caller             Caller
	now                time.Time
	credentialsWritten bool // the request has been let through to write credentials

	// The moments that this request's replica shows, by what is asked.
	read, write, owners, backing, lists, tokens time.Time
}

func (d *Directory) session(caller Caller) *Session {
	now, fraction, lag := d.now(), d.fraction(), d.lag
	d.expire(now)
	ago := func(own *Span) time.Time { return now.Add(-lag.span(own).at(fraction)) }
	return &Session{
		directory: d, caller: caller, now: now,
		read: ago(lag.Read), write: ago(lag.Write), owners: ago(lag.Owners),
		backing: ago(lag.Backing), lists: ago(lag.Lists), tokens: ago(lag.Tokens),
	}
}

// Now is the moment of the request.
func (s *Session) Now() time.Time { return s.now }

// TenantID is the tenant's ID.
func (s *Session) TenantID() string { return s.directory.options.TenantID }

// UseIndex makes the request look at the advanced index, which is twice as far behind.
func (s *Session) UseIndex() { s.read = s.read.Add(s.read.Sub(s.now)) }

// Owns reports whether the caller owns an object, as a replica shows it.
func (s *Session) Owns(o *Object) bool {
	seen := s.at(o.ID, s.owners)
	return seen != nil && seen.OwnedBy(s.caller.ObjectID)
}

// OwnsApplicationOf reports whether the caller owns the application behind a service principal.
func (s *Session) OwnsApplicationOf(sp *Object) bool {
	app := s.find(Application, Key{Property: "appId", Value: odata.Text(sp.Doc, "appId")}, s.owners)
	return app != nil && app.OwnedBy(s.caller.ObjectID)
}

// LinksOf is an object as its links are read: they may be older than its properties.
func (s *Session) LinksOf(o *Object) *Object {
	if seen := s.at(o.ID, s.lists); seen != nil {
		return seen
	}
	return &Object{Kind: o.Kind, ID: o.ID}
}

// Find reads a live object by a key as the request's replica shows it.
func (s *Session) Find(kind Kind, key Key) (*Object, error) {
	if o := s.find(kind, key, s.read); o != nil {
		return o, nil
	}
	return nil, odata.NotFound(key.Value)
}

// FindParent is Find for what hangs below an object: owners, federated credentials, assignments.
func (s *Session) FindParent(kind Kind, key Key) (*Object, error) {
	if o := s.find(kind, key, s.lists); o != nil {
		return o, nil
	}
	return nil, odata.NotFound(key.Value)
}

// Reference is the live object with an ID whatever its kind, as a link to it finds it.
func (s *Session) Reference(id string) (*Object, error) {
	if o := s.at(id, s.write); o != nil && o.Deleted.IsZero() {
		return o, nil
	}
	return nil, odata.NotFound(id)
}

// FindAny is the object behind an ID as a read shows it, live or deleted; nil when there is none.
func (s *Session) FindAny(id string) *Object { return s.at(id, s.read) }

// List is every live object of a kind in the order of creation, as the request's replica shows it.
func (s *Session) List(kind Kind) []*Object {
	return s.all(kind, s.read, func(o *Object) bool { return o.Deleted.IsZero() })
}

// Editable finds an object that is about to be changed: the look-up may find nothing or be stale, the edit happens at the
// primary. It returns the primary's state and the replica's.
func (s *Session) Editable(kind Kind, key Key) (primary, replica *Object, err error) {
	replica = s.find(kind, key, s.write)
	if replica == nil {
		return nil, nil, odata.NotFound(key.Value)
	}
	primary = s.directory.records[replica.ID].latest()
	if primary == nil || !primary.Deleted.IsZero() {
		return nil, nil, odata.NotFound(key.Value)
	}
	return primary, replica, nil
}

func (s *Session) at(id string, moment time.Time) *Object {
	if r, ok := s.directory.records[id]; ok {
		return r.asOf(moment)
	}
	return nil
}

func (s *Session) find(kind Kind, key Key, moment time.Time) *Object {
	for _, id := range s.directory.order[kind] {
		if key.Property == "" && !sameText(id, key.Value) {
			continue
		}
		o := s.directory.records[id].asOf(moment)
		if o != nil && o.Deleted.IsZero() && key.matches(o) {
			return o
		}
	}
	return nil
}

func (s *Session) all(kind Kind, moment time.Time, keep func(*Object) bool) []*Object {
	var out []*Object
	for _, id := range s.directory.order[kind] {
		if o := s.directory.records[id].asOf(moment); o != nil && keep(o) {
			out = append(out, o)
		}
	}
	return out
}

// primary is every object of a kind that exists now, deleted ones included: what uniqueness is decided on.
func (s *Session) primary(kind Kind) []*Object {
	return s.all(kind, s.now, func(*Object) bool { return true })
}
