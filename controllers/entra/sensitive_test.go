package entra_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/go-logr/logr/funcr"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

const canary = "canary-7f3a"

// holder keeps a connection where fmt can look and cannot ask.
type holder struct {
	connection entra.Connection
	secret     *entra.Sensitive
	more       map[string]entra.Sensitive
}

func TestSensitive_ShowsOnlyWhereRevealed(t *testing.T) {
	t.Parallel()
	secret := entra.Hide(canary)
	connection := entra.Connection{TenantID: "t", Auth: entra.Auth{Type: "ClientSecret", Secret: secret, Certificate: secret, Key: secret}}
	held := holder{connection, &secret, map[string]entra.Sensitive{"a": secret}}
	if secret.Reveal() != canary || (entra.Sensitive{}).Reveal() != "" {
		t.Error("Reveal does not give what was hidden")
	}
	for what, value := range map[string]any{
		"a secret": secret, "a pointer to one": &secret, "a list": []entra.Sensitive{secret}, "an identity": connection.Auth, "a connection": connection,
		"a pointer to a connection": &connection, "a connection in an unexported field": held, "a pointer to that": &held,
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			for name, text := range renderings(value) {
				if strings.Contains(text, canary) || strings.Contains(text, fmt.Sprintf("%x", canary)) {
					t.Errorf("%s: %s", name, text)
				}
			}
		})
	}
}

// renderings of a value are all the ways in which it could get into a log, a status or an error.
func renderings(value any) map[string]string {
	texts := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%o", "%c", "%U", "%e", "%08.3f", "%T", "%p", "%10v", "%!"} {
		texts[verb] = fmt.Sprintf(verb, value)
	}
	asJSON, _ := json.Marshal(value)
	asXML, _ := xml.Marshal(value)
	texts["JSON"], texts["XML"] = string(asJSON), string(asXML)
	texts["error"] = fmt.Errorf("open: %w", errors.Join(fmt.Errorf("with %v", value))).Error()
	var lines bytes.Buffer
	slog.New(slog.NewJSONHandler(&lines, nil)).Info("x", "value", value)
	slog.New(slog.NewTextHandler(&lines, nil)).Info("x", "value", value)
	write := func(prefix, args string) { lines.WriteString(prefix + args) }
	funcr.New(write, funcr.Options{}).Info("x", "value", value)
	funcr.New(write, funcr.Options{}).WithValues("value", value).Error(errors.New("y"), "x")
	texts["logs"] = lines.String()
	return texts
}
