package delegatedpermissiongrant

import (
	"fmt"
	"strings"

	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// about is what the steps of one object have in common.
type about struct {
	client, api string
	key         entra.GrantKey
	turns       *engine.Turns
	change      engine.Change
}

// turn waits for this object's turn to write, and gives the open connection.
func (a about) turn(hands engine.Hands, world *World) (entra.Directory, func(), error) {
	directory, err := hands.Tenants.Directory(world.Tenant.Key)
	if err != nil {
		return nil, nil, err
	}
	return directory, a.turns.Take(a.key.ClientID, a.key.ResourceID, a.key.UserID), nil
}

func (a about) users() string {
	if a.key.UserID != "" {
		return "user " + a.key.UserID
	}
	return "all users"
}

func (a about) tell(verb string, scopes []string) string {
	return fmt.Sprintf("%s %s of %s by %s for %s", verb, strings.Join(scopes, " "), a.api, a.client, a.users())
}

// told is what the audit log is told.
func (a about) told(action string, scopes []string) engine.Change {
	a.change.Action, a.change.Permission = action, fmt.Sprintf("%s (delegated, for %s)", strings.Join(scopes, " "), a.users())
	return a.change
}
