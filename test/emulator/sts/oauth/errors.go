package oauth

import (
	"fmt"
	"net/http"
)

// The errors that more than one grant type needs. Statuses and texts follow recorded answers where there are some, else Microsoft's
// published error list.

// BadRequest is an invalid_request.
func BadRequest(aadsts int, message string) *Error {
	return &Error{Status: http.StatusBadRequest, Name: InvalidRequest, AADSTS: aadsts, Message: message}
}

// BadGrant is an invalid_grant.
func BadGrant(aadsts int, message string) *Error {
	return &Error{Status: http.StatusBadRequest, Name: InvalidGrant, AADSTS: aadsts, Message: message}
}

// ParameterMissing refuses a request without a parameter.
func ParameterMissing(name string) *Error {
	return BadRequest(900144, fmt.Sprintf("The request body must contain the following parameter: '%s'.", name))
}

// ParameterInvalid refuses a code or token that the token service has not given, or not to this client.
func ParameterInvalid(name string) *Error {
	return BadGrant(70000, "The provided value for the '"+name+"' parameter is not valid.")
}

// CodeRedeemed refuses a code that has been used.
func CodeRedeemed() *Error {
	return BadGrant(54005, "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing "+
		"refresh token.")
}

// Internal is a failure of the emulator itself.
func Internal(err error) *Error {
	return &Error{Status: http.StatusInternalServerError, Name: "server_error", AADSTS: 90033,
		Message: "A transient error has occurred. Please try again. " + err.Error()}
}
