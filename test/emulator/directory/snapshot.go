package directory

import "github.com/entra-registrar/entra-registrar/test/emulator/odata"

// Snapshot is everything in the directory now, at the primary, in the order of creation.
type Snapshot struct {
	Live    []Entry
	Deleted []Entry // soft-deleted, and assignments and grants with such an end
}

// Entry is one object of a snapshot. Properties are a copy.
type Entry struct {
	Kind       Kind
	ID         string
	Properties odata.Document
	Owners     []string
	Federated  []odata.Document
}

// Snapshot copies the state for a test to count and compare. It takes no lag into account.
func (d *Directory) Snapshot() Snapshot {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.session(Caller{})
	s.read, s.lists = s.now, s.now
	var out Snapshot
	for _, kind := range []Kind{Application, ServicePrincipal, Assignment, User, Group, Grant} {
		for _, o := range s.primary(kind) {
			e := Entry{Kind: kind, ID: o.ID, Properties: s.Properties(o), Owners: append([]string(nil), o.Owners...)}
			for _, f := range o.Federated {
				e.Federated = append(e.Federated, odata.Clone(f))
			}
			if s.isLive(o) {
				out.Live = append(out.Live, e)
			} else {
				out.Deleted = append(out.Deleted, e)
			}
		}
	}
	return out
}

// isLive reports whether an object shows, which an assignment or a grant does as long as all its ends do.
func (s *Session) isLive(o *Object) bool {
	if o.Kind == Grant {
		return s.isGrantLiveAt(o, s.now)
	}
	if o.Kind == Assignment {
		return s.isLiveAt(odata.Text(o.Doc, "principalId"), s.now) && s.isLiveAt(odata.Text(o.Doc, "resourceId"), s.now)
	}
	return o.Deleted.IsZero()
}

// OfKind are the entries of one kind.
func OfKind(kind Kind, entries []Entry) []Entry {
	var out []Entry
	for _, e := range entries {
		if e.Kind == kind {
			out = append(out, e)
		}
	}
	return out
}
