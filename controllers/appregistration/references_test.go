package appregistration

import (
	"testing"
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

func TestResolve_ErrorHidesNothingElse(t *testing.T) {
	t.Parallel()
	c, obj := newCluster(t), object(needs(wellKnownGraph, []string{"User.Read"}))
	microsoftGraph(c.directory)
	c.directory.errs["APIByAppID"] = entra.Throttled{After: time.Minute}
	same(t, "steps", []string{
		"create application k8s.c1.shop.orders-api", "update application: identifierUris", "create service principal", "write Secret orders-api-entra",
		"look for what the spec names: spec.permissions[0].api: read API MicrosoftGraph: Graph asks us to slow down for 1m0s",
	}, c.reconcile(obj))
	delete(c.directory.errs, "APIByAppID")
	same(t, "declared", "update application: requiredResourceAccess (add User.Read)", c.reconcile(obj)[0])
	status := obj.Status.DeepCopy().Permissions
	c.directory.errs["APIByAppID"] = entra.ErrUnreachable
	c.reconcile(obj)
	same(t, "status is kept", status, obj.Status.Permissions)
	same(t, "declared is kept", 1, len(c.directory.apps["object-1"].RequiredAccess))
}

func TestResolve_DeletionThatBeginsDoesNotUnsettle(t *testing.T) {
	t.Parallel()
	stock := apiOf("shop", "stock")
	c, obj := newCluster(t, stock), object(needs(named("", "stock"), []string{"Stock.Read"}))
	c.entraHas(stock)
	c.reconcile(obj)
	stock.Finalizers = []string{v1alpha1.Finalizer}
	if err := c.kube.Update(t.Context(), stock); err != nil {
		t.Fatal(err)
	}
	if err := c.kube.Delete(t.Context(), stock); err != nil {
		t.Fatal(err)
	}
	same(t, "still settled", []string{remarkOn("The stock Stock.Read")}, c.reconcile(obj))
}

func TestResolve_WhatAnOwnerLetsUsHaveStays(t *testing.T) {
	t.Parallel()
	stock := apiOf("depot", "stock", func(app *v1alpha1.AppRegistration) {
		app.Spec.AllowedConsumers = []v1alpha1.AllowedConsumer{{
			Namespaces: v1alpha1.NamespaceSelection{All: true}, Scopes: []string{"Stock.Read"}, AppRoles: []string{"Stock.Read.All"},
		}}
	})
	c, obj := newCluster(t, stock), object(needs(named("depot", "stock"), []string{"Stock.Read"}, "Stock.Read.All"))
	c.entraHas(stock)
	remark := remarkOn("The stock Stock.Read, The stock Stock.Read.All")
	same(t, "settled", remark, c.reconcile(obj)[4])
	stock.Spec.API.Scopes[0].Enabled, stock.Spec.AppRoles = new(false), nil
	if err := c.kube.Update(t.Context(), stock); err != nil {
		t.Fatal(err)
	}
	same(t, "still settled", []string{remark}, c.reconcile(obj))
	stock.Spec.AllowedConsumers = nil
	if err := c.kube.Update(t.Context(), stock); err != nil {
		t.Fatal(err)
	}
	same(t, "once it is taken away", []string{
		`wait: spec.permissions[0].api: AppRegistration "depot/stock" does not exist, or its allowedConsumers does not let namespace "shop" use what is asked for`,
	}, c.reconcile(obj))
}

func TestResolve_StatusIsNoEvidence(t *testing.T) {
	t.Parallel()
	forged := apiOf("shop", "stock", func(app *v1alpha1.AppRegistration) { app.Status.AppID = "payroll-app" })
	c, obj := newCluster(t, forged), object(needs(named("", "stock"), []string{"Stock.Read"}))
	c.directory.principals["payroll-app"] = entra.ServicePrincipal{ObjectID: "payroll-principal", AppID: "payroll-app"}
	same(t, "steps", []string{
		`refuse Conflict: spec.permissions[0].api: service principal stock-principal, which AppRegistration "stock" names, is not its own in Entra: ` +
			`it is of application payroll-app and tagged []`,
	}, c.reconcile(obj))
}
