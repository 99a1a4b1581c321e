package odata

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

var filterToken = regexp.MustCompile(`^(?:'(?:[^']|'')*'|[()/,:]|[^\s()/,:']+(?::\d\d:[\d.]+(?:Z|[+-]\d\d:\d\d))?)`)

// ParseFilter reads a $filter on a type and refuses what the type's properties do not document.
func ParseFilter(t *Type, text string) (Filter, error) {
	p := &filterParser{t: t, text: text}
	for rest := strings.TrimSpace(text); rest != ""; rest = strings.TrimSpace(rest) {
		token := filterToken.FindString(rest)
		if token == "" {
			return nil, p.syntaxError()
		}
		p.tokens, rest = append(p.tokens, token), rest[len(token):]
	}
	f, err := p.or()
	if err == nil && len(p.tokens) > 0 {
		err = p.syntaxError()
	}
	return f, err
}

type filterParser struct {
	t      *Type
	text   string
	tokens []string
}

func (p *filterParser) syntaxError() error {
	return Refused(http.StatusBadRequest, "BadRequest", "Invalid filter clause: There is an error in '%s'.", p.text)
}

func (p *filterParser) take() string {
	if len(p.tokens) == 0 {
		return ""
	}
	token := p.tokens[0]
	p.tokens = p.tokens[1:]
	return token
}

func (p *filterParser) next(token string) bool {
	if len(p.tokens) == 0 || !strings.EqualFold(p.tokens[0], token) {
		return false
	}
	p.tokens = p.tokens[1:]
	return true
}

func (p *filterParser) expect(tokens ...string) error {
	for _, token := range tokens {
		if !p.next(token) {
			return p.syntaxError()
		}
	}
	return nil
}

func (p *filterParser) or() (Filter, error) { return p.chain("or", p.and) }

func (p *filterParser) and() (Filter, error) { return p.chain("and", p.unary) }

func (p *filterParser) chain(word string, inner func() (Filter, error)) (Filter, error) {
	left, err := inner()
	for err == nil && p.next(word) {
		var right Filter
		if right, err = inner(); err == nil {
			left = logical{or: word == "or", left: left, right: right}
		}
	}
	return left, err
}

func (p *filterParser) unary() (Filter, error) {
	if p.next("not") {
		f, err := p.unary()
		return negation{of: f}, err
	}
	if p.next("(") {
		f, err := p.or()
		if err != nil {
			return nil, err
		}
		return f, p.expect(")")
	}
	for _, function := range []string{"startswith", "endswith"} {
		if p.next(function) {
			return p.function(function)
		}
	}
	return p.comparison()
}

// function reads startswith(property,'text').
func (p *filterParser) function(name string) (Filter, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	property := p.take()
	if err := p.expect(","); err != nil {
		return nil, err
	}
	return p.finish(comparison{property: []string{property}, operator: name}, []string{")"})
}

// comparison reads "property eq value", "property in (…)" and "property/any(x:x eq value)".
func (p *filterParser) comparison() (Filter, error) {
	c := comparison{property: []string{p.take()}}
	for p.next("/") {
		if p.next("any") {
			return p.anyMember(c)
		}
		c.property = append(c.property, p.take())
	}
	c.operator = strings.ToLower(p.take())
	if c.operator == "in" {
		return p.list(c)
	}
	return p.finish(c, nil)
}

// anyMember reads what follows any: (x:x eq value), (x:x/y eq value) or (x:startswith(x,value)).
func (p *filterParser) anyMember(c comparison) (Filter, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	variable := p.take()
	if err := p.expect(":"); err != nil {
		return nil, err
	}
	c.any = true
	closing := []string{")"}
	if p.next("startswith") {
		if err := p.expect("(", variable, ","); err != nil {
			return nil, err
		}
		c.operator, closing = "startswith", []string{")", ")"}
	} else {
		if err := p.expect(variable); err != nil {
			return nil, err
		}
		for p.next("/") {
			c.property = append(c.property, p.take())
		}
		c.operator = strings.ToLower(p.take())
	}
	return p.finish(c, closing)
}

// finish reads a comparison's value and what closes it.
func (p *filterParser) finish(c comparison, closing []string) (Filter, error) {
	value, err := p.literal()
	if err != nil {
		return nil, err
	}
	if err := p.expect(closing...); err != nil {
		return nil, err
	}
	c.values = []any{value}
	return p.checkSupported(c)
}

func (p *filterParser) list(c comparison) (Filter, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	for {
		value, err := p.literal()
		if err != nil {
			return nil, err
		}
		c.values = append(c.values, value)
		if p.next(")") {
			break
		}
		if err := p.expect(","); err != nil {
			return nil, err
		}
	}
	if len(c.values) > 15 {
		return nil, Refused(http.StatusBadRequest, "Request_UnsupportedQuery", "Too many values in an 'in' clause: at most 15.")
	}
	return p.checkSupported(c)
}

func (p *filterParser) literal() (any, error) {
	token := p.take()
	switch {
	case strings.HasPrefix(token, "'"):
		return strings.ReplaceAll(token[1:len(token)-1], "''", "'"), nil
	case token == "true", token == "false":
		return token == "true", nil
	case token == "null":
		return nil, nil
	}
	if n, err := strconv.Atoi(token); err == nil {
		return n, nil
	}
	if _, err := time.Parse(time.RFC3339Nano, token); err == nil {
		return token, nil
	}
	if len(token) == 36 {
		return token, nil
	}
	return nil, p.syntaxError()
}

func (p *filterParser) checkSupported(c comparison) (Filter, error) {
	name := c.property[0]
	if slices.Contains(p.t.Navigation, name) && len(c.property) == 2 && c.property[1] == "$count" {
		return p.linkCount(c)
	}
	if _, ok := p.t.Shape(name); !ok {
		return nil, propertyNotFound(p.t, name)
	}
	operator := c.operator
	if c.any {
		operator = "any " + operator
	}
	if len(c.property) > 1 || !slices.Contains(filterable(p.t.Name)[name], operator) {
		return nil, Refused(http.StatusBadRequest, "Request_UnsupportedQuery",
			"Unsupported or invalid query filter clause specified for property '%s' of resource '%s'.", name, p.t.Resource)
	}
	return c, nil
}

// linkCount reads "owners/$count eq 0".
func (p *filterParser) linkCount(c comparison) (Filter, error) {
	_, number := c.values[0].(int)
	if !number || !slices.Contains([]string{"eq", "ne", "ge", "le"}, c.operator) || !slices.Contains([]string{"owners", "federatedIdentityCredentials"}, c.property[0]) {
		return nil, unsupportedFilter()
	}
	return linkCount{comparison: c}, nil
}
