package emulator

import (
	"encoding/binary"
	"math/rand/v2"
	"sync"

	"github.com/google/uuid"
)

// identifiers are the GUIDs of a seed, in the order they are asked for.
type identifiers struct {
	mu     sync.Mutex
	random *rand.ChaCha8
}

func newIdentifiers(seed int64) *identifiers {
	key := [32]byte{31: 1}                              // not the directory's series of the same seed
	binary.LittleEndian.PutUint64(key[:], uint64(seed)) //nolint:gosec // bits of the seed, not a number
	return &identifiers{random: rand.NewChaCha8(key)}
}

func (i *identifiers) next() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return uuid.Must(uuid.NewRandomFromReader(i.random)).String()
}
