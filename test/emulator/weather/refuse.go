package weather

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

// refuse writes a fault as Graph, or the gateway before it, would.
func (w *Weather) refuse(rw http.ResponseWriter, r *http.Request, fault Fault) {
	id := w.options.NewID()
	clientID := r.Header.Get("client-request-id")
	if clientID == "" {
		clientID = id
	}
	fault.header(rw.Header())
	rw.Header().Set("Date", w.options.Clock.Now().UTC().Format(http.TimeFormat))
	rw.Header().Set("request-id", id)
	rw.Header().Set("client-request-id", clientID)
	if fault.Code == "" {
		rw.Header().Set("Content-Type", "text/html")
		rw.WriteHeader(fault.Status)
		_, _ = fmt.Fprintf(rw, "<html><body><h1>%d %s</h1></body></html>", fault.Status, http.StatusText(fault.Status))
		return
	}
	var body errorBody
	body.Error.Code, body.Error.Message = fault.Code, fault.Message
	body.Error.Inner = innerError{
		Date: w.options.Clock.Now().UTC().Format("2006-01-02T15:04:05"), RequestID: id, ClientRequestID: clientID,
	}
	rw.Header().Set("Content-Type", "application/json")
	rw.WriteHeader(fault.Status)
	_ = json.NewEncoder(rw).Encode(body) // the caller went away: nobody to tell
}
