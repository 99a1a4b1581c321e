package record

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/url"
	"strings"
)

const mask = "***"

// secret are the members and parameters whose values never show, whatever holds them, in lower case.
var secret = map[string]bool{
	"access_token": true, "refresh_token": true, "id_token": true, "assertion": true, "client_assertion": true,
	"client_secret": true, "code": true, "code_verifier": true, "device_code": true, "password": true, "passwd": true,
	"secrettext": true, "proof": true, "authorization": true, "cookie": true, "set-cookie": true,
}

// masked is a body fit to be shown. What cannot be parsed could hold a secret anywhere, so only its size is told.
func masked(body []byte, contentType, encoding string) json.RawMessage {
	if len(body) == 0 {
		return nil
	}
	plain, err := decompressed(body, encoding)
	if err != nil {
		return sized(body)
	}
	mediaType, _, _ := mime.ParseMediaType(contentType) // none: sized below
	switch mediaType {
	case "application/json":
		return maskJSON(plain)
	case "application/x-www-form-urlencoded":
		return maskForm(plain)
	default:
		return sized(body)
	}
}

func decompressed(body []byte, encoding string) ([]byte, error) {
	if !strings.EqualFold(encoding, "gzip") {
		return body, nil
	}
	reader, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("open gzip: %w", err)
	}
	return io.ReadAll(io.LimitReader(reader, maxBody))
}

func sized(body []byte) json.RawMessage {
	return json.RawMessage(fmt.Sprintf(`"%d bytes"`, len(body)))
}

func maskJSON(body []byte) json.RawMessage {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var document any
	if err := decoder.Decode(&document); err != nil || decoder.More() {
		return sized(body)
	}
	clean, err := json.Marshal(masking(document))
	if err != nil {
		return sized(body)
	}
	return clean
}

// masking replaces the values of secret members. A "code" is secret as a string of a form only: Graph's errors have one too.
func masking(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			lower := strings.ToLower(name)
			if secret[lower] && lower != "code" && member != nil {
				value[name] = mask
				continue
			}
			value[name] = masking(member)
		}
	case []any:
		for i := range value {
			value[i] = masking(value[i])
		}
	}
	return value
}

func maskForm(body []byte) json.RawMessage {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return sized(body)
	}
	shown := map[string]string{}
	for name, values := range form {
		shown[name] = strings.Join(values, ",")
		if secret[strings.ToLower(name)] {
			shown[name] = mask
		}
	}
	clean, err := json.Marshal(shown)
	if err != nil {
		return sized(body)
	}
	return clean
}

// maskQuery is the query, readable: parameters sorted by name, OData's $ and spaces plain.
func maskQuery(query url.Values) string {
	for name := range query {
		if secret[strings.ToLower(name)] {
			query.Set(name, mask)
		}
	}
	readable, err := url.QueryUnescape(query.Encode())
	if err != nil {
		return query.Encode()
	}
	return readable
}
