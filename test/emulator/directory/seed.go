package directory

import (
	"fmt"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory/firstparty"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// SeedClient is a client that exists from the start.
type SeedClient struct {
	ClientID    string // empty: a random one
	Secret      string // empty: none
	DisplayName string
	Roles       []string // values of Microsoft Graph's application permissions, granted by assignment
}

// Seeded are the IDs of a seeded client.
type Seeded struct{ ClientID, ApplicationObjectID, ServicePrincipalID string }

// Seed makes a client with its service principal, a secret and Graph permissions. Nothing of it lags: it was there before.
func (d *Directory) Seed(client SeedClient) (Seeded, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.beforeLag()
	app := &Object{Kind: Application, ID: d.newID(), Doc: blankApplication(), Created: s.now}
	if client.ClientID == "" {
		client.ClientID = d.newID()
	}
	app.Doc["appId"], app.Doc["displayName"] = lower(client.ClientID), client.DisplayName
	app.Doc["publisherDomain"] = d.options.VerifiedDomain
	if client.Secret != "" {
		s.seedSecret(app, client.Secret)
	}
	s.store(app)
	sp := &Object{Kind: ServicePrincipal, ID: d.newID(), Doc: s.blankPrincipal(lower(client.ClientID)), Created: s.now}
	s.store(sp)
	graph := s.find(ServicePrincipal, Key{Property: "appId", Value: firstparty.GraphAppID}, s.now)
	for _, value := range client.Roles {
		if err := s.seedRole(sp, graph, value); err != nil {
			return Seeded{}, err
		}
	}
	return Seeded{ClientID: lower(client.ClientID), ApplicationObjectID: app.ID, ServicePrincipalID: sp.ID}, nil
}

// beforeLag is a session whose writes every replica has: its moment is older than any lag.
func (d *Directory) beforeLag() *Session {
	at := d.now().AddDate(0, 0, -1)
	return &Session{directory: d, now: at, read: at, write: at, owners: at, backing: at, lists: at, tokens: at}
}

func (s *Session) seedSecret(app *Object, text string) {
	id := s.directory.newID()
	app.Doc["passwordCredentials"] = []any{odata.Document{
		"customKeyIdentifier": nil, "displayName": "seeded", "hint": text[:min(3, len(text))], "keyId": id, "secretText": nil,
		"startDateTime": Seconds(s.now), "endDateTime": Seconds(s.now.AddDate(2, 0, 0)),
	}}
	app.secretHashes = map[string]secretHash{id: hashSecret(id, text)}
}

func (s *Session) seedRole(sp, graph *Object, value string) error {
	for _, role := range firstparty.Graph.Roles {
		if role.Value != value {
			continue
		}
		s.store(&Object{Kind: Assignment, ID: s.newAssignmentID(), Created: s.now, Doc: odata.Document{
			"appRoleId": role.ID, "principalId": sp.ID, "resourceId": graph.ID,
			"principalType": "ServicePrincipal", "principalDisplayName": s.Properties(sp)["displayName"],
			"resourceDisplayName": "Microsoft Graph",
		}})
		return nil
	}
	return fmt.Errorf("seed client: Microsoft Graph has no application permission %q here", value)
}

// SeedUser makes a user that cannot sign in and returns its object ID: an owner, or a principal of assignments.
func (d *Directory) SeedUser(displayName, userPrincipalName string) string {
	return d.SeedPerson(SeedPerson{DisplayName: displayName, UserPrincipalName: userPrincipalName})
}

// SeedGroup makes a group and returns its object ID.
func (d *Directory) SeedGroup(displayName string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.seedObject(Group, "", odata.Document{"displayName": displayName})
}

// seedObject makes an object with an ID, or with a random one.
func (d *Directory) seedObject(kind Kind, id string, doc odata.Document) string {
	if id == "" {
		id = d.newID()
	}
	s := d.beforeLag()
	o := &Object{Kind: kind, ID: lower(id), Doc: doc, Created: s.now}
	s.store(o)
	return o.ID
}

// seedApplication makes an application of nobody.
func (d *Directory) seedApplication(uniqueName, displayName string, tags []string) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.beforeLag()
	o := &Object{Kind: Application, ID: d.newID(), Doc: blankApplication(), Created: s.now}
	o.Doc["appId"], o.Doc["displayName"], o.Doc["uniqueName"] = d.newID(), displayName, uniqueName
	o.Doc["tags"] = odata.Strings(tags...)
	if err := d.session(Caller{}).checkUniqueName(o, odata.Document{}); err != nil {
		return "", err
	}
	s.store(o)
	return o.ID, nil
}

// seedAPI makes the service principal of one of Microsoft's APIs: its application is in another tenant.
func (d *Directory) seedAPI(api firstparty.API) {
	s := d.beforeLag()
	doc := s.blankPrincipal(api.AppID)
	doc["displayName"], doc["appDisplayName"] = api.DisplayName, api.DisplayName
	doc["appOwnerOrganizationId"] = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
	doc["signInAudience"] = "AzureADMultipleOrgs"
	doc["servicePrincipalNames"] = odata.Strings(append([]string{api.AppID}, api.Names...)...)
	doc["oauth2PermissionScopes"], doc["appRoles"] = scopeDocuments(api.Scopes), roleDocuments(api.Roles)
	s.store(&Object{Kind: ServicePrincipal, ID: d.newID(), Doc: doc, Created: s.now.AddDate(-1, 0, 0)})
}

func roleDocuments(roles []firstparty.Permission) []any {
	out := []any{}
	for _, role := range roles {
		out = append(out, odata.Document{
			"allowedMemberTypes": odata.Strings("Application"), "description": role.Value, "displayName": role.Value,
			"id": role.ID, "isEnabled": true, "origin": "Application", "value": role.Value,
		})
	}
	return out
}

func scopeDocuments(scopes []firstparty.Permission) []any {
	out := []any{}
	for _, scope := range scopes {
		kind := "User"
		if scope.Admin {
			kind = "Admin"
		}
		out = append(out, odata.Document{
			"adminConsentDescription": scope.Value, "adminConsentDisplayName": scope.Value, "id": scope.ID, "isEnabled": true,
			"type": kind, "userConsentDescription": scope.Value, "userConsentDisplayName": scope.Value, "value": scope.Value,
		})
	}
	return out
}
