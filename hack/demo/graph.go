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
	"slices"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// httpClient trusts the emulator, as a machine in this tenant would.
func (d *demo) httpClient() *http.Client {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(d.entra.CA())
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}
}

// clientOptions point Azure's SDK at the emulator.
func (d *demo) clientOptions(authority string) azcore.ClientOptions {
	return azcore.ClientOptions{Cloud: cloud.Configuration{ActiveDirectoryAuthorityHost: authority}, Transport: d.httpClient()}
}

// graph asks Graph as a person with the operator's credential would, past the operator.
func (d *demo) graph(ctx context.Context, method, path string, body, answer any) error {
	credential, err := azidentity.NewClientSecretCredential(d.entra.TenantID(), operatorClientID, operatorSecret,
		&azidentity.ClientSecretCredentialOptions{ClientOptions: d.clientOptions(d.entra.URL()), DisableInstanceDiscovery: true})
	if err != nil {
		return err
	}
	token, err := credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{d.entra.URL() + "/.default"}})
	if err != nil {
		return err
	}
	payload, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, method, d.entra.URL()+"/v1.0"+path, bytes.NewReader(payload))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+token.Token)
	request.Header.Set("Content-Type", "application/json")
	response, err := d.httpClient().Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return err
	}
	if response.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s %s: %s: %s", method, path, response.Status, content)
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(content, answer)
}

// applications lists those with our tag, by display name.
func (d *demo) applications(ctx context.Context, path string) (map[string]string, error) {
	var page struct {
		Value []struct {
			DisplayName, AppID string
			Tags               []string
		}
	}
	if err := d.graph(ctx, http.MethodGet, path, nil, &page); err != nil {
		return nil, err
	}
	found := map[string]string{}
	for _, app := range page.Value {
		if slices.ContainsFunc(app.Tags, func(tag string) bool { return strings.HasPrefix(tag, "managed-by:entra-registrar") }) {
			found[app.DisplayName] = app.AppID
		}
	}
	return found, nil
}
