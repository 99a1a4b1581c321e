package engine

import (
	"github.com/prometheus/client_golang/prometheus"
)

var (
	steps = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "entra_registrar_steps_total",
		Help: "Changes made or tried, by kind and result: Done, or the reason why not.",
	}, []string{"kind", "result"})
	outcomes = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "entra_registrar_reconciles_total",
		Help: "Reconciles by kind and by the reason that they ended with.",
	}, []string{"kind", "reason"})
)

// Metrics are the engine's, for the manager to register.
func Metrics() []prometheus.Collector { return []prometheus.Collector{steps, outcomes} }
