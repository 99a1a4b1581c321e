package graphapi_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

func TestBatch_AnswersEachRequestSeparately(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	app, _ := f.application("")
	got := f.must(200, "POST", "$batch", `{"requests":[
		{"id":"4","dependsOn":["3"],"method":"GET","url":"/applications/`+app+`"},
		{"id":"3","dependsOn":["1"],"method":"GET","url":"/applications/x"},
		{"id":"1","method":"PATCH","url":"/applications/`+app+`","headers":{"Content-Type":"application/json"},"body":{"notes":"n"}},
		{"id":"2","dependsOn":["1"],"method":"GET","url":"/applications/`+app+`?$select=notes"}]}`).body
	status := map[string]float64{}
	for _, response := range odata.Documents(got, "responses") {
		status[odata.Text(response, "id")] = response["status"].(float64)
		if response["id"] == "2" && odata.Text(response, "body", "notes") != "n" {
			t.Errorf("what depends on a write does not see it: %v", response)
		}
		if response["id"] == "1" && response["body"] != nil {
			t.Errorf("a 204 has a body: %v", response)
		}
	}
	if diff := cmp.Diff(map[string]float64{"1": 204, "2": 200, "3": 404, "4": 424}, status); diff != "" {
		t.Errorf("status (-want +got):\n%s", diff)
	}
}

func TestBatch_RefusedAsWhole(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	one := func(id, more string) string {
		return `{"id":"` + id + `","method":"GET","url":"/organization"` + more + `}`
	}
	var many []string
	for i := range 21 {
		many = append(many, one(fmt.Sprint(i), ""))
	}
	for name, list := range map[string]string{
		"twenty-one requests":    strings.Join(many, ","),
		"an ID twice":            one("1", "") + "," + one("1", ""),
		"no ID":                  one("", ""),
		"an unknown dependency":  one("1", `,"dependsOn":["2"]`),
		"a circle":               one("1", `,"dependsOn":["2"]`) + "," + one("2", `,"dependsOn":["1"]`),
		"nothing":                "",
		"a request that is none": `"x"`,
	} {
		t.Run(name, func(t *testing.T) {
			f := *f
			f.t = t
			f.must(400, "POST", "$batch", `{"requests":[`+list+`]}`)
		})
	}
	f.as = ""
	f.must(401, "POST", "$batch", `{"requests":[`+one("1", "")+`]}`)
}
