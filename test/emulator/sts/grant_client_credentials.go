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
	resource, refused := s.resource(req, named)
	if refused != nil {
		return tokenResponse{}, refused
	}
	if resource.AssignmentRequired && !s.directory.Assigned(client.ServicePrincipalID, resource.ServicePrincipalID) {
		return tokenResponse{}, notAssigned(client.AppID, client.DisplayName, resource.AppID, resource.DisplayName)
	}
	roles := s.directory.Roles(client.ServicePrincipalID, resource.ServicePrincipalID)
	return s.issue(appOnly{at: req.at, client: client, method: method, resource: resource, named: named, roles: roles})
}
