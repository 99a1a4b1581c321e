package graph

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/organization"
	"k8s.io/utils/ptr"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/graph/properties"
	"github.com/entra-registrar/entra-registrar/controllers/graph/wire"
)

// discoveryMaxAge is how long a discovery document is used.
const discoveryMaxAge = time.Hour

// Self reads our own token. It is decoded, not verified: it came from the token service over TLS, and it is Graph that must accept it.
func (c *client) Self(ctx context.Context) (entra.Identity, error) {
	authorization, err := c.signer.FreshHeader(ctx)
	if err != nil {
		return entra.Identity{}, fmt.Errorf("read own identity: %w", err)
	}
	var claims struct {
		OID   string   `json:"oid"`
		AppID string   `json:"appid"`
		AZP   string   `json:"azp"`
		TID   string   `json:"tid"`
		Roles []string `json:"roles"`
	}
	parts := strings.Split(authorization, ".")
	if len(parts) != 3 {
		return entra.Identity{}, fmt.Errorf("read own identity: %w: the token is no JWT", entra.ErrUnreachable)
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil || json.Unmarshal(payload, &claims) != nil {
		return entra.Identity{}, fmt.Errorf("read own identity: %w: the token's claims cannot be read", entra.ErrUnreachable)
	}
	return entra.Identity{
		AppID: strings.ToLower(cmp.Or(claims.AppID, claims.AZP)), ObjectID: strings.ToLower(claims.OID),
		TenantID: strings.ToLower(claims.TID), Roles: claims.Roles,
	}, nil
}

// Endpoints reads the discovery document, once an hour.
func (c *client) Endpoints(ctx context.Context) (entra.Endpoints, error) {
	unlock, err := c.locks.lock(ctx, "discovery")
	if err != nil {
		return entra.Endpoints{}, err
	}
	defer unlock()
	if c.discovery.known.Issuer != "" && c.clock.Since(c.discovery.at) < discoveryMaxAge {
		return c.discovery.known, nil
	}
	found, err := c.discover(ctx)
	if err != nil {
		return entra.Endpoints{}, fmt.Errorf("read the token service's endpoints: %w", err)
	}
	c.discovery.known, c.discovery.at = found, c.clock.Now()
	return found, nil
}

func (c *client) discover(ctx context.Context) (entra.Endpoints, error) {
	address := c.authority.String() + "/" + c.connection.TenantID + "/v2.0/.well-known/openid-configuration"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return entra.Endpoints{}, err
	}
	answer, err := c.tokens.Do(request)
	if err != nil {
		return entra.Endpoints{}, fmt.Errorf("%w: %w", entra.ErrUnreachable, unwrapURL(err))
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if err = errors.Join(err, answer.Body.Close()); err != nil {
		return entra.Endpoints{}, fmt.Errorf("%w: %w", entra.ErrUnreachable, err)
	}
	if answer.StatusCode != http.StatusOK {
		answer.Body = io.NopCloser(strings.NewReader(string(body)))
		return entra.Endpoints{}, c.signer.Redact(wire.TokenServiceError(answer))
	}
	return endpointsOf(body, address, c.authority)
}

// endpointsOf reads a discovery document. What it names is told to workloads, which send their credentials there and believe its
// keys: so all of it must be at the authority's own host.
func endpointsOf(body []byte, address string, authority wire.Endpoint) (entra.Endpoints, error) {
	var document struct {
		Issuer              string `json:"issuer"`
		Authorization       string `json:"authorization_endpoint"`
		Token               string `json:"token_endpoint"`
		DeviceAuthorization string `json:"device_authorization_endpoint"`
		EndSession          string `json:"end_session_endpoint"`
		JWKS                string `json:"jwks_uri"`
		Discovery           string `json:"-"`
	}
	if err := json.Unmarshal(body, &document); err != nil || document.Issuer == "" {
		return entra.Endpoints{}, fmt.Errorf("%w: the discovery document cannot be read", entra.ErrUnreachable)
	}
	for _, named := range []string{
		document.Issuer, document.Authorization, document.Token, document.DeviceAuthorization, document.EndSession, document.JWKS,
	} {
		if named == "" {
			continue
		}
		if u, err := url.Parse(named); err != nil || !authority.Contains(u) {
			return entra.Endpoints{}, fmt.Errorf("%w: the discovery document names %q, which is not at the configured host %q",
				entra.ErrUnreachable, wire.Sanitize(named), authority.Host)
		}
	}
	document.Discovery = address
	return entra.Endpoints(document), nil
}

func (c *client) Organization(ctx context.Context) (entra.Organization, error) {
	op := operation{name: "read the organization", permission: readPermission}
	return get(c, op, func() (models.OrganizationCollectionResponseable, error) {
		builder := organization.NewOrganizationRequestBuilderInternal(nil, c.adapter)
		return builder.Get(ctx, &organization.OrganizationRequestBuilderGetRequestConfiguration{
			QueryParameters: &organization.OrganizationRequestBuilderGetQueryParameters{Select: []string{"id", "displayName", "verifiedDomains"}},
		})
	}, func(found models.OrganizationCollectionResponseable) (entra.Organization, error) {
		tenants := found.GetValue()
		if len(tenants) != 1 {
			return entra.Organization{}, fmt.Errorf("%w: %d tenants in the answer", entra.ErrUnreachable, len(tenants))
		}
		return entra.Organization{
			ID: properties.ID(tenants[0].GetId()), DisplayName: ptr.Deref(tenants[0].GetDisplayName(), ""),
			Domains: properties.All(tenants[0].GetVerifiedDomains(), func(domain models.VerifiedDomainable) string {
				return ptr.Deref(domain.GetName(), "")
			}),
		}, nil
	})
}
