// Package faults is HTTP middleware that answers in Microsoft Graph's place: with 429 where a quota is used up, and with the faults that a
// test asks for (throttling, errors of the service and of its gateway, dropped connections). The directory behind it knows nothing of it,
// except that a request may have taken effect although its answer was an error.
package faults
