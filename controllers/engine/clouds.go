package engine

import "github.com/entra-registrar/entra-registrar/api/v1alpha1"

// cloud is where a tenant's token service and Graph are, and what audience its federated credentials have.
type cloud struct{ authority, graph, audience string }

// clouds are Microsoft's own; both US Government clouds share one token service.
var clouds = map[v1alpha1.Cloud]cloud{
	v1alpha1.CloudPublic:   {"https://login.microsoftonline.com", "https://graph.microsoft.com", "api://AzureADTokenExchange"},
	v1alpha1.CloudUSGov:    {"https://login.microsoftonline.us", "https://graph.microsoft.us", "api://AzureADTokenExchangeUSGov"},
	v1alpha1.CloudUSGovDoD: {"https://login.microsoftonline.us", "https://dod-graph.microsoft.us", "api://AzureADTokenExchangeUSGov"},
	v1alpha1.CloudChina: {
		"https://login.partner.microsoftonline.cn", "https://microsoftgraph.chinacloudapi.cn", "api://AzureADTokenExchangeChina",
	},
}

// cloudOf gives a tenant's endpoints; a Custom one brings its own.
func cloudOf(spec v1alpha1.EntraTenantSpec) cloud {
	if spec.Cloud == v1alpha1.CloudCustom && spec.Endpoints != nil {
		c := cloud{spec.Endpoints.Authority, spec.Endpoints.Graph, spec.Endpoints.FederationAudience}
		if c.audience == "" {
			c.audience = clouds[v1alpha1.CloudPublic].audience
		}
		return c
	}
	if spec.Cloud == "" {
		return clouds[v1alpha1.CloudPublic]
	}
	return clouds[spec.Cloud]
}
