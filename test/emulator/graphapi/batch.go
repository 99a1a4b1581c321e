package graphapi

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// maxBatch is how many requests a batch may have.
const maxBatch = 20

type batchRequest struct {
	ID        string            `json:"id"`
	Method    string            `json:"method"`
	URL       string            `json:"url"`
	Headers   map[string]string `json:"headers"`
	Body      json.RawMessage   `json:"body"`
	DependsOn []string          `json:"dependsOn"`
}

func isBatch(r *http.Request) bool {
	return r.Method == post && (r.URL.Path == "/v1.0/$batch" || r.URL.Path == "/beta/$batch")
}

// serveBatch answers each request of a batch by itself, in an order in which those it depends on come first.
func (a *api) serveBatch(w http.ResponseWriter, r *http.Request) {
	out := a.writer(w, r)
	if _, err := a.authenticate(r); err != nil {
		out.challenge(err)
		return
	}
	requests, err := readBatch(r)
	if err != nil {
		out.refuse(err)
		return
	}
	status := map[string]int{}
	responses := []any{}
	for _, request := range requests {
		response := a.runBatched(r, request, status)
		status[request.ID], _ = response["status"].(int)
		responses = append(responses, response)
	}
	out.send(http.StatusOK, "application/json", odata.Document{"responses": responses})
}

func readBatch(r *http.Request) ([]batchRequest, error) {
	body, err := readBody(r)
	if err != nil {
		return nil, err
	}
	raw, _ := json.Marshal(body["requests"]) //nolint:errchkjson // came from JSON
	var requests []batchRequest
	if err := json.Unmarshal(raw, &requests); err != nil || len(requests) == 0 {
		return nil, badPayload()
	}
	if len(requests) > maxBatch {
		return nil, odata.Refused(http.StatusBadRequest, "MaximumValueExceeded", "Number of batch request steps exceeds the maximum value of %d.", maxBatch)
	}
	return orderRequests(requests)
}

// orderRequests refuses duplicate and missing IDs and circles, and sorts by dependency.
func orderRequests(requests []batchRequest) ([]batchRequest, error) {
	ids := map[string]bool{}
	for _, request := range requests {
		if request.ID == "" || ids[request.ID] {
			return nil, invalidBatch("Duplicate request id found.")
		}
		ids[request.ID] = true
	}
	var out []batchRequest
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

// runBatched runs one request of a batch with the caller's token.
func (a *api) runBatched(outer *http.Request, request batchRequest, status map[string]int) odata.Document {
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
	kept := &bufferedResponse{header: http.Header{}, status: http.StatusOK}
	a.handler.ServeHTTP(kept, inner)
	return kept.document(request.ID)
}

// bufferedResponse keeps an answer for the batch.
type bufferedResponse struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (k *bufferedResponse) Header() http.Header { return k.header }

func (k *bufferedResponse) WriteHeader(status int) { k.status = status }

func (k *bufferedResponse) Write(p []byte) (int, error) { return k.body.Write(p) }

func (k *bufferedResponse) document(id string) odata.Document {
	headers := odata.Document{}
	for _, name := range []string{"Content-Type", "Location", "Retry-After", "Cache-Control", "OData-Version", "x-ms-resource-unit"} {
		if value := k.header.Get(name); value != "" {
			headers[name] = value
		}
	}
	out := odata.Document{"id": id, "status": k.status, "headers": headers}
	if k.body.Len() == 0 {
		return out
	}
	var body any
	if err := json.Unmarshal(k.body.Bytes(), &body); err != nil {
		body = k.body.String()
	}
	out["body"] = body
	return out
}
