package entratenant

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// reachPrivileged signs in with privilegedAuth where a kind in this process has a use for it. Elsewhere its credential may not even be
// within reach, and the directory tells its object ID, if it has one.
func (k *Kind) reachPrivileged(ctx context.Context, obj *v1alpha1.EntraTenant, base entra.Reader, world *World) error {
	auth := obj.Spec.PrivilegedAuth
	if auth == nil {
		return nil
	}
	if len(k.privileges()) == 0 {
		if principal, err := base.APIByAppID(ctx, strings.ToLower(auth.ClientID), 0); err == nil {
			world.Privileged.ObjectID = principal.ObjectID
		}
		return nil
	}
	binder := k.Binder
	binder.Privileged = true
	reader, err := binder.Open(ctx, obj)
	if err == nil {
		world.Privileged, err = reader.Self(ctx)
	}
	if err == nil {
		return nil
	}
	err = fmt.Errorf("sign in with %s: %w", privilegedField, err)
	if lasting(err) {
		world.Trouble = err
		return nil
	}
	return err
}

// lasting tells whether somebody has to do something about an error before it goes.
func lasting(err error) bool {
	_, refused := errors.AsType[entra.Refused](err)
	_, waits := errors.AsType[engine.Wait](err)
	return refused || waits
}

// trouble is what Decide makes of it.
func trouble(err error) plan {
	if wait, waits := errors.AsType[engine.Wait](err); waits {
		return engine.WaitFor[World](wait)
	}
	refused, _ := errors.AsType[entra.Refused](err)
	return engine.Refuse[World](v1alpha1.Reason(refused.Reason), err.Error())
}

// remark tells what the operator may do in the tenant.
func (k *Kind) remark(obj *v1alpha1.EntraTenant, world World) string {
	identities := k.identities(obj, world)
	parts := []string{fmt.Sprintf("AppRoleAssignments are %s, DelegatedPermissionGrants are %s", k.AppRoleAssignments, k.DelegatedPermissionGrants)}
	for _, identity := range identities {
		parts = append(parts, identity.String())
	}
	if obj.Spec.PrivilegedAuth != nil && len(identities) == 1 {
		parts = append(parts, fmt.Sprintf("%s (application %s) is not used here", privilegedField, obj.Spec.PrivilegedAuth.ClientID))
	}
	return strings.Join(parts, "; ")
}
