package api

import "testing"

const (
	aGUID       = "8b2c5e0d-1f4a-4c6b-9d3e-7a5f0c2b1e84"
	anotherGUID = "8b2c5e0d-1f4a-4c6b-9d3e-7a5f0c2b1e85"
	signIn      = `auth: {type: WorkloadIdentity, clientID: ` + aGUID + `}`
)

// tenant is a spec with the rest of it.
func tenant(rest string) string { return `{tenantID: ` + aGUID + `, ` + signIn + rest + `}` }

func TestEntraTenant_Spec(t *testing.T) {
	t.Parallel()
	rows := map[string]row{
		"a tenant and a way to sign in are all that is needed": {spec: tenant(``)},
		"a tenant ID is needed":                                {spec: `{` + signIn + `}`, says: "tenantID: Required value"},
		"a tenant ID is a GUID":                                {spec: `{tenantID: corp.example, ` + signIn + `}`, says: "tenantID"},
		"a way to sign in is needed":                           {spec: `{tenantID: ` + aGUID + `}`, says: "auth: Required value"},
		"a clusterID is a label":                               {spec: tenant(`, clusterID: west-1`)},
		"a clusterID has no dots":                              {spec: tenant(`, clusterID: west.1`), says: "clusterID"},
		"a clusterID has 20 characters":                        {spec: tenant(`, clusterID: abcdefghij0123456789`)},
		"a clusterID has no 21 characters":                     {spec: tenant(`, clusterID: abcdefghij01234567890`), says: "clusterID"},
		"a cloud that is none is refused":                      {spec: tenant(`, cloud: Mars`), says: "Unsupported value"},
		"a resync every minute is accepted":                    {spec: tenant(`, resyncInterval: 1m`)},
		"a resync every day is accepted":                       {spec: tenant(`, resyncInterval: 24h`)},
		"a resync every second is refused":                     {spec: tenant(`, resyncInterval: 1s`), says: "between 1m and 24h"},
		"a resync every two days is refused":                   {spec: tenant(`, resyncInterval: 48h`), says: "between 1m and 24h"},
		"a resync interval that is none is refused":            {spec: tenant(`, resyncInterval: soon`), says: "resyncInterval"},
		"a size that is none is refused":                       {spec: tenant(`, tenantSize: Huge`), says: "Unsupported value"},
		"former identities are accepted":                       {spec: tenant(`, formerClientIDs: [` + anotherGUID + `], formerClusterUIDs: [0f3c8a1e5b7d2946]`)},
		"default and abandoned are accepted":                   {spec: tenant(`, default: true, abandoned: true`)},
	}
	for _, cloud := range []string{"Public", "USGov", "USGovDoD", "China"} {
		rows["the cloud "+cloud+" is accepted"] = row{spec: tenant(`, cloud: ` + cloud)}
	}
	for _, size := range []string{"Small", "Medium", "Large"} {
		rows["the size "+size+" is accepted"] = row{spec: tenant(`, tenantSize: ` + size)}
	}
	checkRows(t, "EntraTenant", rows)
}

func TestEntraTenant_SignIn(t *testing.T) {
	t.Parallel()
	auth := func(auth string) string { return `{tenantID: ` + aGUID + `, auth: {` + auth + `}}` }
	const client, ref = `, clientID: ` + aGUID, `, secretRef: {name: s}`
	const needsRef, needsClient = "auth.secretRef is required for ClientSecret and ClientCertificate", "auth.clientID is required"
	checkRows(t, "EntraTenant", map[string]row{
		"workload identity takes a client ID":                  {spec: auth(`type: WorkloadIdentity` + client)},
		"workload identity needs a client ID":                  {spec: auth(`type: WorkloadIdentity`), says: needsClient},
		"workload identity takes no Secret":                    {spec: auth(`type: WorkloadIdentity` + client + ref), says: needsRef},
		"a managed identity may be the system's":               {spec: auth(`type: ManagedIdentity`)},
		"a managed identity may have a client ID":              {spec: auth(`type: ManagedIdentity` + client)},
		"a managed identity takes no Secret":                   {spec: auth(`type: ManagedIdentity` + ref), says: needsRef},
		"a client secret is accepted":                          {spec: auth(`type: ClientSecret` + client + ref)},
		"a client secret needs its Secret":                     {spec: auth(`type: ClientSecret` + client), says: needsRef},
		"a client secret needs a client ID":                    {spec: auth(`type: ClientSecret` + ref), says: needsClient},
		"a certificate is accepted":                            {spec: auth(`type: ClientCertificate` + client + ref)},
		"a certificate needs its Secret":                       {spec: auth(`type: ClientCertificate` + client), says: needsRef},
		"a type is needed, there is no default chain":          {spec: auth(`clientID: ` + aGUID), says: "auth.type: Required value"},
		"a type that is none is refused":                       {spec: auth(`type: Default` + client), says: "Unsupported value"},
		"a client ID is a GUID":                                {spec: auth(`type: ManagedIdentity, clientID: me`), says: "clientID"},
		"a Secret is in the operator's namespace, not another": {spec: auth(`type: ClientSecret` + client + `, secretRef: {name: s, namespace: x}`), says: "unknown field"},
	})
}

