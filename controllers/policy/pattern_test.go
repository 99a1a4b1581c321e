package policy_test

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/entra-registrar/entra-registrar/controllers/policy"
	"github.com/entra-registrar/entra-registrar/controllers/policy/pattern"
)

// reads is the plain reading of a pattern, written another way.
func reads(pattern, value, separators string) bool {
	if pattern == policy.Any {
		return true
	}
	star := "[^" + regexp.QuoteMeta(separators) + "]+"
	return regexp.MustCompile(`(?s)\A` + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, star) + `\z`).MatchString(value)
}

func TestAPatternMeansWhatItReads(t *testing.T) {
	t.Parallel()
	text := rapid.StringMatching(`[ab./]{0,8}`)
	rapid.Check(t, func(t *rapid.T) {
		drawn, value := rapid.StringMatching(`[ab./*]{0,8}`).Draw(t, "pattern"), text.Draw(t, "value")
		if got, want := pattern.Match(drawn, value, "./"), reads(drawn, value, "./"); got != want {
			t.Fatalf("%q for %q: %t, want %t", drawn, value, got, want)
		}
	})
}

func FuzzPattern(f *testing.F) {
	f.Add("*.example.com", "a.example.com")
	f.Add("a*b*", "aabbab")
	f.Add("***", "..")
	f.Fuzz(func(t *testing.T, drawn, value string) {
		if !isASCII(drawn + value) {
			return // the second implementation counts characters, the first bytes
		}
		if got, want := pattern.Match(drawn, value, "./"), reads(drawn, value, "./"); got != want {
			t.Errorf("%q for %q: %t, want %t", drawn, value, got, want)
		}
	})
}

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(char rune) bool { return char >= 0x80 })
}
