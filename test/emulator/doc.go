// Package emulator is Microsoft Entra in a process: Graph and the token service of one tenant on one HTTPS port. It keeps state,
// refuses what Entra refuses, and is deterministic under a seed. It shares no code with the operator.
//
//	entra, err := emulator.Start(emulator.Options{Client: emulator.Client{ID: id, Secret: secret, Roles: roles}})
//	defer entra.Close()
//	// entra.URL() is the authority and Graph's endpoint; entra.CA() is what to trust.
//
// Options.Population puts people, groups and managed identities into the tenant, as the command's --population does. People sign in on
// pages of plain forms, in a browser or by package test/browserclient; a managed identity's tokens are to be had from
// IdentityToken, or by HTTP where Azure has its metadata service. What nobody can do through Graph is done through Directory.
//
// A request goes to Graph if its host is graph.* or its path starts with /v1.0 or /beta, else to the token service.
package emulator
