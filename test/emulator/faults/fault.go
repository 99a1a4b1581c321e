package faults

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"
)

// Fault is what one request gets instead of its answer. The zero Fault injects nothing.
type Fault struct {
	// Status and, in Graph's error body, Code and Message. Without a Code the body is a gateway's HTML page.
	Status        int
	Code, Message string
	// RetryAfter is sent in whole seconds, rounded up; 0 sends no header, as Graph sometimes does.
	RetryAfter time.Duration
	// Reset drops the connection in place of an answer.
	Reset bool
	// Committed lets the request take effect first, which the client cannot know.
	Committed bool
}

// Func decides about the n-th request since it was set, counted from 1. It must be safe for concurrent use.
type Func func(r *http.Request, n int) Fault

// Throttled is a 429; retryAfter 0 leaves the header out.
func Throttled(retryAfter time.Duration) Fault {
	message := "Your request is throttled temporarily. Please try after some time."
	if retryAfter > 0 {
		message = fmt.Sprintf("Your request is throttled temporarily. Please try after %d seconds.", seconds(retryAfter))
	}
	return Fault{Status: http.StatusTooManyRequests, Code: "Request_ThrottledTemporarily", Message: message, RetryAfter: retryAfter}
}

// ServerError is a 5xx before anything happened: 502 and 504 come from the gateway, the others from the service itself.
func ServerError(status int) Fault {
	switch status {
	case http.StatusBadGateway, http.StatusGatewayTimeout:
		return Fault{Status: status}
	case http.StatusServiceUnavailable:
		return Fault{Status: status, Code: "Service_Unavailable", Message: "The service is temporarily unavailable. Please try again later."}
	default:
		return Fault{Status: status, Code: "Service_InternalServerError", Message: "Encountered an internal server error."}
	}
}

// ConnectionReset drops the connection without an answer.
func ConnectionReset() Fault { return Fault{Reset: true} }

// ConcurrencyViolation is the directory's answer to writes that come too close together. Graph has sent it with 409 and with 503.
func ConcurrencyViolation(status int) Fault {
	return Fault{
		Status: status, Code: "Directory_ConcurrencyViolation",
		Message: "Error due to concurrent requests being made to the tenant. Please wait briefly and retry.",
	}
}

// AfterCommit is the same fault, given after the request has taken effect.
func (f Fault) AfterCommit() Fault {
	f.Committed = true
	return f
}

func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }

func (f Fault) setHeader(h http.Header) {
	if f.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(seconds(f.RetryAfter)))
	}
}