func TestEntraTenant_PrivilegedAuth(t *testing.T) {
	t.Parallel()
	auth := func(auth string) string { return tenant(`, privilegedAuth: {` + auth + `}`) }
	const client, ref = `, clientID: ` + anotherGUID, `, secretRef: {name: s}`
	const needsRef, needsClient = "privilegedAuth.secretRef is required for ClientSecret and ClientCertificate", "privilegedAuth.clientID is required"
	checkRows(t, "EntraTenant", map[string]row{
		"workload identity takes a client ID":       {spec: auth(`type: WorkloadIdentity` + client)},
		"workload identity takes no Secret":         {spec: auth(`type: WorkloadIdentity` + client + ref), says: needsRef},
		"a managed identity needs a client ID, too": {spec: auth(`type: ManagedIdentity`), says: needsClient},
		"a client secret is accepted":               {spec: auth(`type: ClientSecret` + client + ref)},
		"a client secret needs its Secret":          {spec: auth(`type: ClientSecret` + client), says: needsRef},
		"a certificate needs a client ID":           {spec: auth(`type: ClientCertificate` + ref), says: needsClient},
		"a type is needed":                          {spec: auth(`clientID: ` + anotherGUID), says: "privilegedAuth.type: Required value"},
		"it can come later":                         {spec: tenant(``), then: auth(`type: WorkloadIdentity` + client)},
		"it can change":                             {spec: auth(`type: WorkloadIdentity` + client), then: auth(`type: ManagedIdentity` + client)},
		"it can go":                                 {spec: auth(`type: WorkloadIdentity` + client), then: tenant(``)},
	})
}

func TestEntraTenant_Namespaces(t *testing.T) {
	t.Parallel()
	const exactlyOne = "give exactly one of names, selector and all"
	namespaces := func(selection string) string { return tenant(`, namespaces: ` + selection) }
	checkRows(t, "EntraTenant", map[string]row{
		"names are accepted":                      {spec: namespaces(`{names: [shop, payments]}`)},
		"a selector by labels is accepted":        {spec: namespaces(`{selector: {matchLabels: {a: b}}}`)},
		"a selector by expressions is accepted":   {spec: namespaces(`{selector: {matchExpressions: [{key: a, operator: Exists}]}}`)},
		"all are accepted":                        {spec: namespaces(`{all: true}`)},
		"all of nothing is refused":               {spec: namespaces(`{all: false}`), says: "all must be true where it is given"},
		"an empty selection is refused":           {spec: namespaces(`{}`), says: exactlyOne},
		"two ways at once are refused":            {spec: namespaces(`{names: [a], all: true}`), says: exactlyOne},
		"no names are refused":                    {spec: namespaces(`{names: []}`), says: "names"},
		"an empty selector is refused":            {spec: namespaces(`{selector: {}}`), says: "an empty selector selects nothing"},
		"a selector of empty lists is refused":    {spec: namespaces(`{selector: {matchLabels: {}, matchExpressions: []}}`), says: "an empty selector selects nothing"},
		"a change of the selection is accepted":   {spec: namespaces(`{all: true}`), then: namespaces(`{names: [shop]}`)},
		"a selection that is dropped is accepted": {spec: namespaces(`{all: true}`), then: tenant(``)},
	})
}

func TestEntraTenant_Endpoints(t *testing.T) {
	t.Parallel()
	custom := func(authority, graph, rest string) string {
		return tenant(`, cloud: Custom, endpoints: {authority: "` + authority + `", graph: "` + graph + `"` + rest + `}`)
	}
	const login, graph = "https://login.lab.example", "https://graph.lab.example:8443"
	const required = "endpoints is required with cloud Custom and forbidden with every other cloud"
	checkRows(t, "EntraTenant", map[string]row{
		"a custom cloud brings its endpoints":         {spec: custom(login, graph, ``)},
		"a custom cloud needs its endpoints":          {spec: tenant(`, cloud: Custom`), says: required},
		"another cloud takes no endpoints":            {spec: tenant(`, cloud: Public, endpoints: {authority: "` + login + `", graph: "` + graph + `"}`), says: required},
		"no cloud takes no endpoints":                 {spec: tenant(`, endpoints: {authority: "` + login + `", graph: "` + graph + `"}`), says: required},
		"an endpoint needs https":                     {spec: custom("http://login.lab.example", graph, ``), says: "authority"},
		"an endpoint has no path":                     {spec: custom(login, graph+"/v1.0", ``), says: "graph"},
		"an endpoint has no user":                     {spec: custom("https://me@login.lab.example", graph, ``), says: "authority"},
		"an authority never changes":                  {spec: custom(login, graph, ``), then: custom("https://evil.example", graph, ``), says: "endpoints.authority is immutable"},
		"a Graph host never changes":                  {spec: custom(login, graph, ``), then: custom(login, "https://evil.example", ``), says: "endpoints.graph is immutable"},
		"a CA bundle can change":                      {spec: custom(login, graph, `, caBundle: a`), then: custom(login, graph, `, caBundle: b`)},
		"a cloud never changes":                       {spec: tenant(`, cloud: Public`), then: tenant(`, cloud: China`), says: "cloud is immutable"},
		"a cloud cannot be given later":               {spec: tenant(``), then: tenant(`, cloud: China`), says: "cloud is immutable"},
		"a cloud cannot be dropped":                   {spec: tenant(`, cloud: China`), then: tenant(``), says: "cloud is immutable"},
		"a clusterID never changes":                   {spec: tenant(`, clusterID: a`), then: tenant(`, clusterID: b`), says: "clusterID is immutable"},
		"a clusterID cannot be given later":           {spec: tenant(``), then: tenant(`, clusterID: b`), says: "clusterID is immutable"},
		"a tenant ID never changes":                   {spec: tenant(``), then: `{tenantID: ` + anotherGUID + `, ` + signIn + `}`, says: "tenantID is immutable"},
		"the way to sign in can change":               {spec: tenant(``), then: `{tenantID: ` + aGUID + `, auth: {type: ManagedIdentity}}`},
		"an audience of federation can be changed":    {spec: custom(login, graph, ``), then: custom(login, graph, `, federationAudience: "api://x"`)},
		"a tenant can be abandoned after it was used": {spec: tenant(``), then: tenant(`, abandoned: true`)},
	})
}
