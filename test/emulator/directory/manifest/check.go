package manifest

import "github.com/entra-registrar/entra-registrar/test/emulator/odata"

// Tenant is what the rules need to know of the tenant.
type Tenant struct {
	ID              string
	VerifiedDomains []string
}

// Change is a write of an application: its state before and after, and before as a stale replica shows it. At a create,
// before is a blank application.
type Change struct{ Before, Stale, After odata.Document }

// Check refuses a change of an application that breaks a rule, in Graph's words.
func Check(tenant Tenant, change Change) error {
	if err := odata.CheckComplete(odata.TypeByName("application"), change.After); err != nil {
		return err
	}
	column, err := limitsOf(change.After)
	if err != nil {
		return err
	}
	for _, rule := range []func(rules, Change) error{
		rules.texts, rules.tags, rules.settings, rules.claims, rules.tokenVersion, rules.entries, rules.entitlements,
		rules.preAuthorized, rules.permissions, rules.identifiers, rules.redirects, rules.credentials, rules.size,
	} {
		if err := rule(rules{tenant: tenant, limits: column}, change); err != nil {
			return err
		}
	}
	return nil
}

// rules are the rules for one tenant and one audience.
type rules struct {
	tenant Tenant
	limits limits
}

func invalid(property string) error { return odata.InvalidValue(property, "Application") }

func tooLong(property string) error { return odata.InvalidLength(property, "Application") }

// length counts characters.
func length(text string) int { return len([]rune(text)) }
