package policy_test

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// naiveMatch is matchesPattern written another way.
func naiveMatch(pattern, value, separators string) bool {
	if pattern == policy.Any {
		return true
	}
	star := "[^" + regexp.QuoteMeta(separators) + "]+"
	return regexp.MustCompile(`(?s)\A` + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, star) + `\z`).MatchString(value)
}

func TestPattern_MatchesAsItReads(t *testing.T) {
	t.Parallel()
	text := rapid.StringMatching(`[ab./]{0,8}`)
	rapid.Check(t, func(t *rapid.T) {
		drawn, value := rapid.StringMatching(`[ab./*]{0,8}`).Draw(t, "pattern"), text.Draw(t, "value")
		if got, want := policy.MatchesPattern(drawn, value, "./"), naiveMatch(drawn, value, "./"); got != want {
			t.Fatalf("%q for %q: %t, want %t", drawn, value, got, want)
		}
	})
}

func FuzzPattern_MatchesAsItReads(f *testing.F) {
	f.Add("*.example.com", "a.example.com")
	f.Add("a*b*", "aabbab")
	f.Add("***", "..")
	f.Fuzz(func(t *testing.T, drawn, value string) {
		if !isASCII(drawn + value) {
			return // the naive match counts characters, matchesPattern bytes
		}
		if got, want := policy.MatchesPattern(drawn, value, "./"), naiveMatch(drawn, value, "./"); got != want {
			t.Errorf("%q for %q: %t, want %t", drawn, value, got, want)
		}
	})
}

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(char rune) bool { return char >= 0x80 })
}
