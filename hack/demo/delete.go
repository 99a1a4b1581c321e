package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// deleteSamples deletes the objects and looks, past the operator, at what Entra has of them.
func (d *demo) deleteSamples(ctx context.Context) error {
	if err := d.kubectl(ctx, "delete", teamKinds, "--all", "-n", namespace, "--timeout=2m"); err != nil {
		_ = d.kubectl(ctx, "get", "entra", "-n", namespace, "-o", "wide") // says why
		return err
	}
	printLine("\nWritten to Graph:")
	d.printWrites()
	printLine("\nWhat Entra has of ours:")
	for _, place := range []struct {
		what, path string
		want       int
	}{
		{"live applications", "/applications", 0},
		{"live service principals", "/servicePrincipals", 0},
		{"deleted applications", "/directory/deletedItems/microsoft.graph.application", d.made},
		{"deleted service principals", "/directory/deletedItems/microsoft.graph.servicePrincipal", d.made},
	} {
		names, err := d.ours(ctx, place.path)
		if err != nil {
			return err
		}
		printLine("  %-28s %d  %s", place.what+":", len(names), strings.Join(names, ", "))
		if len(names) != place.want {
			return fmt.Errorf("expected %d %s", place.want, place.what)
		}
	}
	return nil
}

// ours lists by display name what has our tag or a client ID of ours.
func (d *demo) ours(ctx context.Context, path string) (names []string, err error) {
	var page struct {
		Value []struct {
			DisplayName, AppID string
			Tags               []string
		}
	}
	if err := d.graph(ctx, http.MethodGet, path, nil, &page); err != nil {
		return nil, err
	}
	known := slices.Collect(maps.Values(d.clientIDs))
	for _, item := range page.Value {
		if slices.Contains(item.Tags, "managed-by:entra-registrar") || slices.Contains(known, item.AppID) {
			names = append(names, item.DisplayName)
		}
	}
	return names, nil
}
