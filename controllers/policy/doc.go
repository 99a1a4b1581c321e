// Package policy is the gate: what an object may ask of Entra. Whatever no rule allows is denied, and a deny wins. It is pure;
// kinds resolve references first, so that rules see appIds and object IDs, and ask only for what is new: what exists in Entra
// already is not judged again, and neither is what only removes, disables or revokes.
package policy
