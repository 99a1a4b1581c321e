package controllers

import (
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// policyWatch wakes the objects of a kind whose verdict a change of policies changes. The gate judges all of them again in memory: the
// others are not looked at, and cost Graph nothing.
func policyWatch(cache client.Reader, verdicts *policy.VerdictCache, kind string, list client.ObjectList) engine.Watch {
	return engine.Watch{
		Object: &v1alpha1.RegistrationPolicy{},
		When:   engine.Changed(func(p *v1alpha1.RegistrationPolicy) any { return p.Generation }),
		Wakes: func(ctx context.Context, _ client.Object) []reconcile.Request {
			var policies v1alpha1.RegistrationPolicyList
			if err := cache.List(ctx, &policies, client.UnsafeDisableDeepCopy); err != nil {
				log.FromContext(ctx).Error(err, "list policies")
				return nil
			}
			live, err := namesIn(ctx, cache, list)
			if err != nil {
				log.FromContext(ctx).Error(err, "list those that a policy concerns")
				return nil
			}
			var requests []reconcile.Request
			for _, name := range verdicts.Changed(kind, live, policies.Items) {
				requests = append(requests, reconcile.Request{NamespacedName: name})
			}
			return requests
		},
	}
}

// namesIn are the names of all objects of a kind.
func namesIn(ctx context.Context, cache client.Reader, example client.ObjectList) ([]types.NamespacedName, error) {
	list := example.DeepCopyObject().(client.ObjectList)
	if err := cache.List(ctx, list, client.UnsafeDisableDeepCopy); err != nil {
		return nil, fmt.Errorf("list objects: %w", err)
	}
	var names []types.NamespacedName
	err := meta.EachListItem(list, func(item runtime.Object) error {
		names = append(names, client.ObjectKeyFromObject(item.(client.Object)))
		return nil
	})
	return names, err
}
