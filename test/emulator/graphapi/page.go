package graphapi

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// item is a member of a list: its properties for the filter, and how it is shown.
type item struct {
	id   string
	doc  odata.Document
	show func() odata.Document
}

// pageToken is what a $skiptoken carries; to the caller it is opaque.
type pageToken struct {
	After      string `json:"a"`
	Offset     int    `json:"o"` // where to go on if the item has gone
	Generation int    `json:"g"`
}

// objectItems makes a list of objects ready for paging.
func (c *call) objectItems(list []*directory.Object) []item {
	var out []item
	for _, o := range list {
		doc := c.session.Properties(o)
		related := c.session.LinksOf(o)
		doc["owners"], doc["federatedIdentityCredentials"] = odata.Strings(related.Owners...), make([]any, len(related.Federated))
		out = append(out, item{id: o.ID, doc: doc, show: func() odata.Document { return c.project(o, c.query) }})
	}
	return out
}

// documentItems makes a list of documents ready for paging.
func (c *call) documentItems(list []odata.Document) []item {
	var out []item
	for _, doc := range list {
		out = append(out, item{id: odata.Text(doc, "id"), doc: doc, show: func() odata.Document { return selectNames(doc, c.query.Select) }})
	}
	return out
}

// page answers with one page of a list.
func (c *call) page(set string, items []item) (*answer, error) {
	items = c.filtered(items)
	body := odata.Document{"@odata.context": c.context(set)}
	if c.query.Count {
		body["@odata.count"] = len(items)
	}
	start, err := c.start(items)
	if err != nil {
		return nil, err
	}
	end := min(start+c.query.PageSize(), len(items))
	value := []any{}
	for _, it := range items[start:end] {
		value = append(value, it.show())
	}
	body["value"] = value
	if end < len(items) {
		body["@odata.nextLink"] = c.nextLink(pageToken{After: items[end-1].id, Offset: end, Generation: c.session.PageGeneration()})
	}
	return &answer{status: http.StatusOK, body: body}, nil
}

// filtered is the list filtered and ordered.
func (c *call) filtered(items []item) []item {
	for _, filter := range []odata.Filter{c.query.Filter, c.query.Search} {
		if filter != nil {
			items = slices.DeleteFunc(items, func(it item) bool { return !filter.Match(it.doc) })
		}
	}
	property, direction, _ := strings.Cut(c.query.OrderBy, " ")
	if property == "" {
		return items
	}
	slices.SortStableFunc(items, func(a, b item) int {
		order := strings.Compare(odata.Text(a.doc, property), odata.Text(b.doc, property))
		if direction == "desc" {
			return -order
		}
		return order
	})
	return items
}

// start is where the page of a $skiptoken begins.
func (c *call) start(items []item) (int, error) {
	if c.query.SkipToken == "" {
		return 0, nil
	}
	var token pageToken
	raw, err := base64.RawURLEncoding.DecodeString(c.query.SkipToken)
	if err == nil {
		err = json.Unmarshal(raw, &token)
	}
	if err != nil || token.Generation != c.session.PageGeneration() {
		return 0, odata.Refused(http.StatusBadRequest, "Directory_ExpiredPageToken", "The specified page token value has expired and can no longer be included in your request.")
	}
	if i := slices.IndexFunc(items, func(it item) bool { return it.id == token.After }); i >= 0 {
		return i + 1, nil
	}
	return min(max(0, token.Offset), len(items)), nil
}

// nextLink is absolute, carries the query on, and is on the host that was asked.
func (c *call) nextLink(token pageToken) string {
	raw, _ := json.Marshal(token) //nolint:errchkjson // plain values
	options := url.Values{}
	for name, given := range c.request.URL.Query() {
		if name != "$skiptoken" {
			options[name] = given
		}
	}
	options.Set("$skiptoken", base64.RawURLEncoding.EncodeToString(raw))
	_, path, _ := strings.Cut(strings.TrimPrefix(c.request.URL.EscapedPath(), "/"), "/")
	return c.base + "/" + path + "?" + strings.ReplaceAll(options.Encode(), "%24", "$")
}

// count answers $count: a bare number.
func (c *call) count(items []item) (*answer, error) {
	if !c.eventual() {
		return nil, odata.Refused(http.StatusBadRequest, "Request_UnsupportedQuery", "$count is not currently supported.")
	}
	return &answer{status: http.StatusOK, text: strconv.Itoa(len(c.filtered(items)))}, nil
}
