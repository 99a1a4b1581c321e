package conformance

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// statusAndCode is status, code and message of an answer, for the table.
func statusAndCode(got reply) string {
	if got.error() == nil {
		return fmt.Sprint(got.status)
	}
	return fmt.Sprintf("%d %s %q", got.status, text(got.error(), "code"), text(got.error(), "message"))
}

func TestOpenQuestion_LengthOfUniqueName(t *testing.T) {
	t.Parallel()
	const question = "a1: how long may uniqueName be?"
	longest, refusedAt := 0, "no length tried was refused"
	for _, n := range []int{60, 120, 121, 128, 129, 255, 256, 257, 512, 1024} {
		name := examined.name() + "-" + textOf(n)
		got := examined.first.oneOf(t, []int{http.StatusCreated, http.StatusBadRequest}, http.MethodPost, applications, examined.application(object{"uniqueName": name[:n]}))
		if got.status != http.StatusCreated {
			refusedAt = fmt.Sprintf("%d characters: %s", n, statusAndCode(got))
			break
		}
		longest = n
	}
	record(t, question, fmt.Sprintf("at least %d characters", longest), refusedAt)
}

func TestOpenQuestion_CharactersOfUniqueName(t *testing.T) {
	t.Parallel()
	const question = "a2: which characters may uniqueName have?"
	var taken, refused, evidence []string
	for character := range strings.SplitSeq(". _ ~ : / \\ ' \" ( ) [ ] & + % # ? = , ; @ $ * ! | < > é 漢", " ") {
		name := examined.name() + character + "x"
		got := examined.first.oneOf(t, []int{http.StatusCreated, http.StatusBadRequest}, http.MethodPost, applications, examined.application(object{"uniqueName": name}))
		if got.status != http.StatusCreated {
			refused = append(refused, character)
			evidence = append(evidence, character+": "+statusAndCode(got))
			continue
		}
		read, found := examined.first.untilShort(t, by(applications, "uniqueName", name), func(got reply) bool { return got.status == http.StatusOK })
		isOneOf(t, read, http.StatusOK, http.StatusBadRequest, http.StatusNotFound)
		if !found || read.id() != got.id() {
			evidence = append(evidence, character+" is taken but not found by key: "+statusAndCode(read))
		}
		taken = append(taken, character)
	}
	record(t, question, fmt.Sprintf("taken %s, refused %s", strings.Join(taken, " "), strings.Join(refused, " ")), strings.Join(evidence, "; "))
}

func TestOpenQuestion_CaseOfUniqueName(t *testing.T) {
	t.Parallel()
	const question = "a3: does the case of uniqueName count?"
	name := examined.name() + "-Case"
	made := examined.first.newApplication(t, object{"uniqueName": name})
	other := strings.ToUpper(name)
	read := examined.first.oneOf(t, []int{http.StatusOK, http.StatusNotFound}, http.MethodGet, by(applications, "uniqueName", other), nil)
	twin := examined.first.oneOf(t, []int{http.StatusCreated, http.StatusBadRequest}, http.MethodPost, applications, examined.application(object{"uniqueName": other}))
	record(t, question,
		fmt.Sprintf("reading in other case: %t, a second one in other case: %t", read.status == http.StatusNotFound, twin.status == http.StatusCreated),
		"true means that case counts", "GET "+statusAndCode(read), "POST "+statusAndCode(twin), made.text("uniqueName"))
}
