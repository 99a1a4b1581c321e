// Package wire carries requests to Microsoft Graph and to the token service: signed, within the quota, to the hosts that were named and to no
// other. It turns whatever is no success into an error with its class.
package wire
