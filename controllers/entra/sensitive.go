package entra

import "log/slog"

const hidden = "***"

// Sensitive is a secret value. It prints, formats, logs and marshals as ***; only Reveal gives it away.
type Sensitive struct{ value string }

// Hide wraps a secret value.
func Hide(value string) Sensitive { return Sensitive{value: value} }

// Reveal gives the value to the one place that needs it: the token request, or the Secret that it is written to.
func (s Sensitive) Reveal() string { return s.value }

// String is ***.
func (s Sensitive) String() string { return hidden }

// GoString is ***.
func (s Sensitive) GoString() string { return hidden }

// MarshalText is ***.
func (s Sensitive) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// LogValue is ***.
func (s Sensitive) LogValue() slog.Value { return slog.StringValue(hidden) }
