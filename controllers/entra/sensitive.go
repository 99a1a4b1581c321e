package entra

import (
	"fmt"
	"io"
	"log/slog"
)

const hidden = "***"

// Sensitive is a secret value. It prints, formats, logs and marshals as ***; only Reveal gives it away. Two of the same value are
// not equal.
type Sensitive struct {
	// value is behind a pointer, because fmt asks a value in somebody's unexported field for no method, and prints what it holds.
	value *string
}

// Hide wraps a secret value.
func Hide(value string) Sensitive { return Sensitive{value: &value} }

// Reveal gives the value to the one place that needs it: the token request, or the Secret that it is written to. Empty where there
// is none.
func (s Sensitive) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// String is ***.
func (s Sensitive) String() string { return hidden }

// GoString is ***.
func (s Sensitive) GoString() string { return hidden }

// Format is ***, whatever the verb.
func (s Sensitive) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// MarshalText is ***.
func (s Sensitive) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// LogValue is ***.
func (s Sensitive) LogValue() slog.Value { return slog.StringValue(hidden) }
