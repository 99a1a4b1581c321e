package policy

import "github.com/entra-registrar/entra-registrar/api/v1alpha1"

// Declaration asks to declare, in an AppRegistration, that it needs a permission.
type Declaration struct {
	Path string
	API  API
	Type v1alpha1.PermissionType
	// ID and Value of the permission, as the API's service principal has them.
	ID, Value string
}

// String is the permission.
func (d Declaration) String() string { return "to declare " + d.permission().String() }

func (d Declaration) path() string         { return d.Path }
func (d Declaration) identities() []string { return nil }

func (d Declaration) permission() permission {
	return permission{api: d.API, kind: d.Type, id: d.ID, value: d.Value, allUsers: true}
}

func (d Declaration) entries(rule *v1alpha1.DeclareRule) []string {
	if d.Type == v1alpha1.PermissionApplication {
		return rule.Application
	}
	return rule.Delegated
}

func (d Declaration) allowedBy(rule *v1alpha1.PolicyRule) bool {
	return rule.Declare != nil && d.permission().allowedAs(rule.Declare.API, d.entries(rule.Declare))
}

func (d Declaration) deniedBy(rule *v1alpha1.PolicyRule) bool {
	return rule.Declare != nil && d.permission().deniedAs(rule.Declare.API, d.entries(rule.Declare))
}

func (d Declaration) narrowestRule() (v1alpha1.PolicyRule, bool) {
	api, possible := d.API.narrowestRule()
	rule := &v1alpha1.DeclareRule{API: api}
	if d.Type == v1alpha1.PermissionApplication {
		rule.Application = []string{d.permission().entry()}
	} else {
		rule.Delegated = []string{d.permission().entry()}
	}
	return v1alpha1.PolicyRule{Declare: rule}, possible && d.ID != ""
}
