package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// httpClient trusts the emulator, as every machine trusts Entra.
func (d *demo) httpClient() *http.Client {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(d.entra.CA())
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}
}

// clientOptions point Azure's SDK at the emulator.
func (d *demo) clientOptions(authority string) azcore.ClientOptions {
	return azcore.ClientOptions{Cloud: cloud.Configuration{ActiveDirectoryAuthorityHost: authority}, Transport: d.httpClient()}
}

// graph asks Graph as a person with the operator's credential would, past the operator. A nil body is none, a nil answer is not read.
func (d *demo) graph(ctx context.Context, method, path string, body, answer any) error {
	token, err := d.graphToken(ctx)
	if err != nil {
		return fmt.Errorf("sign in to Graph: %w", err)
	}
	var payload bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&payload).Encode(body); err != nil {
			return err
		}
	}
	request, err := http.NewRequestWithContext(ctx, method, d.entra.URL()+"/v1.0"+path, &payload)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	response, err := d.httpClient().Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
		return fmt.Errorf("%s %s: %w", method, path, err)
	case response.StatusCode >= http.StatusBadRequest:
		return fmt.Errorf("%s %s: %s: %s", method, path, response.Status, content)
	case answer == nil:
		return nil
	}
	return json.Unmarshal(content, answer)
}

func (d *demo) graphToken(ctx context.Context) (string, error) {
	credential, err := azidentity.NewClientSecretCredential(d.entra.TenantID(), operatorClientID, operatorSecret,
		&azidentity.ClientSecretCredentialOptions{ClientOptions: d.clientOptions(d.entra.URL()), DisableInstanceDiscovery: true})
	if err != nil {
		return "", err
	}
	token, err := credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{d.entra.URL() + "/.default"}})
	return token.Token, err
}
