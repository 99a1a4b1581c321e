// Package weather is what stands between a client and Microsoft Graph on a bad day: quotas, throttling, failing gateways and
// dropped connections. It is HTTP middleware; the directory behind it knows nothing of it, except that a request may have
// taken effect although its answer was an error.
package weather
