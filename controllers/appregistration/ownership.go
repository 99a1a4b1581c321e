package appregistration

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// evidence is what a takeover is judged by, beside the application itself.
type evidence struct {
	owners entra.Observed[[]string]
	trust  entra.Observed[entra.Trust]
	// kin are the object IDs of former identities of the operator.
	kin []string
}

// owns tells whether the operator, as it is or as it was, is an owner.
func (e evidence) owns(operator string) bool {
	return slices.ContainsFunc(e.owners.Value, func(owner string) bool { return owner == operator || slices.Contains(e.kin, owner) })
}

// gather reads an application's owners and federated credentials at once.
func gather(ctx context.Context, reader entra.Reader, world World, objectID string) (evidence, error) {
	var (
		found evidence
		errs  [3]error
	)
	found.owners, errs[0] = entra.Observe(reader.ApplicationOwners(ctx, objectID))
	found.trust, errs[1] = entra.Observe(reader.Trust(ctx, objectID))
	found.kin, errs[2] = kin(ctx, reader, world.Tenant.ClientIDs)
	if err := errors.Join(errs[:]...); err != nil {
		return evidence{}, fmt.Errorf("look whose the application is: %w", err)
	}
	return found, nil
}

// kin finds the principals of former identities: what they own is ours too. The first client ID is the current one.
func kin(ctx context.Context, reader entra.Reader, clientIDs []string) ([]string, error) {
	var ids []string
	for i, clientID := range clientIDs {
		if i == 0 {
			continue
		}
		former, err := entra.Observe(reader.ServicePrincipal(ctx, clientID))
		if err != nil {
			return nil, err
		}
		if former.IsPresent() {
			ids = append(ids, former.Value.ObjectID)
		}
	}
	return ids, nil
}

// judge says what speaks against the live application being ours; nothing: it is. Where known is false, Entra does not show yet
// what it takes to tell.
func judge(id identity, world World) (faults []string, known bool) {
	app := world.application.Value
	switch world.found {
	case made:
		return nil, true
	case byRecord:
		return id.contradictions(app), true
	default:
		if faults = append(id.strange(app), id.credentials(app)...); len(faults) > 0 {
			return faults, true
		}
		return id.testimony(app, world)
	}
}

// contradictions are marks of somebody else on an application that we have a record of. A mark that is missing is repaired.
func (id identity) contradictions(app entra.Application) []string {
	var faults []string
	if !id.named(app.UniqueName) {
		faults = append(faults, fmt.Sprintf("its unique name is %q", app.UniqueName))
	}
	for _, m := range id.marks() {
		if tags := marked(app.Tags, m.prefix); len(tags) > 0 && !entra.Marked(app.Tags, m.prefix, m.values...) {
			faults = append(faults, fmt.Sprintf("its tags name another owner: %q", strings.Join(tags, " ")))
		}
	}
	return faults
}

// strange is what an application, live or deleted, that we have no record of must not show: other marks or none, another maker.
func (id identity) strange(app entra.Application) []string {
	var faults []string
	if !id.named(app.UniqueName) {
		faults = append(faults, fmt.Sprintf("its unique name is %q", app.UniqueName))
	}
	for _, m := range id.marks() {
		if entra.Marked(app.Tags, m.prefix, m.values...) {
			continue
		}
		if tags := marked(app.Tags, m.prefix); len(tags) > 0 {
			faults = append(faults, fmt.Sprintf("its tags name another owner: %q", strings.Join(tags, " ")))
		} else {
			faults = append(faults, "it has no tag "+m.prefix+m.values[0])
		}
	}
	if app.CreatedByAppID != "" && !slices.Contains(id.tenant.ClientIDs, app.CreatedByAppID) {
		faults = append(faults, fmt.Sprintf("it was created by application %q", app.CreatedByAppID))
	}
	return faults
}

// credentials on an application that no object asks for: no kind makes passwords or keys yet.
func (id identity) credentials(app entra.Application) []string {
	var faults []string
	for _, key := range app.Passwords {
		faults = append(faults, fmt.Sprintf("it has a password, key ID %q", key))
	}
	for _, key := range app.Keys {
		faults = append(faults, fmt.Sprintf("it has a key, key ID %q", key))
	}
	return faults
}

// testimony is what owners and federated credentials say against an application.
func (id identity) testimony(app entra.Application, world World) (faults []string, known bool) {
	seen := world.evidence
	if !seen.owners.IsPresent() || !seen.trust.IsPresent() {
		return nil, false
	}
	for _, owner := range seen.owners.Value {
		if owner != id.tenant.ObjectID && !slices.Contains(seen.kin, owner) {
			faults = append(faults, fmt.Sprintf("it has an owner that is not the operator: %q", owner))
		}
	}
	if app.CreatedByAppID == "" && !seen.owns(id.tenant.ObjectID) {
		faults = append(faults, "Entra does not say who created it, and the operator is not its owner")
	}
	for _, credential := range seen.trust.Value.Credentials {
		if !slices.Contains(world.asked, credential.Name) {
			faults = append(faults, fmt.Sprintf("it has a federated credential that no FederatedCredential here asks for: %q", credential.Name))
		}
	}
	return faults, true
}

// mine tells whether a farewell may take the live application away. Without a record it must carry our marks and be our making;
// what others have added to it since does not matter.
func mine(id identity, world World) (yes, known bool) {
	app := world.application.Value
	switch {
	case world.found != byName:
		return len(id.contradictions(app)) == 0, true
	case len(id.strange(app)) > 0:
		return false, true
	case app.CreatedByAppID != "":
		return true, true
	case !world.evidence.owners.IsPresent():
		return false, false
	default:
		return world.evidence.owns(id.tenant.ObjectID), true
	}
}

// clean tells whether a deleted application may be restored: by our record, or by what can be read of a deleted one.
func (id identity) clean(grave entra.Application, recorded string) bool {
	if grave.ObjectID == recorded {
		return len(id.contradictions(grave)) == 0
	}
	return len(id.strange(grave)) == 0 && len(id.credentials(grave)) == 0
}

// marked are the tags with a prefix.
func marked(tags []string, prefix string) []string {
	var found []string
	for _, tag := range tags {
		if strings.HasPrefix(tag, prefix) {
			found = append(found, tag)
		}
	}
	return found
}
