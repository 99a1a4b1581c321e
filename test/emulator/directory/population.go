package directory

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// Population are the users, groups and managed identities that are in the tenant from the start, beside the service principals that every
// tenant has. An ID that is empty becomes a random one of the seed.
type Population struct {
	Users             []SeedPerson   `json:"users,omitempty"`
	Groups            []SeedGroup    `json:"groups,omitempty"`
	ManagedIdentities []SeedIdentity `json:"managedIdentities,omitempty"`
}

// SeedPerson is a user that exists from the start and can sign in.
type SeedPerson struct {
	ID                string `json:"id,omitempty"`
	DisplayName       string `json:"displayName,omitempty"` // empty: the user principal name
	UserPrincipalName string `json:"userPrincipalName"`
	Password          string `json:"password,omitempty"`      // empty: cannot sign in
	Administrator     bool   `json:"administrator,omitempty"` // may consent for everybody
}

// SeedGroup is a group that exists from the start.
type SeedGroup struct {
	ID          string   `json:"id,omitempty"`
	DisplayName string   `json:"displayName"`
	Members     []string `json:"members,omitempty"` // user principal names of users in the same population
}

// SeedIdentity is a managed identity that exists from the start.
type SeedIdentity struct {
	ID          string `json:"id,omitempty"` // of the service principal
	ClientID    string `json:"clientId,omitempty"`
	DisplayName string `json:"displayName"`
}

// ReadPopulation reads one JSON object. A member that is not known, or more than the object, is an error.
func ReadPopulation(from io.Reader) (Population, error) {
	var p Population
	decoder := json.NewDecoder(from)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&p); err != nil {
		return p, fmt.Errorf("read the population: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return p, errors.New("read the population: there is more than one JSON object")
	}
	return p, nil
}

// Populate makes all of a population, or none of it where something is wrong with one entry. Nothing of it lags.
func (d *Directory) Populate(p Population) error {
	if err := p.check(); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	users := map[string]string{}
	for _, user := range p.Users {
		users[lower(user.UserPrincipalName)] = d.seedPerson(user)
	}
	for _, group := range p.Groups {
		id := d.seedObject(Group, group.ID, odata.Document{"displayName": group.DisplayName})
		for _, member := range group.Members {
			d.changeMembers(id, func(members []string) []string { return append(members, users[lower(member)]) })
		}
	}
	for _, identity := range p.ManagedIdentities {
		d.seedIdentity(identity)
	}
	return nil
}

// check reports everything that is wrong at once.
func (p Population) check() error {
	c := checker{seen: map[string]bool{}}
	for i, user := range p.Users {
		at := fmt.Sprintf("users[%d]", i)
		c.expect(strings.Count(user.UserPrincipalName, "@") == 1, at+".userPrincipalName", "%q is no name@domain", user.UserPrincipalName)
		c.unique(at+".userPrincipalName", user.UserPrincipalName)
		c.id(at+".id", user.ID)
	}
	for i, group := range p.Groups {
		at := fmt.Sprintf("groups[%d]", i)
		c.expect(group.DisplayName != "", at+".displayName", "there has to be one")
		c.id(at+".id", group.ID)
		for _, member := range group.Members {
			known := slices.ContainsFunc(p.Users, func(u SeedPerson) bool { return sameText(u.UserPrincipalName, member) })
			c.expect(known, at+".members", "there is no user %q", member)
		}
	}
	for i, identity := range p.ManagedIdentities {
		at := fmt.Sprintf("managedIdentities[%d]", i)
		c.expect(identity.DisplayName != "", at+".displayName", "there has to be one")
		c.id(at+".id", identity.ID)
		c.id(at+".clientId", identity.ClientID)
	}
	return errors.Join(c.problems...)
}

type checker struct {
	seen     map[string]bool
	problems []error
}

func (c *checker) expect(good bool, at, format string, args ...any) {
	if !good {
		c.problems = append(c.problems, fmt.Errorf("%s: %w", at, fmt.Errorf(format, args...)))
	}
}

func (c *checker) unique(at, value string) {
	value = lower(value)
	c.expect(!c.seen[value], at, "%q is used twice", value)
	c.seen[value] = true
}

func (c *checker) id(at, id string) {
	if id == "" {
		return
	}
	c.expect(len(id) == 36 && uuid.Validate(id) == nil, at, "%q is no GUID", id)
	c.unique(at, id)
}
