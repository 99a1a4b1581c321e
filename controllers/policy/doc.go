// Package policy is the gate: what an object may ask of Entra. A request passes where the baseline, or one rule of one policy that
// selects the namespace, allows the whole of it, and no policy denies it. Everything here is in memory; kinds resolve references
// first, so that rules see appIDs and object IDs. Only what is new is denied. What an object has already is reported, and what only
// removes, disables or revokes is not asked for at all.
package policy

import "github.com/entra-registrar/entra-registrar/controllers/policy/pattern"

// Any stands, alone, for any value in a rule.
const Any = pattern.Any
