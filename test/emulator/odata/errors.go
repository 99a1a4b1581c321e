package odata

import (
	"fmt"
	"net/http"
)

// Detail narrows an error down to a property.
type Detail struct {
	Code    string        `json:"code"`
	Message string        `json:"message"`
	Target  string        `json:"target,omitempty"`
	Blocked *NullableText `json:"blockedWord,omitempty"`
}

// NullableText is a nullable text: Graph writes blockedWord as null where it belongs.
type NullableText struct{ Text *string }

// MarshalJSON writes the text or null.
func (w NullableText) MarshalJSON() ([]byte, error) {
	if w.Text == nil {
		return []byte("null"), nil
	}
	return fmt.Appendf(nil, "%q", *w.Text), nil
}

// Error is a refusal in Graph's words: an HTTP status with a code and a message, and details where Graph sends some.
type Error struct {
	Status  int
	Code    string
	Message string
	Details []Detail
}

func (e *Error) Error() string { return fmt.Sprintf("%d %s: %s", e.Status, e.Code, e.Message) }

// With adds a detail that repeats the message.
func (e *Error) With(code, target string) *Error {
	e.Details = append(e.Details, Detail{Code: code, Message: e.Message, Target: target})
	return e
}

// BadRequest is what the directory says about almost every bad value.
func BadRequest(format string, args ...any) *Error {
	return &Error{Status: http.StatusBadRequest, Code: "Request_BadRequest", Message: fmt.Sprintf(format, args...)}
}

// Refused is any other refusal.
func Refused(status int, code, format string, args ...any) *Error {
	return &Error{Status: status, Code: code, Message: fmt.Sprintf(format, args...)}
}

// BadPayload refuses a body that is no JSON object.
func BadPayload() *Error {
	return Refused(http.StatusBadRequest, "BadRequest",
		"Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.")
}

// InvalidValue refuses the value of a property.
func InvalidValue(property, resource string) *Error {
	return BadRequest("Invalid value specified for property '%s' of resource '%s'.", property, resource).
		With("InvalidValue", property)
}

// InvalidLength refuses a value that is too long or too short.
func InvalidLength(property, resource string) *Error {
	return BadRequest("Invalid value specified for property '%s' of resource '%s'.", property, resource).
		With("InvalidLength", property)
}

// Missing refuses a body without a required property.
func Missing(property, resource string) *Error {
	return BadRequest("A value is required for property '%s' of resource '%s'.", property, resource).
		With("PropertyRequired", property)
}

// AlreadyTaken refuses a value that another object holds, live or soft-deleted.
func AlreadyTaken(property string) *Error {
	return BadRequest("Another object with the same value for property %s already exists.", property).
		With("ObjectConflict", property)
}

// NotFound is the answer to a key that nothing visible has.
func NotFound(key string) *Error {
	return Refused(http.StatusNotFound, "Request_ResourceNotFound",
		"Resource '%s' does not exist or one of its queried reference-property objects are not present.", key)
}

// Forbidden is the answer to a caller without the permission, or without ownership where the permission needs it.
func Forbidden() *Error {
	return Refused(http.StatusForbidden, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
}
