package oauth

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	"k8s.io/utils/clock"
)

// The values of the error member, of OAuth 2.0 and its extensions.
const (
	InvalidRequest       = "invalid_request"
	InvalidClient        = "invalid_client"
	InvalidGrant         = "invalid_grant"
	InvalidScope         = "invalid_scope"
	InvalidResource      = "invalid_resource"
	UnauthorizedClient   = "unauthorized_client"
	UnsupportedGrantType = "unsupported_grant_type"
	AccessDenied         = "access_denied"
	InteractionRequired  = "interaction_required"
	ConsentRequired      = "consent_required"
	LoginRequired        = "login_required"
)

// Error is a refusal of the token service: an AADSTS code, its text, and how it shows in HTTP and OAuth.
type Error struct {
	Status   int
	Name     string // the error member
	AADSTS   int
	Message  string
	SubError string // the suberror member, if any
	URI      bool   // error_uri is sent: Entra does for some codes only
}

func (e *Error) Error() string { return fmt.Sprintf("AADSTS%d: %s", e.AADSTS, e.Message) }

type errorBody struct {
	Error         string `json:"error"`
	Description   string `json:"error_description"`
	Codes         []int  `json:"error_codes"`
	Timestamp     string `json:"timestamp"`
	TraceID       string `json:"trace_id"`
	CorrelationID string `json:"correlation_id"`
	URI           string `json:"error_uri,omitempty"`
	SubError      string `json:"suberror,omitempty"`
}

// ErrorWriter writes errors as JSON.
type ErrorWriter struct {
	Clock clock.PassiveClock
	NewID func() string // gives trace and correlation ids
}

// Write writes an error in the recorded shape; the description repeats trace, correlation and time, separated by spaces.
func (e ErrorWriter) Write(w http.ResponseWriter, r *http.Request, refused *Error) {
	correlation := r.Header.Get("client-request-id")
	if _, err := uuid.Parse(correlation); err != nil {
		correlation = e.NewID()
	}
	body := errorBody{
		Error: refused.Name, Codes: []int{refused.AADSTS}, Timestamp: Timestamp(e.Clock.Now()), TraceID: e.NewID(), CorrelationID: correlation,
		SubError: refused.SubError,
	}
	body.Description = fmt.Sprintf("%s Trace ID: %s Correlation ID: %s Timestamp: %s",
		refused.Error(), body.TraceID, body.CorrelationID, body.Timestamp)
	if refused.URI {
		body.URI = fmt.Sprintf("https://%s/error?code=%d", r.Host, refused.AADSTS)
	}
	w.Header().Set("x-ms-request-id", body.TraceID)
	w.Header().Set("client-request-id", correlation)
	WriteJSON(w, refused.Status, body)
}

// Timestamp is a time as errors write it.
func Timestamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05Z") }

// WriteJSON writes an answer that may not be cached.
func WriteJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store, no-cache")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the caller went away: nobody to tell
}
