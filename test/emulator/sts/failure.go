package sts

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
)

// The error values of OAuth 2.0 that the token endpoint uses.
const (
	invalidRequest       = "invalid_request"
	invalidClient        = "invalid_client"
	invalidGrant         = "invalid_grant"
	invalidScope         = "invalid_scope"
	invalidResource      = "invalid_resource"
	unauthorizedClient   = "unauthorized_client"
	unsupportedGrantType = "unsupported_grant_type"
)

// failure is a refusal of the token service: an AADSTS code, its text, and how it shows in HTTP and OAuth.
type failure struct {
	status  int
	oauth   string // the error member
	code    int    // the AADSTS number
	message string
	sub     string // the suberror member, if any
	uri     bool   // error_uri is sent: Entra does for some codes only
}

func (f *failure) Error() string { return fmt.Sprintf("AADSTS%d: %s", f.code, f.message) }

type failureBody struct {
	Error         string `json:"error"`
	Description   string `json:"error_description"`
	Codes         []int  `json:"error_codes"`
	Timestamp     string `json:"timestamp"`
	TraceID       string `json:"trace_id"`
	CorrelationID string `json:"correlation_id"`
	URI           string `json:"error_uri,omitempty"`
	SubError      string `json:"suberror,omitempty"`
}

// refuse writes the failure in the recorded shape; the description repeats trace, correlation and time, separated by spaces.
func (s *Service) refuse(w http.ResponseWriter, r *http.Request, f *failure) {
	correlation := r.Header.Get("client-request-id")
	if _, err := uuid.Parse(correlation); err != nil {
		correlation = s.newID()
	}
	body := failureBody{
		Error: f.oauth, Codes: []int{f.code}, Timestamp: stamp(s.clock.Now()), TraceID: s.newID(), CorrelationID: correlation,
		SubError: f.sub,
	}
	body.Description = fmt.Sprintf("%s Trace ID: %s Correlation ID: %s Timestamp: %s",
		f.Error(), body.TraceID, body.CorrelationID, body.Timestamp)
	if f.uri {
		body.URI = fmt.Sprintf("https://%s/error?code=%d", r.Host, f.code)
	}
	w.Header().Set("x-ms-request-id", body.TraceID)
	w.Header().Set("client-request-id", correlation)
	writeJSON(w, f.status, body)
}

// stamp is how error bodies write a time.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05Z") }

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store, no-cache")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the caller went away: nobody to tell
}
