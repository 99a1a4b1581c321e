package graphapi_test

import "testing"

func TestPath_KeyInEveryEncoding(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	f.application(`"uniqueName":"o'neil (a)/b"`)
	for _, path := range []string{
		"applications(uniqueName='o''neil%20(a)/b')",
		"applications(uniqueName='o''neil%20(a)%2Fb')",
		"applications(uniqueName=%27o%27%27neil%20%28a%29%2Fb%27)",
		"applications%28uniqueName%3D%27o%27%27neil%20%28a%29%2fb%27%29",
	} {
		t.Run(path, func(t *testing.T) {
			f := *f
			f.t = t
			f.must(200, "GET", path, "")
		})
	}
}
