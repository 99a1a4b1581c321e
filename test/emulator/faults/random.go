package faults

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Random injects faults at random, the same ones under the same seed.
type Random struct {
	// Rate is the share of requests, 0 to 1, that get a fault.
	Rate float64
	// Kinds are drawn from with equal chance: 429 (with and without Retry-After), 500, 502, 503, 504, reset, each of the last five also
	// as commit-then-…, and concurrency (409 and 503). Reads get neither commit-then-… nor concurrency.
	Kinds []string
}

// commitPrefix starts the name of a kind whose request takes effect before the fault.
const commitPrefix = "commit-then-"

// ParseRandom reads rate=0.1,kinds=429,503,reset,commit-then-500,concurrency. The list of kinds runs to the end or to the next key=.
// Empty text, and rate=0, are no faults.
func ParseRandom(text string) (Random, error) {
	var parsed Random
	key := ""
	for word := range strings.SplitSeq(text, ",") {
		if name, value, ok := strings.Cut(word, "="); ok {
			key, word = name, value
		}
		if err := parsed.set(key, word); err != nil {
			return Random{}, err
		}
	}
	if parsed.Rate > 0 && len(parsed.Kinds) == 0 {
		return Random{}, fmt.Errorf("faults %q: rate needs kinds", text)
	}
	return parsed, nil
}

func (f *Random) set(key, word string) error {
	switch {
	case key == "" && word == "":
		return nil
	case key == "rate":
		rate, err := strconv.ParseFloat(word, 64)
		if err != nil || !(rate >= 0 && rate <= 1) {
			return fmt.Errorf("faults: rate %q is not a number from 0 to 1", word)
		}
		f.Rate = rate
	case key == "kinds":
		if _, ok := faultOf(word, 0); !ok {
			return fmt.Errorf("faults: kind %q is none of 429, 500, 502, 503, 504, reset, commit-then-500 (502, 503, 504, reset), "+
				"concurrency", word)
		}
		f.Kinds = append(f.Kinds, word)
	default:
		return fmt.Errorf("faults: %q is neither rate=… nor kinds=…", key)
	}
	return nil
}

// Func decides by the seed and the request's number alone: under one seed the n-th request always gets the same fault, whatever runs
// beside it.
func (f Random) Func(seed int64) Func {
	return func(r *http.Request, n int) Fault {
		random := rand.New(rand.NewPCG(uint64(seed), uint64(n))) //nolint:gosec // repeatable on purpose, no secret
		if random.Float64() >= f.Rate {
			return Fault{}
		}
		kinds := f.Kinds
		if !isWrite(r) {
			kinds = slices.DeleteFunc(slices.Clone(kinds), onWritesOnly)
		}
		if len(kinds) == 0 {
			return Fault{}
		}
		fault, _ := faultOf(kinds[random.IntN(len(kinds))], random.IntN(20))
		return fault
	}
}

func onWritesOnly(kind string) bool {
	return kind == "concurrency" || strings.HasPrefix(kind, commitPrefix)
}

func isWrite(r *http.Request) bool { return r.Method != http.MethodGet && r.Method != http.MethodHead }

// faultOf is the fault of a kind. Some kinds have variants: variant, a number below 20, picks one.
func faultOf(kind string, variant int) (Fault, bool) {
	uncommitted, committed := strings.CutPrefix(kind, commitPrefix)
	fault, ok := uncommittedFault(uncommitted, variant)
	if !committed {
		return fault, ok
	}
	return fault.AfterCommit(), ok && uncommitted != "429" && uncommitted != "concurrency"
}

func uncommittedFault(kind string, variant int) (Fault, bool) {
	even := variant%2 == 0
	switch {
	case kind == "429" && even:
		return Throttled(0), true
	case kind == "429":
		return Throttled(time.Duration(variant) * time.Second), true
	case kind == "reset":
		return ConnectionReset(), true
	case kind == "concurrency" && even:
		return ConcurrencyViolation(http.StatusConflict), true
	case kind == "concurrency":
		return ConcurrencyViolation(http.StatusServiceUnavailable), true
	case slices.Contains([]string{"500", "502", "503", "504"}, kind):
		status, _ := strconv.Atoi(kind)
		return ServerError(status), true
	default:
		return Fault{}, false
	}
}
