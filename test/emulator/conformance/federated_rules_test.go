package conformance

import (
	"net/http"
	"testing"
)

// invalidFederated is any of the codes under which Graph refuses a federated credential.
var invalidFederated = refusal{}

func TestFederatedCredential_Rules(t *testing.T) {
	t.Parallel()
	const audience = "api://AzureADTokenExchange"
	issuer := "https://oidc.conformance.example.com/"
	one := func(more object) object { return federatedBody(more) }
	for _, row := range []rule{
		accepts("a name of 3 characters", one(object{"name": "a-1"})),
		accepts("a name of 120 characters", one(object{"name": textOf(120)})),
		accepts("a name that starts with a digit", one(object{"name": "1_a"})),
		refuses("a name of 2 characters", one(object{"name": "ab"})),
		refuses("a name of 121 characters", one(object{"name": textOf(121)})),
		refuses("a name that starts with a dash", one(object{"name": "-ab"})),
		refuses("a name that starts with an underscore", one(object{"name": "_ab"})),
		refuses("a name with a dot", one(object{"name": "a.b"})),
		refuses("a name with a blank", one(object{"name": "a b"})),
		refuses("a name with a slash", one(object{"name": "a/b"})),
		refuses("an empty name", one(object{"name": ""})),
		refuses("no name", without(one(nil), "name")),
		refuses("no issuer", without(one(nil), "issuer")),
		refuses("an empty issuer", one(object{"issuer": ""})),
		refuses("an issuer on http", one(object{"issuer": "http://oidc.conformance.example.com/"})),
		refuses("an issuer that is no URL", one(object{"issuer": "kubernetes"})),
		accepts("an issuer of 600 characters", one(object{"issuer": issuer + textOf(600-len(issuer))})),
		refuses("an issuer of 601 characters", one(object{"issuer": issuer + textOf(601-len(issuer))})),
		refuses("no subject", without(one(nil), "subject")),
		refuses("an empty subject", one(object{"subject": ""})),
		accepts("a subject of 600 characters", one(object{"subject": textOf(600)})),
		refuses("a subject of 601 characters", one(object{"subject": textOf(601)})),
		refuses("no audiences", without(one(nil), "audiences")),
		refuses("an empty list of audiences", one(object{"audiences": list{}})),
		refuses("two audiences", one(object{"audiences": list{audience, "orders"}})),
		refuses("an empty audience", one(object{"audiences": list{""}})),
		accepts("an audience of 600 characters", one(object{"audiences": list{textOf(600)}})),
		refuses("an audience of 601 characters", one(object{"audiences": list{textOf(601)}})),
		accepts("a description of 600 characters", one(object{"description": textOf(600)})),
		refuses("a description of 601 characters", one(object{"description": textOf(601)})),
		refuses("an unknown property", one(object{"noSuchProperty": "x"})),
		refuses("the expression that only beta knows", one(object{"subject": nil, "claimsMatchingExpression": object{"value": "claims['sub'] eq 'x'", "languageVersion": 1}})),
		refuses("audiences that are one text", one(object{"audiences": audience})),
		refuses("a null issuer", one(object{"issuer": nil})),
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			path := applicationPath(examined.first.newApplication(t, nil)) + "/federatedIdentityCredentials"
			if row.want == nil {
				made := examined.first.must(t, http.StatusCreated, http.MethodPost, path, row.body)
				examined.first.waitShown(t, path+"/"+made.id(), row.body)
				return
			}
			examined.first.refused(t, *row.want, http.MethodPost, path, row.body)
		})
	}
}

func TestFederatedCredential_PatchValidatesLikeCreate(t *testing.T) {
	t.Parallel()
	application := examined.first.newApplication(t, nil)
	made := examined.first.newFederated(t, applicationPath(application), nil)
	path := applicationPath(application) + "/federatedIdentityCredentials/" + made.id()
	for name, body := range map[string]object{
		"two audiences":       {"audiences": list{"a", "b"}},
		"no audience":         {"audiences": list{}},
		"an empty subject":    {"subject": ""},
		"an issuer on http":   {"issuer": "http://oidc.conformance.example.com/"},
		"a long description":  {"description": textOf(601)},
		"an unknown property": {"noSuchProperty": "x"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			examined.first.refused(t, invalidFederated, http.MethodPatch, path, body)
		})
	}
}

func TestFederatedCredential_NameIsTaken(t *testing.T) {
	t.Parallel()
	application := examined.first.newApplication(t, nil)
	path := applicationPath(application) + "/federatedIdentityCredentials"
	examined.first.newFederated(t, applicationPath(application), object{"name": "main"})
	taken := refusal{
		status: http.StatusConflict, codes: []string{"Request_MultipleObjectsWithSameKeyValue"},
		message: "FederatedIdentityCredential with name main already exists.",
	}
	examined.first.refused(t, taken, http.MethodPost, path, federatedBody(object{"name": "main"}))
	inOtherCase := refusal{status: http.StatusConflict, other: []int{http.StatusBadRequest}}
	examined.first.refused(t, inOtherCase, http.MethodPost, path, federatedBody(object{"name": "MAIN"}))
	examined.first.newFederated(t, applicationPath(examined.first.newApplication(t, nil)), object{"name": "main"})
}

func TestFederatedCredential_IssuerAndSubjectAreUnique(t *testing.T) {
	t.Parallel()
	first := examined.first
	application := first.newApplication(t, nil)
	path := applicationPath(application) + "/federatedIdentityCredentials"
	made := first.newFederated(t, applicationPath(application), nil)
	issuer, subject := made.text("issuer"), made.text("subject")
	taken := refusal{
		codes: []string{"InvalidFederatedIdentityCredentialValue"},
		message: "The combination of issuer and subject must be unique for the application. Issuer " + issuer + " and Subject: " + subject +
			" already exist. paramName: FederatedIdentityCredential.Subject, paramValue: " + subject + ", objectType: Microsoft.Online.DirectoryServices.Application",
	}
	same := object{"issuer": issuer, "subject": subject}
	first.refused(t, taken, http.MethodPost, path, federatedBody(same))
	other := first.newFederated(t, applicationPath(application), object{"issuer": issuer})
	first.refused(t, taken, http.MethodPatch, path+"/"+other.id(), object{"subject": subject})
	first.newFederated(t, applicationPath(first.newApplication(t, nil)), same)
	first.newFederated(t, applicationPath(application), object{"issuer": issuer + "slash/", "subject": subject})
}

func TestFederatedCredential_TwentyFit(t *testing.T) {
	t.Parallel()
	first := examined.first
	application := first.newApplication(t, nil)
	path := applicationPath(application) + "/federatedIdentityCredentials"
	for range 20 {
		first.newFederated(t, applicationPath(application), nil)
	}
	full := refusal{other: []int{http.StatusForbidden}}
	first.refused(t, full, http.MethodPost, path, federatedBody(nil))
	first.waitShown(t, query(applicationPath(application), "expand", "federatedIdentityCredentials"), object{"id": application.id()})
	_, ok := first.until(t, query(applicationPath(application), "expand", "federatedIdentityCredentials"), func(got reply) bool {
		return len(objects(got.body["federatedIdentityCredentials"])) == 20
	})
	if !ok {
		t.Error("want all twenty in an expand")
	}
}
