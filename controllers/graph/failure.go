package graph

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// failure is an answer that is no success. The transport makes it of the raw answer, so that the SDK never sees an error body: its
// ODataError panics when printed without a message, and loses the status of what is not JSON.
type failure struct {
	status     int
	code       string
	message    string
	details    []detail
	requestID  string
	retryAfter time.Duration // zero where the answer did not say
}

type detail struct {
	Code    string
	Message string
	Target  string
}

// failureOf reads an answer. What is not an OData error has no code.
func failureOf(answer *http.Response, body []byte, now time.Time) *failure {
	var parsed struct {
		Error struct {
			Code       string
			Message    string
			Details    []detail
			InnerError map[string]any
		}
	}
	f := &failure{
		status:     answer.StatusCode,
		requestID:  plain(answer.Header.Get("request-id")),
		retryAfter: retryAfter(answer.Header, now),
	}
	if json.Unmarshal(body, &parsed) != nil {
		return f
	}
	f.code, f.message, f.details = plain(parsed.Error.Code), plain(parsed.Error.Message), parsed.Error.Details
	if id, ok := parsed.Error.InnerError["request-id"].(string); ok && f.requestID == "" {
		f.requestID = plain(id)
	}
	return f
}

// Error is one line.
func (f *failure) Error() string {
	line := fmt.Sprintf("status %d", f.status)
	if f.code != "" {
		line += " " + f.code + ": " + f.message
	}
	if f.requestID != "" {
		line += " (request-id " + f.requestID + ")"
	}
	return line
}

// has tells whether the answer, or one of its details, carries the code.
func (f *failure) has(code string) bool {
	for _, d := range f.details {
		if d.Code == code {
			return true
		}
	}
	return f.code == code
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
