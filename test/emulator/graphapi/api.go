package graphapi

import (
	"errors"
	"net/http"

	"k8s.io/utils/clock"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/graphapi/batch"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// Options are what the API is made of.
type Options struct {
	Directory *directory.Directory
	Tokens    Tokens
	Clock     clock.PassiveClock
	// BaseURL is scheme and host of a request's answers: nextLink, Location and @odata.context are absolute.
	BaseURL func(*http.Request) string
	// Middleware wraps every single request, those inside a $batch too: metering and faults belong here. May be nil.
	Middleware func(http.Handler) http.Handler
}

// Tokens verifies access tokens for Graph. Its errors wrap one of the Err values below, or are taken as a token that
// cannot be read. A role that the token carries is a permission for as long as the token lives.
type Tokens interface {
	Verify(r *http.Request, raw string) (Caller, error)
}

// Caller is who is behind a token: a client with its service principal's object ID and the token's roles, or a user with the object
// ID and the scopes that the client has.
type Caller struct {
	AppID, ObjectID string
	Roles           []string
	Scopes          []string
}

// Why a token is refused.
var (
	ErrExpired   = errors.New("access token has expired or is not yet valid")
	ErrAudience  = errors.New("access token has another audience")
	ErrSignature = errors.New("access token has a bad signature")
)

type api struct {
	Options
	handler http.Handler
}

// New makes the handler of Graph's paths.
func New(options Options) http.Handler {
	a := &api{Options: options}
	a.handler = http.HandlerFunc(a.serve)
	if options.Middleware != nil {
		a.handler = options.Middleware(a.handler)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if batch.Is(r) {
			a.serveBatch(w, r)
			return
		}
		a.handler.ServeHTTP(w, r)
	})
}

// serveBatch answers each request of a batch by itself.
func (a *api) serveBatch(w http.ResponseWriter, r *http.Request) {
	out := a.writer(w, r)
	if _, err := a.authenticate(r); err != nil {
		out.challenge(err)
		return
	}
	body, err := readBody(r)
	if err != nil {
		out.refuse(err)
		return
	}
	requests, err := batch.Read(body)
	if err != nil {
		out.refuse(err)
		return
	}
	out.send(http.StatusOK, "application/json", odata.Document{"responses": batch.Run(r, requests, a.handler)})
}

// serve answers one request.
func (a *api) serve(w http.ResponseWriter, r *http.Request) {
	out := a.writer(w, r)
	caller, err := a.authenticate(r)
	if err != nil {
		out.challenge(err)
		return
	}
	c, handle, err := a.parse(r, caller)
	if err != nil {
		out.refuse(err)
		return
	}
	var result *answer
	err = a.Directory.Within(directory.Caller{AppID: caller.AppID, ObjectID: caller.ObjectID}, func(s *directory.Session) error {
		c.session = s
		result, err = handle(c)
		return err
	})
	out.units = c.units
	if err != nil {
		out.refuse(err)
		return
	}
	out.write(result)
}

// answer is a successful answer; a nil body is an empty one.
type answer struct {
	status   int
	body     odata.Document
	text     string // text/plain instead of a body
	location string
}

func noContent() *answer { return &answer{status: http.StatusNoContent} }
