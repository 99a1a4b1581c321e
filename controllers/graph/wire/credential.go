package wire

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// NewCredential is what signs in. The authority is one that an administrator named, so that no instance discovery at
// login.microsoftonline.com has to vouch for it; and the client reaches no other host.
func NewCredential(connection entra.Connection, client *http.Client) (azcore.TokenCredential, error) {
	auth, options := connection.Auth, azcore.ClientOptions{
		Cloud:     cloud.Configuration{ActiveDirectoryAuthorityHost: connection.Authority},
		Transport: client,
		Retry:     policy.RetryOptions{MaxRetries: -1},
		Telemetry: policy.TelemetryOptions{Disabled: true},
	}
	switch auth.Type {
	case "ClientSecret":
		if auth.Secret.Reveal() == "" {
			return nil, errors.New("the Secret has no client-secret")
		}
		return azidentity.NewClientSecretCredential(connection.TenantID, auth.ClientID, auth.Secret.Reveal(),
			&azidentity.ClientSecretCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: true})
	case "ClientCertificate":
		pem := auth.Certificate.Reveal() + "\n" + auth.Key.Reveal()
		certificates, key, err := azidentity.ParseCertificates([]byte(pem), nil)
		if err != nil {
			return nil, fmt.Errorf("tls.crt and tls.key: %w", err)
		}
		return azidentity.NewClientCertificateCredential(connection.TenantID, auth.ClientID, certificates, key,
			&azidentity.ClientCertificateCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: true})
	case "WorkloadIdentity":
		return azidentity.NewWorkloadIdentityCredential(&azidentity.WorkloadIdentityCredentialOptions{
			ClientOptions: options, DisableInstanceDiscovery: true, TenantID: connection.TenantID, ClientID: auth.ClientID,
		})
	case "ManagedIdentity":
		return managedIdentity(auth.ClientID)
	default:
		return nil, fmt.Errorf("auth type %q is none of WorkloadIdentity, ManagedIdentity, ClientCertificate, ClientSecret", auth.Type)
	}
}

// managedIdentity asks the node, not the authority, and carries no secret there.
func managedIdentity(clientID string) (azcore.TokenCredential, error) {
	options := &azidentity.ManagedIdentityCredentialOptions{}
	options.Telemetry.Disabled = true
	if clientID != "" {
		options.ID = azidentity.ClientID(clientID)
	}
	return azidentity.NewManagedIdentityCredential(options)
}

// NewHTTPTransport reaches a tenant's hosts, with its own certificate authorities.
func NewHTTPTransport(caBundle string) (*http.Transport, error) {
	transport := &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		ForceAttemptHTTP2:   true,
		MaxIdleConnsPerHost: 16,
		IdleConnTimeout:     90 * time.Second,
		TLSHandshakeTimeout: 10 * time.Second,
		TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12},
	}
	if caBundle == "" {
		return transport, nil
	}
	transport.TLSClientConfig.RootCAs = x509.NewCertPool()
	if !transport.TLSClientConfig.RootCAs.AppendCertsFromPEM([]byte(caBundle)) {
		return nil, entra.Refused{Reason: entra.RefusedInvalid, Message: "caBundle holds no certificate in PEM form", Property: "caBundle"}
	}
	return transport, nil
}
