package directory

import (
	"crypto/subtle"
	"slices"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// SeedPerson makes a user and returns the object ID.
func (d *Directory) SeedPerson(person SeedPerson) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.seedPerson(person)
}

func (d *Directory) seedPerson(person SeedPerson) string {
	if person.DisplayName == "" {
		person.DisplayName = person.UserPrincipalName
	}
	id := d.seedObject(User, person.ID, odata.Document{
		"displayName": person.DisplayName, "userPrincipalName": person.UserPrincipalName, "mail": nil,
	})
	d.passwords[id], d.administrators[id] = person.Password, person.Administrator
	return id
}

// AddMember makes an object a direct member of a group now. It reports whether the group is there.
func (d *Directory) AddMember(groupID, memberID string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.changeMembers(groupID, func(members []string) []string { return append(members, memberID) })
}

// RemoveMember is the reverse of AddMember.
func (d *Directory) RemoveMember(groupID, memberID string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.changeMembers(groupID, without(memberID))
}

func without(memberID string) func([]string) []string {
	return func(members []string) []string {
		return slices.DeleteFunc(members, func(id string) bool { return id == memberID })
	}
}

func (d *Directory) changeMembers(groupID string, change func([]string) []string) bool {
	r, ok := d.records[groupID]
	if !ok || r.latest() == nil || r.latest().Kind != Group {
		return false
	}
	group := r.latest().change()
	group.Members = change(group.Members)
	d.session(Caller{}).store(group)
	return true
}

// Person is a user as the token service sees it.
type Person struct {
	ObjectID, DisplayName, UserPrincipalName string
	Administrator                            bool
}

// People are the users that can sign in, in the order of creation.
func (d *Directory) People() []Person {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []Person
	for _, user := range d.session(Caller{}).List(User) {
		if d.passwords[user.ID] != "" {
			out = append(out, d.person(user))
		}
	}
	return out
}

// Person finds a user that can sign in by object ID or user principal name.
func (d *Directory) Person(name string) (Person, bool) {
	for _, p := range d.People() {
		if p.ObjectID == name || sameText(p.UserPrincipalName, name) {
			return p, true
		}
	}
	return Person{}, false
}

// SignIn finds the user with a name and a password.
func (d *Directory) SignIn(name, password string) (Person, bool) {
	p, ok := d.Person(name)
	if !ok {
		return Person{}, false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return p, subtle.ConstantTimeCompare([]byte(d.passwords[p.ObjectID]), []byte(password)) == 1
}

func (d *Directory) person(user *Object) Person {
	return Person{
		ObjectID: user.ID, DisplayName: odata.Text(user.Doc, "displayName"),
		UserPrincipalName: odata.Text(user.Doc, "userPrincipalName"), Administrator: d.administrators[user.ID],
	}
}

// ManagedIdentity is the servicePrincipalType of a managed identity.
const ManagedIdentity = "ManagedIdentity"

// SeedManagedIdentity makes the service principal of a managed identity, as Azure would. It has no application, and
// nobody can change or delete it through Graph. It returns the client ID and the object ID.
func (d *Directory) SeedManagedIdentity(displayName string) (clientID, objectID string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.seedIdentity(SeedIdentity{DisplayName: displayName})
}

func (d *Directory) seedIdentity(identity SeedIdentity) (clientID, objectID string) {
	if identity.ClientID == "" {
		identity.ClientID = d.newID()
	}
	clientID = lower(identity.ClientID)
	doc := d.beforeLag().blankPrincipal(clientID)
	doc["displayName"], doc["appDisplayName"] = identity.DisplayName, nil
	doc["appOwnerOrganizationId"] = nil
	doc["servicePrincipalType"] = ManagedIdentity
	doc["servicePrincipalNames"] = odata.Strings(clientID)
	return clientID, d.seedObject(ServicePrincipal, identity.ID, doc)
}

// checkModifiable refuses to change a managed identity, which Azure manages.
func checkModifiable(sp *Object) error {
	if odata.Text(sp.Doc, "servicePrincipalType") == ManagedIdentity {
		return odata.Forbidden()
	}
	return nil
}
