package wire

import (
	"net/http"
	"regexp"
	"strings"
)

// Class is what kind of failure an answer is, before the age of the objects that it is about is considered.
type Class int

// The classes of failures.
const (
	Invalid        Class = iota // the request is wrong, and stays so
	Exists                      // a name or key is in use
	Conflict                    // another object has a value that must be unique
	StillEnabled                // a scope or role is not seen disabled yet
	OverQuota                   // a limit on the number of objects is reached
	Forbidden                   // a permission or ownership is missing; ownership of a new object may only not be seen yet
	PerhapsLag                  // lag while one of the objects is new, Invalid afterwards
	NotFound                    // a 404; a new object may only not be found yet
	Unauthorized                // the token was not accepted, although it was issued anew
	Throttled                   // a 429
	Busy                        // the request can be tried again in a while
	Unintelligible              // the answer is not Graph's own
)

// rule recognises an answer. What is zero matches anything; text is a lower-case part of the message.
type rule struct {
	status int
	code   string
	text   string
	class  Class
}

// waitRules are for answers that only ask to wait, whatever their body.
var waitRules = []rule{
	{http.StatusTooManyRequests, "", "", Throttled},
	{http.StatusServiceUnavailable, "", "", Busy},
	{0, "Directory_ConcurrencyViolation", "", Busy}, // comes as 409, 500 or 503
	{0, "Error_MsaAppDoesNotExist", "", Busy},
}

// rules are tried in order. Most errors of the directory share the code Request_BadRequest, so that the message must tell.
var rules = []rule{
	{0, "Directory_ExpiredPageToken", "", Unintelligible}, // of a listing that took too long
	{http.StatusUnauthorized, "", "", Unauthorized},
	{0, "Directory_QuotaExceeded", "", OverQuota},
	{0, "", "directory object quota limit", OverQuota},
	{0, "", "maximum number of federated identity credentials", OverQuota},
	{0, "CannotDeleteOrUpdateEnabledEntitlement", "", StillEnabled},
	{0, "", "cannot be deleted or updated unless disabled first", StillEnabled},
	{http.StatusConflict, "Request_MultipleObjectsWithSameKeyValue", "", Exists},
	{0, "", "same value for property uniquename already exists", Exists},
	{0, "", "combination of issuer and subject must be unique", Exists},
	{0, "", "permission being assigned already exists", Exists},
	{0, "", "entitlementgrant entry already exists", Exists},
	{0, "ObjectConflict", "", Conflict},
	{0, "", "another object with the same value for property", Conflict},
	{http.StatusBadRequest, "NoBackingApplicationObject", "", PerhapsLag},
	{http.StatusBadRequest, "", "does not reference a valid application object", PerhapsLag},
	{http.StatusForbidden, "", "the backing application of the service principal", PerhapsLag},
	{http.StatusBadRequest, "", "not a valid reference update", PerhapsLag},
	{http.StatusBadRequest, "", "permission being assigned was not found", PerhapsLag},
	{http.StatusBadRequest, "", "queried reference-property objects are not present", PerhapsLag},
	{http.StatusNotFound, "", "", NotFound},
	{http.StatusForbidden, "", "", Forbidden},
	{http.StatusConflict, "", "", Conflict},
}

// Class reads the answer. What is no OData error comes from something between Graph and us, and says nothing about the request.
func (f *Failure) Class() Class {
	if class, found := f.first(waitRules); found {
		return class
	}
	if f.Code == "" || f.Status >= http.StatusInternalServerError {
		return Unintelligible
	}
	class, _ := f.first(rules)
	return class
}

// first gives the class of the first rule that matches, Invalid where none does.
func (f *Failure) first(rules []rule) (class Class, found bool) {
	message := strings.ToLower(f.Message)
	for _, r := range rules {
		if (r.status == 0 || r.status == f.Status) && (r.code == "" || f.has(r.code)) && strings.Contains(message, r.text) {
			return r.class, true
		}
	}
	return Invalid, false
}

// propertyPatterns find the property that a message is about; the first group is its name.
var propertyPatterns = []*regexp.Regexp{
	regexp.MustCompile(`paramName: (?:\w+\.)*(\w+)`),
	regexp.MustCompile(`\bof (\w+) property\b`),
	regexp.MustCompile(`(?i)(?:^|[^-\w])property (?:named )?'?([A-Za-z]\w*)`),
}

// Property that the answer complains about; empty where it does not say.
func (f *Failure) Property() string {
	for _, d := range f.details {
		if d.Target != "" {
			return Sanitize(d.Target)
		}
	}
	for _, pattern := range propertyPatterns {
		if match := pattern.FindStringSubmatch(f.Message); match != nil {
			return strings.ToLower(match[1][:1]) + match[1][1:]
		}
	}
	return ""
}
