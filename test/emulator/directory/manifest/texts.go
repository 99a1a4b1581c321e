package manifest

import (
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

func (r rules) texts(change Change) error {
	name := odata.Text(change.After, "displayName")
	switch {
	case name == "" && change.After["displayName"] == nil:
		return odata.Missing("displayName", "Application")
	case strings.TrimSpace(name) == "":
		return invalid("displayName")
	case length(name) > r.limits.displayName:
		return tooLong("displayName")
	}
	for _, property := range []string{"description", "notes"} {
		if length(odata.Text(change.After, property)) > 1024 {
			return tooLong(property)
		}
	}
	if unique, ok := change.After["uniqueName"].(string); ok && strings.TrimSpace(unique) == "" {
		return invalid("uniqueName")
	}
	return nil
}

func (r rules) tags(change Change) error { return checkTags(change.After, "Application") }

// checkTags requires 1 to 256 characters each, without white space, and none twice.
func checkTags(doc odata.Document, resource string) error {
	tags := odata.Texts(doc, "tags")
	for i, tag := range tags {
		if tag == "" || length(tag) > 256 {
			return odata.InvalidLength("tags", resource)
		}
		if strings.ContainsFunc(tag, unicode.IsSpace) || slices.Contains(tags[:i], tag) {
			return odata.InvalidValue("tags", resource)
		}
	}
	return nil
}

var ageGroupRules = []string{
	"Allow", "RequireConsentForPrivacyServices", "RequireConsentForMinors", "RequireConsentForKids", "BlockMinors",
}

func (r rules) settings(change Change) error {
	for _, property := range []string{"marketingUrl", "privacyStatementUrl", "supportUrl", "termsOfServiceUrl"} {
		if text := odata.Text(change.After, "info", property); text != "" && !webURL(text) {
			return invalid("info." + property)
		}
	}
	if rule := odata.Text(change.After, "parentalControlSettings", "legalAgeGroupRule"); !slices.Contains(ageGroupRules, rule) {
		return invalid("parentalControlSettings.legalAgeGroupRule")
	}
	for _, country := range odata.Texts(change.After, "parentalControlSettings", "countriesBlockedForMinors") {
		if len(country) != 2 {
			return invalid("parentalControlSettings.countriesBlockedForMinors")
		}
	}
	return nil
}

// webURL reports whether a text is an absolute http or https URL.
func webURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

var groupClaims = []string{"None", "SecurityGroup", "ApplicationGroup", "DirectoryRole", "All"}

// claims checks group claims, a list of names in one text, and optional claims: their source is the user or absent, and applications for
// personal accounts have none.
func (r rules) claims(change Change) error {
	if text, ok := change.After["groupMembershipClaims"].(string); ok {
		for name := range strings.SplitSeq(text, ",") {
			if !slices.Contains(groupClaims, strings.TrimSpace(name)) {
				return invalid("groupMembershipClaims")
			}
		}
	}
	for _, token := range []string{"idToken", "accessToken", "saml2Token"} {
		for _, claim := range odata.Documents(change.After, "optionalClaims", token) {
			source := odata.At(claim, "source")
			if r.limits.personal || odata.Text(claim, "name") == "" || source != nil && source != "user" {
				return invalid("optionalClaims." + token)
			}
		}
	}
	return nil
}
