package appregistration

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/controllers/appregistration/application"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// evidence is what a takeover is judged by, beside the application itself.
type evidence struct {
	owners entra.Observed[[]string]
	trust  entra.Observed[entra.Trust]
	// formerOperators are the object IDs of former identities of the operator.
	formerOperators []string
}

// ownedBy reports whether the operator, as it is or as it was, is an owner.
func (e evidence) ownedBy(operator string) bool {
	return slices.ContainsFunc(e.owners.Value, func(owner string) bool { return owner == operator || slices.Contains(e.formerOperators, owner) })
}

// gatherEvidence reads an application's owners and federated credentials at once.
func (w *World) gatherEvidence(ctx context.Context, reader entra.Reader, objectID string) error {
	var (
		found evidence
		errs  [3]error
	)
	found.owners, errs[0] = entra.Observe(reader.ApplicationOwners(ctx, objectID))
	found.trust, errs[1] = entra.Observe(reader.Trust(ctx, objectID))
	found.formerOperators, errs[2] = formerOperators(ctx, reader, w.Tenant.ClientIDs)
	if err := errors.Join(errs[:]...); err != nil {
		return fmt.Errorf("look whose the application is: %w", err)
	}
	w.evidence = found
	return nil
}

// formerOperators finds the principals of former identities: what they own is ours too. The first client ID is the current one.
func formerOperators(ctx context.Context, reader entra.Reader, clientIDs []string) ([]string, error) {
	var ids []string
	for _, clientID := range clientIDs[min(1, len(clientIDs)):] {
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

// ownershipFaults are what speaks against the live application being ours: with none, it is. Where known is false, Entra does not show yet
// what it takes to tell.
func ownershipFaults(id application.Identity, world World) (faults []string, known bool) {
	app := world.application.Value
	switch world.provenance {
	case justCreated:
		return nil, true
	case foundByRecord:
		return ownershipConflicts(id, app), true
	default:
		if faults = append(adoptionFaults(id, app), credentialFaults(app)...); len(faults) > 0 {
			return faults, true
		}
		return ownerFaults(id, app, world)
	}
}

// ownershipConflicts are tags of somebody else on an application that we have a record of. A tag that is missing is repaired.
func ownershipConflicts(id application.Identity, app entra.Application) []string {
	return ownerTagFaults(id, app, false)
}

// adoptionFaults are what an application, live or deleted, that we have no record of must not show: other marks or none, another maker.
func adoptionFaults(id application.Identity, app entra.Application) []string {
	faults := ownerTagFaults(id, app, true)
	if app.CreatedByAppID != "" && !slices.Contains(id.Tenant.ClientIDs, app.CreatedByAppID) {
		faults = append(faults, fmt.Sprintf("it was created by application %q", app.CreatedByAppID))
	}
	return faults
}

// ownerTagFaults are what an application's name and tags say against it. Required is true where none of our tags may be missing.
func ownerTagFaults(id application.Identity, app entra.Application, required bool) []string {
	var faults []string
	if !id.Names(app.UniqueName) {
		faults = append(faults, fmt.Sprintf("its unique name is %q", app.UniqueName))
	}
	for _, owner := range id.OwnerTags() {
		tags := slices.DeleteFunc(slices.Clone(app.Tags), func(tag string) bool { return !strings.HasPrefix(tag, owner.Prefix) })
		switch {
		case entra.Marked(tags, owner.Prefix, owner.Values...):
		case len(tags) > 0:
			faults = append(faults, fmt.Sprintf("its tags name another owner: %q", strings.Join(tags, " ")))
		case required:
			faults = append(faults, "it has no tag "+owner.Prefix+owner.Values[0])
		}
	}
	return faults
}

// credentialFaults are credentials on an application that no object asks for: no kind makes passwords or keys yet.
func credentialFaults(app entra.Application) []string {
	var faults []string
	for _, key := range app.Passwords {
		faults = append(faults, fmt.Sprintf("it has a password, key ID %q", key))
	}
	for _, key := range app.Keys {
		faults = append(faults, fmt.Sprintf("it has a key, key ID %q", key))
	}
	return faults
}

// ownerFaults are what owners and federated credentials say against an application.
func ownerFaults(id application.Identity, app entra.Application, world World) (faults []string, known bool) {
	evidence := world.evidence
	if !evidence.owners.IsPresent() || !evidence.trust.IsPresent() {
		return nil, false
	}
	for _, owner := range evidence.owners.Value {
		if owner != id.Tenant.ObjectID && !slices.Contains(evidence.formerOperators, owner) {
			faults = append(faults, fmt.Sprintf("it has an owner that is not the operator: %q", owner))
		}
	}
	if app.CreatedByAppID == "" && !evidence.ownedBy(id.Tenant.ObjectID) {
		faults = append(faults, "Entra does not say who created it, and the operator is not its owner")
	}
	for _, credential := range evidence.trust.Value.Credentials {
		if !slices.Contains(world.credentialNames, credential.Name) {
			faults = append(faults, fmt.Sprintf("it has a federated credential that no FederatedCredential here asks for: %q", credential.Name))
		}
	}
	return faults, true
}

// mayDelete reports whether a deletion may take the live application away. Without a record it must carry our marks and be our making;
// what others have added to it since does not matter.
func mayDelete(id application.Identity, world World) (may, known bool) {
	app := world.application.Value
	switch {
	case world.provenance != foundByName:
		return len(ownershipConflicts(id, app)) == 0, true
	case len(adoptionFaults(id, app)) > 0:
		return false, true
	case app.CreatedByAppID != "":
		return true, true
	case !world.evidence.owners.IsPresent():
		return false, false
	default:
		return world.evidence.ownedBy(id.Tenant.ObjectID), true
	}
}

// mayRestore reports whether a deleted application may be restored: by our record, or by what can be read of a deleted one.
func mayRestore(id application.Identity, deleted entra.Application, recorded string) bool {
	if deleted.ObjectID == recorded {
		return len(ownershipConflicts(id, deleted)) == 0
	}
	return len(adoptionFaults(id, deleted))+len(credentialFaults(deleted)) == 0
}
