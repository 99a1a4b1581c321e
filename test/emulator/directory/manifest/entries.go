package manifest

import (
	"net/http"
	"regexp"
	"slices"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// entryValue is the characters of a scope's or role's value.
var entryValue = regexp.MustCompile("^[0-9A-Za-z:!#$%&'()*+,\\-/;=?@\\[\\]^_{}~`<>|][0-9A-Za-z:!#$%&'()*+,\\-./;=?@\\[\\]^_{}~`<>|]*$")

const (
	rolesPath  = "appRoles"
	scopesPath = "api.oauth2PermissionScopes"
	zeroID     = "00000000-0000-0000-0000-000000000000"
)

func rolesOf(app odata.Document) []odata.Document { return odata.Documents(app, "appRoles") }

func scopesOf(app odata.Document) []odata.Document {
	return odata.Documents(app, "api", "oauth2PermissionScopes")
}

// entries checks roles and scopes, each and together.
func (r rules) entries(change Change) error {
	for _, role := range rolesOf(change.After) {
		if err := r.role(role); err != nil {
			return err
		}
	}
	scopes := scopesOf(change.After)
	if len(scopes) > r.limits.scopes {
		return invalid(scopesPath)
	}
	for _, scope := range scopes {
		if err := r.scope(scope); err != nil {
			return err
		}
	}
	return checkDistinct(change.After)
}

func (r rules) role(role odata.Document) error {
	members := odata.Texts(role, "allowedMemberTypes")
	for i, member := range members {
		if member != "User" && member != "Application" || slices.Contains(members[:i], member) {
			return invalid(rolesPath + ".allowedMemberTypes")
		}
	}
	switch {
	case r.limits.personal:
		return invalid(rolesPath)
	case len(members) == 0:
		return invalid(rolesPath + ".allowedMemberTypes")
	case odata.Text(role, "displayName") == "":
		return invalid(rolesPath + ".displayName")
	case odata.Text(role, "description") == "":
		return invalid(rolesPath + ".description")
	case role["value"] == nil:
		return entryID(role, rolesPath)
	}
	return r.entry(role, rolesPath)
}

func (r rules) scope(scope odata.Document) error {
	if kind := odata.Text(scope, "type"); kind != "User" && kind != "Admin" {
		return invalid(scopesPath + ".type")
	}
	if odata.Flag(scope, "isEnabled") {
		for _, property := range []string{"adminConsentDisplayName", "adminConsentDescription"} {
			if odata.Text(scope, property) == "" {
				return invalid(scopesPath + "." + property)
			}
		}
	}
	return r.entry(scope, scopesPath)
}

// entry is what roles and scopes have in common. Origin is read-only; what was read may be sent back.
func (r rules) entry(entry odata.Document, path string) error {
	value := odata.Text(entry, "value")
	if !entryValue.MatchString(value) {
		return invalid(path + ".value")
	}
	if length(value) > r.limits.value {
		return tooLong(path + ".value")
	}
	return entryID(entry, path)
}

func entryID(entry odata.Document, path string) error {
	if odata.Text(entry, "id") == zeroID {
		return invalid(path + ".id")
	}
	if origin := entry["origin"]; origin != nil && origin != "Application" {
		return invalid(path + ".origin")
	}
	return nil
}

// checkDistinct refuses an ID that is twice in a list, and a value that has two IDs in both lists together. A role and a scope may share
// an ID where all that they have in common is equal.
func checkDistinct(app odata.Document) error {
	ids, values := map[string]odata.Document{}, map[string]string{}
	for _, list := range []struct {
		path    string
		entries []odata.Document
	}{{rolesPath, rolesOf(app)}, {scopesPath, scopesOf(app)}} {
		own := map[string]bool{}
		for _, entry := range list.entries {
			id, value := odata.Text(entry, "id"), odata.Text(entry, "value")
			other, shared := ids[id]
			if own[id] || shared && !sameEntitlement(other, entry) {
				return odata.BadRequest("It contains duplicate value. Property %s.id must be unique.", list.path).With("InvalidValue", list.path)
			}
			if taken, ok := values[value]; ok && taken != id && value != "" {
				return odata.BadRequest("It contains duplicate value. Property %s.value must be unique.", list.path).With("InvalidValue", list.path)
			}
			own[id], ids[id], values[value] = true, entry, id
		}
	}
	return nil
}

func sameEntitlement(role, scope odata.Document) bool {
	return role["value"] == scope["value"] && role["isEnabled"] == scope["isEnabled"] &&
		role["displayName"] == scope["adminConsentDisplayName"] && role["description"] == scope["adminConsentDescription"]
}

// entitlements refuses to remove an enabled scope or role, or to give it another value. Both the primary and the replica that the
// request reads must show it disabled.
func (r rules) entitlements(change Change) error {
	for _, target := range []string{rolesPath, scopesPath} {
		list := rolesOf
		if target == scopesPath {
			list = scopesOf
		}
		after, stale := byID(list(change.After)), byID(list(change.Stale))
		for _, before := range list(change.Before) {
			id := odata.Text(before, "id")
			next, kept := after[id]
			if kept && next["value"] == before["value"] {
				continue
			}
			if odata.Flag(before, "isEnabled") || odata.Flag(stale[id], "isEnabled") {
				return odata.Refused(http.StatusBadRequest, "CannotDeleteOrUpdateEnabledEntitlement",
					"Permission (scope or role) cannot be deleted or updated unless disabled first.").
					With("CannotDeleteOrUpdateEnabledEntitlement", target)
			}
		}
	}
	return nil
}

func byID(entries []odata.Document) map[string]odata.Document {
	out := map[string]odata.Document{}
	for _, entry := range entries {
		out[odata.Text(entry, "id")] = entry
	}
	return out
}
