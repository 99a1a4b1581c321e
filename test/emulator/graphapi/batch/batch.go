// Package batch splits a JSON batch into its requests and runs them.
package batch

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// maxRequests is how many requests a batch may have.
const maxRequests = 20

// Request is one request of a batch.
type Request struct {
	ID        string            `json:"id"`
	Method    string            `json:"method"`
	URL       string            `json:"url"`
	Headers   map[string]string `json:"headers"`
	Body      json.RawMessage   `json:"body"`
	DependsOn []string          `json:"dependsOn"`
}

// Is reports whether a request is a batch.
func Is(r *http.Request) bool {
	return r.Method == http.MethodPost && (r.URL.Path == "/v1.0/$batch" || r.URL.Path == "/beta/$batch")
}

// Read gives the requests of a body, in an order in which those that a request depends on come first.
func Read(body odata.Document) ([]Request, error) {
	raw, _ := json.Marshal(body["requests"]) //nolint:errchkjson // came from JSON
	var requests []Request
	if err := json.Unmarshal(raw, &requests); err != nil || len(requests) == 0 {
		return nil, odata.BadPayload()
	}
	if len(requests) > maxRequests {
		return nil, odata.Refused(http.StatusBadRequest, "MaximumValueExceeded",
			"Number of batch request steps exceeds the maximum value of %d.", maxRequests)
	}
	return orderRequests(requests)
}

// orderRequests sorts by dependency, and refuses duplicate and missing IDs and circular dependencies.
func orderRequests(requests []Request) ([]Request, error) {
	ids := map[string]bool{}
	for _, request := range requests {
		if request.ID == "" || ids[request.ID] {
			return nil, invalidBatch("Duplicate request id found.")
		}
		ids[request.ID] = true
	}
	var out []Request
	done := map[string]bool{}
	for len(out) < len(requests) {
		before := len(out)
		for _, request := range requests {
			ready := !slices.ContainsFunc(request.DependsOn, func(id string) bool { return !done[id] })
			if ready && !done[request.ID] {
				out, done[request.ID] = append(out, request), true
			}
		}
		if len(out) == before {
			return nil, invalidBatch("Invalid request dependency.")
		}
	}
	return out, nil
}

func invalidBatch(message string) error {
	return odata.Refused(http.StatusBadRequest, "BadRequest", "Invalid batch payload format. %s", message)
}

// Run runs the requests of a batch one after the other, each with the token of the batch, and gives their responses. A request that
// depends on one that failed does not run.
func Run(outer *http.Request, requests []Request, handler http.Handler) []any {
	status := map[string]int{}
	responses := []any{}
	for _, request := range requests {
		response := run(outer, request, status, handler)
		status[request.ID], _ = response["status"].(int)
		responses = append(responses, response)
	}
	return responses
}

func run(outer *http.Request, request Request, status map[string]int, handler http.Handler) odata.Document {
	if slices.ContainsFunc(request.DependsOn, func(id string) bool { return status[id] >= 400 }) {
		return odata.Document{"id": request.ID, "status": http.StatusFailedDependency, "body": odata.Document{"error": odata.Document{
			"code": "FailedDependency", "message": "The request depends on a request that failed.",
		}}}
	}
	version := outer.URL.Path[:strings.LastIndex(outer.URL.Path, "/")]
	path := version + "/" + strings.TrimPrefix(request.URL, "/")
	inner, err := http.NewRequestWithContext(outer.Context(), request.Method, path, bytes.NewReader(request.Body)) //nolint:gosec // never sent
	if err != nil {
		return odata.Document{"id": request.ID, "status": http.StatusBadRequest}
	}
	inner.Host, inner.TLS, inner.RemoteAddr = outer.Host, outer.TLS, outer.RemoteAddr
	for name, value := range request.Headers {
		inner.Header.Set(name, value)
	}
	inner.Header.Set("Authorization", outer.Header.Get("Authorization"))
	buffered := &bufferedResponse{header: http.Header{}, status: http.StatusOK}
	handler.ServeHTTP(buffered, inner)
	return buffered.document(request.ID)
}

// bufferedResponse keeps an answer for the batch.
type bufferedResponse struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (b *bufferedResponse) Header() http.Header { return b.header }

func (b *bufferedResponse) WriteHeader(status int) { b.status = status }

func (b *bufferedResponse) Write(p []byte) (int, error) { return b.body.Write(p) }

func (b *bufferedResponse) document(id string) odata.Document {
	headers := odata.Document{}
	for _, name := range []string{"Content-Type", "Location", "Retry-After", "Cache-Control", "OData-Version", "x-ms-resource-unit"} {
		if value := b.header.Get(name); value != "" {
			headers[name] = value
		}
	}
	out := odata.Document{"id": id, "status": b.status, "headers": headers}
	if b.body.Len() == 0 {
		return out
	}
	var body any
	if err := json.Unmarshal(b.body.Bytes(), &body); err != nil {
		body = b.body.String()
	}
	out["body"] = body
	return out
}
