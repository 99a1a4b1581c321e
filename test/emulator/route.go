package emulator

import (
	"net/http"
	"net/url"
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
	version, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	return version == "v1.0" || version == "beta" || strings.HasPrefix(strings.ToLower(r.Host), "graph.")
}

// withoutTenant takes the tenant out of /v1.0/{tenant}/…, as older clients write it and Graph still takes it.
func withoutTenant(tenantID string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		parts := strings.SplitN(r.URL.Path, "/", 4) // "", version, tenant, rest
		if len(parts) < 4 || !strings.EqualFold(parts[2], tenantID) {
			next.ServeHTTP(w, r)
			return
		}
		without := func(path string) string { return strings.Replace(path, "/"+parts[2]+"/", "/", 1) }
		rewritten := new(http.Request)
		*rewritten = *r
		rewritten.URL = new(url.URL)
		*rewritten.URL = *r.URL
		rewritten.URL.Path, rewritten.URL.RawPath = without(r.URL.Path), without(r.URL.RawPath)
		next.ServeHTTP(w, rewritten)
	})
}

// dropWhile drops every connection while down is set.
func dropWhile(down *atomic.Bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if down.Load() {
			panic(http.ErrAbortHandler)
		}
		next.ServeHTTP(w, r)
	})
}
