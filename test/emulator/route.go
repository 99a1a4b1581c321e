package emulator

import (
	"net/http"
	"strings"
	"sync/atomic"
)

// route sends a request to Graph or to the token service.
func route(graph, tokens http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isGraph(r) {
			graph.ServeHTTP(w, r)
			return
		}
		tokens.ServeHTTP(w, r)
	})
}

func isGraph(r *http.Request) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	return first == "v1.0" || first == "beta" || strings.HasPrefix(strings.ToLower(r.Host), "graph.")
}

// outage drops every connection while down is set.
func outage(down *atomic.Bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if down.Load() {
			panic(http.ErrAbortHandler)
		}
		next.ServeHTTP(w, r)
	})
}
