package wire

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Failure is an answer that is no success. The transport makes it of the raw answer, so that the SDK never sees an error body: its
// ODataError panics when printed without a message, and loses the status of what is not JSON.
type Failure struct {
	Status     int
	Code       string
	Message    string
	RequestID  string
	RetryAfter time.Duration // zero where the answer did not say
	details    []detail
}

type detail struct {
	Code    string
	Message string
	Target  string
}

// failureOf reads an answer. What is not an OData error has no code.
func failureOf(answer *http.Response, body []byte, now time.Time) *Failure {
	var parsed struct {
		Error struct {
			Code       string
			Message    string
			Details    []detail
			InnerError map[string]any
		}
	}
	f := &Failure{
		Status:     answer.StatusCode,
		RequestID:  Sanitize(answer.Header.Get("request-id")),
		RetryAfter: retryAfter(answer.Header, now),
	}
	if json.Unmarshal(body, &parsed) != nil {
		return f
	}
	f.Code, f.Message, f.details = Sanitize(parsed.Error.Code), Sanitize(parsed.Error.Message), parsed.Error.Details
	if id, ok := parsed.Error.InnerError["request-id"].(string); ok && f.RequestID == "" {
		f.RequestID = Sanitize(id)
	}
	return f
}

// Error is one line.
func (f *Failure) Error() string {
	line := fmt.Sprintf("status %d", f.Status)
	if f.Code != "" {
		line += " " + f.Code + ": " + f.Message
	}
	if f.RequestID != "" {
		line += " (request-id " + f.RequestID + ")"
	}
	return line
}

// has reports whether the answer, or one of its details, carries the code.
func (f *Failure) has(code string) bool {
	return f.Code == code || slices.ContainsFunc(f.details, func(d detail) bool { return d.Code == code })
}

// retryAfter reads seconds or a date.
func retryAfter(header http.Header, now time.Time) time.Duration {
	value := header.Get("Retry-After")
	if seconds, err := strconv.Atoi(value); err == nil {
		return max(0, time.Duration(min(seconds, int(maxPause/time.Second)))*time.Second)
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, min(at.Sub(now), maxPause))
	}
	return 0
}

// maxMessage is how much of a message of Entra's is passed on; with our advice it stays within a KiB.
const maxMessage = 768

// tokenPattern finds what looks like a JWT, or the start of one.
var tokenPattern = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{10,}(\.[A-Za-z0-9_-]*)*`)

// Sanitize makes a text from outside fit for a status, an event and a log: one line, of bounded length, without tokens.
func Sanitize(text string) string {
	text = tokenPattern.ReplaceAllString(text, "***")
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > maxMessage {
		text = strings.ToValidUTF8(text[:maxMessage-3], "") + "..."
	}
	return text
}
