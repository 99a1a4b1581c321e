package graph

import (
	"net/http"
	"regexp"
	"strings"
)

// verdict is what an answer means, before it is weighed how old the objects are that it is about.
type verdict int

const (
	// refused : the request is wrong, and stays so.
	refused verdict = iota
	// taken : a name or key is in use.
	taken
	// clash : another object has a value that must be unique.
	clash
	// stillEnabled : a scope or role is not seen disabled yet.
	stillEnabled
	// overQuota : a limit on the number of objects.
	overQuota
	// denied : a permission or ownership is missing; of a new object, ownership may only not be seen yet.
	denied
	// late : lag in disguise while one of the objects is young; refused afterwards.
	late
	// missing : not found; of a young object, not found yet.
	missing
	// unsigned : the token was not accepted, although it was made anew.
	unsigned
	// throttled : 429.
	throttled
	// busy : try again in a while.
	busy
	// senseless : nothing that Graph would say.
	senseless
)

// rule recognises an answer. What is zero matches anything; text is a lower-case part of the message.
type rule struct {
	status int
	code   string
	text   string
	verdict
}

// waits are the answers that only ask for patience, whatever their body.
var waits = []rule{
	{http.StatusTooManyRequests, "", "", throttled},
	{http.StatusServiceUnavailable, "", "", busy},
	{0, "Directory_ConcurrencyViolation", "", busy}, // comes as 409, 500 or 503
	{0, "Error_MsaAppDoesNotExist", "", busy},
}

// rules are tried in order. Most errors of the directory share the code Request_BadRequest, so that the message must tell.
var rules = []rule{
	{0, "Directory_ExpiredPageToken", "", senseless}, // of a listing that took too long
	{http.StatusUnauthorized, "", "", unsigned},
	{0, "Directory_QuotaExceeded", "", overQuota},
	{0, "", "directory object quota limit", overQuota},
	{0, "", "maximum number of federated identity credentials", overQuota},
	{0, "CannotDeleteOrUpdateEnabledEntitlement", "", stillEnabled},
	{0, "", "cannot be deleted or updated unless disabled first", stillEnabled},
	{http.StatusConflict, "Request_MultipleObjectsWithSameKeyValue", "", taken},
	{0, "", "same value for property uniquename already exists", taken},
	{0, "", "combination of issuer and subject must be unique", taken},
	{0, "", "permission being assigned already exists", taken},
	{0, "", "entitlementgrant entry already exists", taken},
	{0, "ObjectConflict", "", clash},
	{0, "", "another object with the same value for property", clash},
	{http.StatusBadRequest, "NoBackingApplicationObject", "", late},
	{http.StatusBadRequest, "", "does not reference a valid application object", late},
	{http.StatusForbidden, "", "the backing application of the service principal", late},
	{http.StatusBadRequest, "", "not a valid reference update", late},
	{http.StatusBadRequest, "", "permission being assigned was not found", late},
	{http.StatusBadRequest, "", "queried reference-property objects are not present", late},
	{http.StatusNotFound, "", "", missing},
	{http.StatusForbidden, "", "", denied},
	{http.StatusConflict, "", "", clash},
}

// verdict reads the answer. What is no OData error comes from something between Graph and us, and says nothing about the request.
func (f *failure) verdict() verdict {
	if v, found := f.first(waits); found {
		return v
	}
	if f.code == "" || f.status >= http.StatusInternalServerError {
		return senseless
	}
	v, _ := f.first(rules)
	return v
}

// first gives the verdict of the first rule that matches, refused where none does.
func (f *failure) first(rules []rule) (v verdict, found bool) {
	message := strings.ToLower(f.message)
	for _, r := range rules {
		if (r.status == 0 || r.status == f.status) && (r.code == "" || f.has(r.code)) && strings.Contains(message, r.text) {
			return r.verdict, true
		}
	}
	return refused, false
}

// namings find the property that a message is about; the first group is its name.
var namings = []*regexp.Regexp{
	regexp.MustCompile(`paramName: (?:\w+\.)*(\w+)`),
	regexp.MustCompile(`\bof (\w+) property\b`),
	regexp.MustCompile(`(?i)(?:^|[^-\w])property (?:named )?'?([A-Za-z]\w*)`),
}

// property that the answer complains about; empty where it does not say.
func (f *failure) property() string {
	for _, d := range f.details {
		if d.Target != "" {
			return plain(d.Target)
		}
	}
	for _, naming := range namings {
		if match := naming.FindStringSubmatch(f.message); match != nil {
			return strings.ToLower(match[1][:1]) + match[1][1:]
		}
	}
	return ""
}
