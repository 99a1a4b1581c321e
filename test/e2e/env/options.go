package env

import (
	"bytes"
	"flag"
	"net/http"
	"sync"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/log/zap"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/wire"
	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

const (
	// OperatorClientID is the application as which the operator signs in.
	OperatorClientID = "5f0a6c2e-0000-4000-8000-000000000001"
	// OperatorSecret is searched for in everything that is written anywhere.
	OperatorSecret = "canary-operator-secret-7f3a"
)

// OperatorPermissions are what the operator's identity holds in Graph with role assignments and consent switched on.
var OperatorPermissions = []string{
	"Application.ReadWrite.OwnedBy", "Application.Read.All", "AppRoleAssignment.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All",
}

// Option changes an environment before its tenant and its manager start.
type Option func(*Env, *emulator.Options)

// WithPolicy has a policy that allows more than the baseline.
func WithPolicy(rules ...v1alpha1.PolicyRule) Option {
	return func(e *Env, _ *emulator.Options) {
		allow := func(spec *v1alpha1.RegistrationPolicySpec) { spec.Allow = rules }
		e.policies = append(e.policies, e.Policy("allowing", allow))
	}
}

// WithIssuer lets Entra reach an issuer of tokens at an address, and trust its certificate.
func WithIssuer(host, address string, certificate []byte) Option {
	return func(e *Env, o *emulator.Options) {
		e.issuerCA = certificate
		o.IssuerAddresses = map[string]string{host + ":443": address}
	}
}

// WithLag has a directory that is always so far behind.
func WithLag(lag time.Duration) Option {
	return func(_ *Env, o *emulator.Options) { o.Lag = directory.Lag{Min: lag, Max: lag} }
}

// WithLagUpTo has a directory that is behind by up to so much.
func WithLagUpTo(most time.Duration) Option {
	return func(_ *Env, o *emulator.Options) { o.Lag = directory.Lag{Max: most} }
}

// WithMostLag is the most that is expected of Entra.
var WithMostLag = WithLag(30 * time.Second)

// Lags are none, some and the most, for tests that are run with each.
var Lags = map[string]Option{
	"without lag":      func(*Env, *emulator.Options) {},
	"with lag to 30 s": WithLagUpTo(30 * time.Second),
	"with lag of 30 s": WithMostLag,
}

// WithCrash ends the manager's process after its k-th write.
func WithCrash(k int, answerLost bool) Option {
	return func(e *Env, _ *emulator.Options) { e.Wire.CrashAt(k, answerLost) }
}

// WithInterceptor puts an interceptor between the manager and Entra.
func WithInterceptor(i *wire.Interceptor) Option {
	return WithTransport(i.RoundTripper)
}

// WithTransport wraps what the manager sends its requests to Entra with.
func WithTransport(wrap func(http.RoundTripper) http.RoundTripper) Option {
	return func(e *Env, _ *emulator.Options) {
		inner := e.Manager.Settings.Transport
		e.Manager.Settings.Transport = func(next http.RoundTripper) http.RoundTripper { return wrap(inner(next)) }
	}
}

// Log takes lines from several goroutines.
type Log struct {
	mutex sync.Mutex
	lines bytes.Buffer
}

// WithLog takes all that the manager logs, at every level, in the form in which the product writes it.
func WithLog(log *Log) Option {
	return func(e *Env, _ *emulator.Options) {
		var options zap.Options
		flags := flag.NewFlagSet("manager", flag.ContinueOnError)
		options.BindFlags(flags)
		if err := flags.Parse([]string{"--zap-log-level=100"}); err != nil {
			e.T.Fatal(err)
		}
		e.Manager.Logger = zap.New(zap.UseFlagOptions(&options), zap.WriteTo(log))
	}
}

func (l *Log) Write(line []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.lines.Write(line)
}

// String is all of it.
func (l *Log) String() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.lines.String()
}
