package weather

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Dice are faults by chance.
type Dice struct {
	// Rate is the part of requests, 0 to 1, that meet a fault.
	Rate float64
	// Kinds are drawn from with equal chance: 429 (with and without Retry-After), 500, 502, 503, 504, reset, each of the last five also
	// as commit-then-…, and concurrency (409 and 503). Those that are about a commit meet writes only.
	Kinds []string
}

// afterCommit marks a kind whose request takes effect.
const afterCommit = "commit-then-"

// ParseDice reads rate=0.1,kinds=429,503,reset,commit-then-500,concurrency. The list of kinds runs to the end or to the next key=.
// Empty text, and rate=0, are no faults.
func ParseDice(text string) (Dice, error) {
	var dice Dice
	key := ""
	for word := range strings.SplitSeq(text, ",") {
		if name, value, ok := strings.Cut(word, "="); ok {
			key, word = name, value
		}
		if err := dice.read(key, word); err != nil {
			return Dice{}, err
		}
	}
	if dice.Rate > 0 && len(dice.Kinds) == 0 {
		return Dice{}, fmt.Errorf("faults %q: rate needs kinds", text)
	}
	return dice, nil
}

func (d *Dice) read(key, word string) error {
	switch {
	case key == "" && word == "":
		return nil
	case key == "rate":
		rate, err := strconv.ParseFloat(word, 64)
		if err != nil || !(rate >= 0 && rate <= 1) {
			return fmt.Errorf("faults: rate %q is not a number from 0 to 1", word)
		}
		d.Rate = rate
	case key == "kinds":
		if _, ok := kind(word, 0); !ok {
			return fmt.Errorf("faults: kind %q is none of 429, 500, 502, 503, 504, reset, commit-then-500 (502, 503, 504, reset), "+
				"concurrency", word)
		}
		d.Kinds = append(d.Kinds, word)
	default:
		return fmt.Errorf("faults: %q is neither rate=… nor kinds=…", key)
	}
	return nil
}

// Func throws the dice. The n-th request always meets the same under one seed, whatever runs beside it.
func (d Dice) Func(seed int64) FaultFunc {
	return func(r *http.Request, n int) Fault {
		random := rand.New(rand.NewPCG(uint64(seed), uint64(n))) //nolint:gosec // chance of a seed, no secret
		if random.Float64() >= d.Rate {
			return Fault{}
		}
		kinds := d.Kinds
		if !isWrite(r) {
			kinds = slices.DeleteFunc(slices.Clone(kinds), writesOnly)
		}
		if len(kinds) == 0 {
			return Fault{}
		}
		fault, _ := kind(kinds[random.IntN(len(kinds))], random.IntN(20))
		return fault
	}
}

func writesOnly(kind string) bool {
	return kind == "concurrency" || strings.HasPrefix(kind, afterCommit)
}

func isWrite(r *http.Request) bool { return r.Method != http.MethodGet && r.Method != http.MethodHead }

// kind is the fault of a name; the draw decides where one name has variants.
func kind(name string, draw int) (Fault, bool) {
	plain, committed := strings.CutPrefix(name, afterCommit)
	fault, ok := plainKind(plain, draw)
	if !committed {
		return fault, ok
	}
	return fault.AfterCommit(), ok && plain != "429" && plain != "concurrency"
}

func plainKind(name string, draw int) (Fault, bool) {
	even := draw%2 == 0
	switch {
	case name == "429" && even:
		return Throttled(0), true
	case name == "429":
		return Throttled(time.Duration(draw) * time.Second), true
	case name == "reset":
		return Dropped(), true
	case name == "concurrency" && even:
		return Contended(http.StatusConflict), true
	case name == "concurrency":
		return Contended(http.StatusServiceUnavailable), true
	case slices.Contains([]string{"500", "502", "503", "504"}, name):
		status, _ := strconv.Atoi(name)
		return Failed(status), true
	default:
		return Fault{}, false
	}
}
