package record

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Exchange is one request and its answer. It has no headers, and no value in it is a secret: those are "***".
type Exchange struct {
	Method string `json:"method"`
	Path   string `json:"path"`
	Query  string `json:"query,omitempty"`
	// Status is 0 where the connection was dropped before an answer.
	Status int `json:"status"`
	// Request and Response are the bodies: JSON as it was, a form as an object. What is neither is a string that tells its size.
	Request  json.RawMessage `json:"request,omitempty"`
	Response json.RawMessage `json:"response,omitempty"`
}

// IsWrite reports whether the exchange could have changed something.
func (e Exchange) IsWrite() bool {
	return e.Method != http.MethodGet && e.Method != http.MethodHead && e.Method != http.MethodOptions
}

// manyProperties is from how many names on a $select stands for all that a client reads of an object.
const manyProperties = 10

// BriefQuery is the query for people: a $select of many properties is one word, the kind of object that they are of.
func (e Exchange) BriefQuery() string {
	before, names, found := strings.Cut(e.Query, "$select=")
	names, after, more := strings.Cut(names, "&")
	if !found || strings.Count(names, ",")+1 < manyProperties {
		return e.Query
	}
	kind := "application"
	if strings.Contains(strings.ToLower(e.Path), "serviceprincipal") {
		kind = "servicePrincipal"
	}
	if more {
		after = "&" + after
	}
	return before + "$select=<" + kind + ">" + after
}

// Recorder is HTTP middleware. It is safe for concurrent use; exchanges are in the order in which they ended.
type Recorder struct {
	mu        sync.Mutex
	exchanges []Exchange
	lines     io.Writer
}

// New makes a recorder that also writes one JSON line an exchange to lines, unless that is nil.
func New(lines io.Writer) *Recorder { return &Recorder{lines: lines} }

// Exchanges are those since the start or the last Reset.
func (l *Recorder) Exchanges() []Exchange {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.exchanges)
}

// Reset forgets the exchanges in memory.
func (l *Recorder) Reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.exchanges = nil
}

// Wrap records what passes to next. A panic of next, such as http.ErrAbortHandler, is recorded as status 0 and goes on.
func (l *Recorder) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		request := &tee{}
		r.Body = request.reader(r.Body)
		response := &responseRecorder{ResponseWriter: w}
		exchange := Exchange{Method: r.Method, Path: r.URL.Path, Query: maskQuery(r.URL.Query())}
		contentType, encoding := r.Header.Get("Content-Type"), r.Header.Get("Content-Encoding")
		defer func() {
			exchange.Status = response.status
			exchange.Request = masked(request.bytes(), contentType, encoding)
			exchange.Response = masked(response.bytes(), w.Header().Get("Content-Type"), w.Header().Get("Content-Encoding"))
			if failure := recover(); failure != nil {
				exchange.Status, exchange.Response = 0, nil
				l.add(exchange)
				panic(failure)
			}
			l.add(exchange)
		}()
		next.ServeHTTP(response, r)
		if response.status == 0 {
			response.status = http.StatusOK // what net/http sends for a handler that writes nothing
		}
	})
}

func (l *Recorder) add(exchange Exchange) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.exchanges = append(l.exchanges, exchange)
	if l.lines == nil {
		return
	}
	line, err := json.Marshal(exchange)
	if err != nil {
		return // bodies are valid JSON by construction
	}
	_, _ = l.lines.Write(append(line, '\n')) // a full disk must not stop the emulator
}
