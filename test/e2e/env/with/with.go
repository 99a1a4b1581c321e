// Package with has what tests give the specs of objects.
package with

import (
	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/signin"
)

// Spec changes an AppRegistration's.
type Spec = func(*v1alpha1.AppRegistrationSpec)

// MicrosoftGraph as specs name it.
var MicrosoftGraph = v1alpha1.APIReference{WellKnown: v1alpha1.MicrosoftGraph}

// OfApp is the API of an AppRegistration; of the asking object's own namespace where namespace is empty.
func OfApp(namespace, name string) v1alpha1.APIReference {
	return v1alpha1.APIReference{AppRegistrationRef: &v1alpha1.AppRegistrationReference{Namespace: namespace, Name: name}}
}

// AppRoles that applications can be given.
func AppRoles(values ...string) Spec {
	return appRoles(v1alpha1.MemberApplication, values)
}

// UserRole is one that people can be given.
func UserRole(spec *v1alpha1.AppRegistrationSpec) {
	appRoles(v1alpha1.MemberUser, []string{"Orders.Use"})(spec)
}

func appRoles(member v1alpha1.MemberType, values []string) Spec {
	return func(spec *v1alpha1.AppRegistrationSpec) {
		for _, value := range values {
			spec.AppRoles = append(spec.AppRoles, v1alpha1.AppRole{Value: value, AllowedMemberTypes: []v1alpha1.MemberType{member}})
		}
	}
}

// Scopes that the application exposes, and no others.
func Scopes(values ...string) Spec {
	return func(spec *v1alpha1.AppRegistrationSpec) {
		spec.API = &v1alpha1.API{}
		for _, value := range values {
			spec.API.Scopes = append(spec.API.Scopes, v1alpha1.Scope{Value: value})
		}
	}
}

// Permissions of an API, which the application declares that it needs.
func Permissions(api v1alpha1.APIReference, delegated []string, application ...string) Spec {
	return func(spec *v1alpha1.AppRegistrationSpec) {
		spec.Permissions = append(spec.Permissions, v1alpha1.Permissions{API: api, Delegated: delegated, Application: application})
	}
}

// AllowedConsumer lets another namespace use what the application exposes.
func AllowedConsumer(namespace string, roles, scopes []string) Spec {
	return func(spec *v1alpha1.AppRegistrationSpec) {
		spec.AllowedConsumers = append(spec.AllowedConsumers, v1alpha1.AllowedConsumer{
			Namespaces: v1alpha1.NamespaceSelection{Names: []string{namespace}}, AppRoles: roles, Scopes: scopes,
		})
	}
}

// WebCallback is for an application on a server.
func WebCallback(spec *v1alpha1.AppRegistrationSpec) { WebRedirectURIs(signin.Callback)(spec) }

// SPACallback is for an application in a browser.
func SPACallback(spec *v1alpha1.AppRegistrationSpec) {
	spec.SPA = &v1alpha1.Platform{RedirectURIs: []string{signin.Callback}}
}

// WebRedirectURIs and no others.
func WebRedirectURIs(uris ...string) Spec {
	return func(spec *v1alpha1.AppRegistrationSpec) { spec.Web = &v1alpha1.Platform{RedirectURIs: uris} }
}

// IdentifierURIs and no others.
func IdentifierURIs(uris ...string) Spec {
	return func(spec *v1alpha1.AppRegistrationSpec) { spec.IdentifierURIs = uris }
}

// Version1Tokens are what the application asks for.
func Version1Tokens(spec *v1alpha1.AppRegistrationSpec) {
	if spec.API == nil {
		spec.API = &v1alpha1.API{}
	}
	spec.API.RequestedAccessTokenVersion = new(int32(1))
}

// OIDCSubject gives a FederatedCredential another subject than a ServiceAccount.
func OIDCSubject(issuer, subject string) func(*v1alpha1.FederatedCredentialSpec) {
	return func(spec *v1alpha1.FederatedCredentialSpec) {
		spec.ServiceAccount, spec.OIDC = nil, &v1alpha1.OIDCSubject{Issuer: issuer, Subject: subject}
	}
}

// Subject of a ServiceAccount's tokens.
func Subject(namespace, account string) string {
	return "system:serviceaccount:" + namespace + ":" + account
}
