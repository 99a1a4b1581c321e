package entratest

import (
	"context"
	"slices"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// Grants are those of a client.
func (d *Directory) Grants(_ context.Context, client string) ([]entra.Grant, error) {
	err := d.call("read grants of %s", client)
	return slices.DeleteFunc(slices.Clone(d.Consents), func(g entra.Grant) bool { return g.ClientID != client }), err
}

// CreateGrant makes one.
func (d *Directory) CreateGrant(_ context.Context, g entra.Grant) (entra.Grant, error) {
	if err := d.call("create grant %v", g.Scopes); err != nil {
		return entra.Grant{}, err
	}
	if d.indexOf(g.GrantKey) >= 0 {
		return entra.Grant{}, entra.ErrExists
	}
	g.ID = "new"
	d.Consents = append(d.Consents, g)
	return g, d.changed()
}

// ChangeGrant changes the scopes of one, and removes it where none is left.
func (d *Directory) ChangeGrant(_ context.Context, g entra.Grant, change entra.GrantChange) (entra.Grant, error) {
	if err := d.call("change grant +%v -%v", change.Add, change.Remove); err != nil {
		return entra.Grant{}, err
	}
	at := d.indexOf(g.GrantKey)
	switch {
	case at < 0 && len(change.Add) > 0:
		return entra.Grant{}, entra.ErrNotFound
	case at < 0:
		return entra.Grant{GrantKey: g.GrantKey}, nil
	}
	left := d.Consents[at]
	left.Scopes = slices.DeleteFunc(slices.Clone(left.Scopes), func(scope string) bool { return slices.Contains(change.Remove, scope) })
	left.Scopes = slices.Compact(slices.Sorted(slices.Values(slices.Concat(left.Scopes, change.Add))))
	if d.Consents = slices.Delete(slices.Clone(d.Consents), at, at+1); len(left.Scopes) > 0 {
		d.Consents = append(d.Consents, left)
	}
	return left, d.changed()
}

func (d *Directory) indexOf(key entra.GrantKey) int {
	return slices.IndexFunc(d.Consents, func(g entra.Grant) bool { return g.GrantKey == key })
}
