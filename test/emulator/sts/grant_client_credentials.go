package sts

// clientCredentials is the app-only grant: the application signs in as itself and asks for everything it was given at one resource.
func (s *Service) clientCredentials(req request) (tokenResponse, *failure) {
	if req.at.tenant == "" { // an application has no home that common could mean
		return tokenResponse{}, tenantNeeded()
	}
	client, method, refused := s.authenticate(req)
	if refused != nil {
		return tokenResponse{}, refused
	}
	named, refused := defaultScope(req.form)
	if refused != nil {
		return tokenResponse{}, refused
	}
	resource, refused := s.resource(req.Host, named)
	if refused != nil {
		return tokenResponse{}, refused
	}
	return s.issueAppOnly(appOnly{at: req.at, client: client, method: method, resource: resource, named: named})
}

// issueAppOnly makes a token with the roles that the client holds now, if the resource lets it have one.
func (s *Service) issueAppOnly(of appOnly) (tokenResponse, *failure) {
	client, resource := of.client, of.resource
	if resource.AssignmentRequired && !s.directory.Assigned(client.ServicePrincipalID, resource.ServicePrincipalID) {
		return tokenResponse{}, notAssigned(client.AppID, client.DisplayName, resource.AppID, resource.DisplayName)
	}
	of.roles = s.directory.Roles(client.ServicePrincipalID, resource.ServicePrincipalID)
	return s.issue(of)
}
