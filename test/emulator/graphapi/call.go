package graphapi

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/graphapi/path"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// maxBody bounds a request's body, unpacked.
const maxBody = 4 << 20

// call is one request on its way to a handler.
type call struct {
	session *directory.Session
	caller  Caller
	request *http.Request
	base    string // scheme, host and version
	entity  *odata.Type
	keys    []path.Segment
	query   odata.Query
	body    odata.Document // nil without one
	units   int
}

func (a *api) parse(r *http.Request, caller Caller) (*call, handler, error) {
	version, segments, err := path.Split(r.URL.EscapedPath())
	if err != nil {
		return nil, nil, err
	}
	matched, keys, err := findRoute(segments)
	if err != nil {
		return nil, nil, err
	}
	handle, ok := matched.methods[r.Method]
	if !ok {
		return nil, nil, methodNotAllowed()
	}
	c := &call{
		caller: caller, request: r, base: a.BaseURL(r) + "/" + version, entity: odata.TypeByName(matched.entity), keys: keys,
	}
	options, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, nil, odata.Refused(http.StatusBadRequest, "BadRequest", "The query string is malformed.")
	}
	if c.query, err = odata.ParseQuery(c.entity, options, c.eventual()); err != nil {
		return nil, nil, err
	}
	c.units = c.cost(matched)
	if r.Method == post || r.Method == patch {
		c.body, err = readBody(r)
	}
	return c, handle, err
}

// eventual reports whether the caller takes answers of the advanced index.
func (c *call) eventual() bool {
	return strings.EqualFold(c.request.Header.Get("ConsistencyLevel"), "eventual")
}

// cost is what a request costs of the quota, in resource units.
func (c *call) cost(matched route) int {
	if c.request.Method != get {
		return 1
	}
	units := max(1, matched.cost)
	if len(c.query.Select) > 0 {
		units--
	}
	if len(c.query.Expand) > 0 {
		units++
	}
	if c.query.Top > 0 && c.query.Top < 20 {
		units--
	}
	return max(1, units)
}

// prefers reports whether the request asks for a preference.
func (c *call) prefers(preference string) bool {
	for _, line := range c.request.Header.Values("Prefer") {
		if slices.Contains(strings.FieldsFunc(line, func(r rune) bool { return r == ',' || r == ' ' || r == ';' }), preference) {
			return true
		}
	}
	return false
}

// readBody reads a JSON object, unpacking gzip; an action without a body has none.
func readBody(r *http.Request) (odata.Document, error) {
	var in io.Reader = http.MaxBytesReader(nil, r.Body, maxBody)
	if strings.EqualFold(r.Header.Get("Content-Encoding"), "gzip") {
		unpacked, err := gzip.NewReader(in)
		if err != nil {
			return nil, odata.BadPayload()
		}
		in = io.LimitReader(unpacked, maxBody)
	}
	raw, err := io.ReadAll(in)
	if err != nil {
		return nil, odata.BadPayload()
	}
	if len(raw) == 0 {
		return nil, nil
	}
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || mediaType != "application/json" {
		return nil, odata.BadPayload()
	}
	var body odata.Document
	if err := json.Unmarshal(raw, &body); err != nil || body == nil {
		return nil, odata.BadPayload()
	}
	return body, nil
}

func emptyPayload() error {
	return odata.Refused(http.StatusBadRequest, "BadRequest", "Empty Payload. JSON content expected.")
}

// checkedBody is the body, checked against a type.
func (c *call) checkedBody(typeName string) (odata.Document, error) {
	if c.body == nil {
		return nil, emptyPayload()
	}
	return odata.Check(odata.TypeByName(typeName), c.body)
}
