package faults

import (
	"encoding/json"
	"fmt"
	"net/http"
)

type errorBody struct {
	Error struct {
		Code    string     `json:"code"`
		Message string     `json:"message"`
		Inner   innerError `json:"innerError"`
	} `json:"error"`
}

type innerError struct {
	Date            string `json:"date"`
	RequestID       string `json:"request-id"`
	ClientRequestID string `json:"client-request-id"`
}

// writeFault answers as Graph, or the gateway before it, would.
func (m *Middleware) writeFault(w http.ResponseWriter, r *http.Request, fault Fault) {
	id := m.options.NewID()
	clientID := r.Header.Get("client-request-id")
	if clientID == "" {
		clientID = id
	}
	fault.setHeader(w.Header())
	w.Header().Set("Date", m.options.Clock.Now().UTC().Format(http.TimeFormat))
	w.Header().Set("request-id", id)
	w.Header().Set("client-request-id", clientID)
	if fault.Code == "" {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(fault.Status)
		_, _ = fmt.Fprintf(w, "<html><body><h1>%d %s</h1></body></html>", fault.Status, http.StatusText(fault.Status))
		return
	}
	var body errorBody
	body.Error.Code, body.Error.Message = fault.Code, fault.Message
	body.Error.Inner = innerError{
		Date: m.options.Clock.Now().UTC().Format("2006-01-02T15:04:05"), RequestID: id, ClientRequestID: clientID,
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(fault.Status)
	_ = json.NewEncoder(w).Encode(body) // the caller went away: nobody to tell
}
