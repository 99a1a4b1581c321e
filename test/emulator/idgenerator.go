package emulator

import (
	"encoding/binary"
	"math/rand/v2"
	"sync"

	"github.com/google/uuid"
)

// idGenerator gives the GUIDs of a seed, one after the other.
type idGenerator struct {
	mu     sync.Mutex
	random *rand.ChaCha8
}

func newIDGenerator(seed int64) *idGenerator {
	key := [32]byte{31: 1}                              // not the directory's series of the same seed
	binary.LittleEndian.PutUint64(key[:], uint64(seed)) //nolint:gosec // bits of the seed, not a number
	return &idGenerator{random: rand.NewChaCha8(key)}
}

func (i *idGenerator) next() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return uuid.Must(uuid.NewRandomFromReader(i.random)).String()
}
