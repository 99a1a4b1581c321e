package v1alpha1

// Condition types, as kstatus reads them. Ready is always there; Reconciling and Stalled are there only while they are true, and
// never both. Synced reports whether Entra and the cluster hold what the spec says, Ready whether a workload can rely on it.
const (
	ConditionReady       = "Ready"
	ConditionReconciling = "Reconciling"
	ConditionStalled     = "Stalled"
	ConditionSynced      = "Synced"
)

// Reason is why a condition is what it is. The set is closed, and sorted by what a person should do about it, like HTTP status
// codes: details are in the message.
type Reason string

const (
	// ReasonInSync means: nothing to do.
	ReasonInSync Reason = "InSync"
	// ReasonWaiting means: a referenced object is not usable yet; the message names it. Create or fix that one.
	ReasonWaiting Reason = "Waiting"
	// ReasonLagging means: Entra has not shown our own write yet. It settles by itself, mostly within a minute.
	ReasonLagging Reason = "Lagging"
	// ReasonThrottled means: Graph asked us to slow down. It settles by itself.
	ReasonThrottled Reason = "Throttled"
	// ReasonUnreachable means: Graph or the token service does not answer. Check the network and the tenant's endpoints.
	ReasonUnreachable Reason = "Unreachable"
	// ReasonInvalid means: the spec asks for something that Entra refuses. Correct the field in the message.
	ReasonInvalid Reason = "Invalid"
	// ReasonDenied means: policy does not allow what the spec asks for. Ask the platform team, or ask for less.
	ReasonDenied Reason = "Denied"
	// ReasonConflict means: what carries this name belongs to somebody else. The message says whose; rename, or remove the other.
	ReasonConflict Reason = "Conflict"
	// ReasonForbidden means: the operator lacks a permission in Entra. The message says which; a tenant admin grants it.
	ReasonForbidden Reason = "Forbidden"
	// ReasonQuota means: the tenant, or the operator in it, may have no more objects.
	ReasonQuota Reason = "Quota"
	// ReasonExpired means: notAfter has passed, and what was given is taken away. A later time gives it again.
	ReasonExpired Reason = "Expired"
	// ReasonDisabled means: switched off here, or disabled by others in Entra, which the operator never undoes.
	ReasonDisabled Reason = "Disabled"
	// ReasonContested means: somebody changes back what the operator writes. The message shows the step; find the other writer.
	ReasonContested Reason = "Contested"
	// ReasonDrifted means: observed only, and different; the message shows what would be done.
	ReasonDrifted Reason = "Drifted"
	// ReasonSuspended means: spec.suspend is true; nothing is looked at.
	ReasonSuspended Reason = "Suspended"
	// ReasonDeleting means: the object is being deleted and takes back what it made.
	ReasonDeleting Reason = "Deleting"
	// ReasonRetrying means: an error that fits no other reason; it is tried again, more and more slowly.
	ReasonRetrying Reason = "Retrying"
)

// Reasons lists the closed set, gravest first: of several errors the gravest names the reason.
func Reasons() []Reason {
	return []Reason{
		ReasonConflict, ReasonDenied, ReasonDisabled, ReasonExpired, ReasonInvalid, ReasonForbidden, ReasonQuota, ReasonContested,
		ReasonThrottled, ReasonUnreachable, ReasonLagging, ReasonRetrying,
		ReasonWaiting, ReasonDeleting, ReasonDrifted, ReasonSuspended, ReasonInSync,
	}
}
