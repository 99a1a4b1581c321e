package graphapi

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/google/uuid"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

const (
	contentSuccess = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"
	contentError   = "application/json"
	diagnostic     = `{"ServerInfo":{"DataCenter":"West Europe","Slice":"E","Ring":"5","ScaleUnit":"001","RoleInstance":"AM2PEPF0000EMUL"}}`
	challenge      = `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", ` +
		`client_id="00000003-0000-0000-c000-000000000000"`
)

// writer writes one answer with the headers that every answer has.
type writer struct {
	api             *api
	http            http.ResponseWriter
	request, client string // ids
	units           int
}

func (a *api) writer(w http.ResponseWriter, r *http.Request) *writer {
	out := &writer{api: a, http: w, request: a.Directory.NewID(), client: r.Header.Get("client-request-id")}
	if _, err := uuid.Parse(out.client); err != nil {
		out.client = out.request
	}
	h := w.Header()
	h.Set("request-id", out.request)
	h.Set("client-request-id", out.client)
	h.Set("x-ms-ags-diagnostic", diagnostic)
	h.Set("OData-Version", "4.0")
	h.Set("Strict-Transport-Security", "max-age=31536000")
	h.Set("Cache-Control", "no-cache")
	h.Set("Date", a.Clock.Now().UTC().Format(http.TimeFormat))
	return out
}

func (w *writer) write(result *answer) {
	h := w.http.Header()
	h.Set("x-ms-resource-unit", strconv.Itoa(max(1, w.units)))
	if result.location != "" {
		h.Set("Location", result.location)
	}
	switch {
	case result.text != "":
		h.Set("Content-Type", "text/plain")
		w.http.WriteHeader(result.status)
		_, _ = w.http.Write([]byte(result.text))
	case result.body != nil:
		w.send(result.status, contentSuccess, result.body)
	default:
		w.http.WriteHeader(result.status)
	}
}

// challenge refuses a request without a valid token.
func (w *writer) challenge(err error) {
	w.http.Header().Set("WWW-Authenticate", challenge)
	w.refuse(err)
}

// refuse writes an error in Graph's shape.
func (w *writer) refuse(err error) {
	refusal := &odata.Error{Status: http.StatusInternalServerError, Code: "Service_InternalServerError", Message: err.Error()}
	if known := (*odata.Error)(nil); errors.As(err, &known) {
		refusal = known
	}
	if w.units > 0 {
		w.http.Header().Set("x-ms-resource-unit", strconv.Itoa(w.units))
	}
	body := odata.Document{
		"code": refusal.Code, "message": refusal.Message,
		"innerError": odata.Document{
			"date":       w.api.Clock.Now().UTC().Format("2006-01-02T15:04:05"),
			"request-id": w.request, "client-request-id": w.client,
		},
	}
	if len(refusal.Details) > 0 {
		body["details"] = refusal.Details
	}
	w.send(refusal.Status, contentError, odata.Document{"error": body})
}

func (w *writer) send(status int, contentType string, body odata.Document) {
	w.http.Header().Set("Content-Type", contentType)
	w.http.WriteHeader(status)
	encoder := json.NewEncoder(w.http)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(body) // the client is gone
}
