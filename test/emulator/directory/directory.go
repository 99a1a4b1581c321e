package directory

import (
	"math/rand/v2"
	"sync"
	"time"

	"github.com/google/uuid"
	"k8s.io/utils/clock"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory/firstparty"
)

// Options describe a tenant.
type Options struct {
	Clock          clock.PassiveClock
	TenantID       string
	DisplayName    string
	VerifiedDomain string // the initial domain, such as contoso.onmicrosoft.com
	Seed           int64
	Lag            Lag
}

// Directory is one tenant. Its methods may be called at the same time; each takes the one lock.
type Directory struct {
	options Options

	mu               sync.Mutex
	lag              Lag
	random           *rand.ChaCha8
	sequence         uint64
	records          map[string]*record
	order            map[Kind][]string    // object IDs in the order of creation
	backing          map[string]string    // appId to the application's object ID
	credentialWrites map[string]time.Time // object ID to the last write of its credentials
	quotas           map[string]int       // principal object ID to objects it may have
	createdBy        *createdByOverride
	generation       int // of page tokens

	passwords      map[string]string // of users, by object ID
	administrators map[string]bool   // users by object ID
}

// New makes a tenant that holds the service principals of Microsoft's own APIs and nothing else.
func New(options Options) *Directory {
	var seed [32]byte
	for i := range 8 {
		seed[i] = byte(uint64(options.Seed) >> (8 * i)) //nolint:gosec // bits of the seed, not a number
	}
	d := &Directory{
		options:          options,
		lag:              options.Lag,
		random:           rand.NewChaCha8(seed),
		records:          map[string]*record{},
		order:            map[Kind][]string{},
		backing:          map[string]string{},
		credentialWrites: map[string]time.Time{},
		quotas:           map[string]int{},

		passwords: map[string]string{}, administrators: map[string]bool{},
	}
	for _, api := range firstparty.APIs {
		d.seedAPI(api)
	}
	return d
}

// TenantID is the tenant's ID.
func (d *Directory) TenantID() string { return d.options.TenantID }

// VerifiedDomain is the tenant's initial domain.
func (d *Directory) VerifiedDomain() string { return d.options.VerifiedDomain }

// SetLag changes the replication lag from now on.
func (d *Directory) SetLag(lag Lag) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lag = lag
}

// Within runs one request against the directory under its lock. Refusals are *odata.Error.
func (d *Directory) Within(caller Caller, request func(*Session) error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return request(d.session(caller))
}

// AtTokenService runs a read as the token service sees the directory. The session is not for writes.
func (d *Directory) AtTokenService(read func(*Session)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.session(Caller{})
	s.read, s.lists = s.tokens, s.tokens
	read(s)
}

func (d *Directory) now() time.Time { return d.options.Clock.Now().UTC() }

// newID is a random GUID of the seed.
func (d *Directory) newID() string {
	var id uuid.UUID
	_, _ = d.random.Read(id[:]) // never fails
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return id.String()
}

// fraction is a random number in [0, 1).
func (d *Directory) fraction() float64 {
	return float64(d.random.Uint64()>>11) / (1 << 53)
}

// NewID is a random GUID of the seed, for a caller that does not hold the lock.
func (d *Directory) NewID() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.newID()
}
