package wire

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// advice is what to do about an error of the token service.
type advice struct {
	reason entra.Refusal
	text   string
}

const (
	adviceClient    = "Check clientID and tenantID of the EntraTenant, and that the application exists in this tenant."
	adviceFederated = "Add a federated credential for exactly this issuer, subject and audience to the operator's application."
	adviceAssertion = "Check the certificate and its key, or the projected token, and this machine's clock."
)

// adviceByCode by AADSTS number. What is mended outside the spec, in a Secret or in Entra, is Forbidden: it is tried again by itself.
var adviceByCode = map[int]advice{
	7000215: {entra.RefusedForbidden, "Put the client secret's value, not its ID, into the Secret."},
	7000222: {entra.RefusedForbidden, "Make a new client secret and put its value into the Secret."},
	700016:  {entra.RefusedInvalid, adviceClient},
	700038:  {entra.RefusedInvalid, adviceClient},
	90002:   {entra.RefusedInvalid, "Check tenantID and cloud of the EntraTenant."},
	900023:  {entra.RefusedInvalid, "Check tenantID and cloud of the EntraTenant."},
	500011:  {entra.RefusedInvalid, "Check that the Graph endpoint belongs to this cloud."},
	70021:   {entra.RefusedForbidden, adviceFederated},
	700211:  {entra.RefusedForbidden, adviceFederated},
	700212:  {entra.RefusedForbidden, adviceFederated},
	700213:  {entra.RefusedForbidden, adviceFederated},
	700024:  {entra.RefusedForbidden, adviceAssertion},
	700027:  {entra.RefusedForbidden, adviceAssertion},
	50027:   {entra.RefusedForbidden, adviceAssertion},
	7000112: {entra.RefusedForbidden, "The operator's application is disabled: enable it in Entra."},
	7000229: {entra.RefusedForbidden, "The operator's application has no service principal in this tenant: grant it admin consent."},
	53003:   {entra.RefusedForbidden, "A Conditional Access policy keeps the operator out."},
}

// signInError says what a failure to get a token means: an answer of the token service is a refusal, all else is no connection.
func signInError(err error) error {
	var failed *azidentity.AuthenticationFailedError
	switch {
	case errors.As(err, &failed) && failed.RawResponse != nil:
		return TokenServiceError(failed.RawResponse)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return errors.New("no answer in time")
	default:
		return err
	}
}

// traceSuffix is the tail that the token service puts behind its messages.
var traceSuffix = regexp.MustCompile(`\s*Trace ID:.*`)

// TokenServiceError reads an answer of the token service.
func TokenServiceError(answer *http.Response) error {
	body, _ := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	var parsed struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
		Codes       []int  `json:"error_codes"`
		TraceID     string `json:"trace_id"`
	}
	status := answer.StatusCode
	switch {
	case status == http.StatusTooManyRequests:
		return entra.Throttled{After: defaultPause}
	case json.Unmarshal(body, &parsed) != nil, parsed.Error == "", status >= http.StatusInternalServerError,
		parsed.Error == "temporarily_unavailable":
		return fmt.Errorf("the token service answered with status %d", status)
	}
	refused := entra.Refused{
		Reason: entra.RefusedInvalid, Code: Sanitize(parsed.Error), RequestID: Sanitize(parsed.TraceID),
		Message: traceSuffix.ReplaceAllString(Sanitize(parsed.Description), ""),
	}
	if len(parsed.Codes) > 0 {
		refused.Code = fmt.Sprintf("AADSTS%d", parsed.Codes[0])
		if known, ok := adviceByCode[parsed.Codes[0]]; ok {
			refused.Reason, refused.Message = known.reason, strings.TrimSpace(refused.Message+" "+known.text)
		}
	}
	return refused
}
