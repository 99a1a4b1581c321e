// Package rbac gives the manager in tests the rights that config/rbac gives it.
package rbac

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/hack/controlplane"
)

// OperatorNamespace is where config/ puts the manager.
const OperatorNamespace = "entra-registrar"

// Install applies the files of config/rbac as a cluster admin would.
func Install(ctx context.Context, plane *controlplane.ControlPlane, pattern string) error {
	admin, err := client.New(plane.Config(), client.Options{})
	if err != nil {
		return fmt.Errorf("make the admin's client: %w", err)
	}
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: OperatorNamespace}}
	if err := admin.Create(ctx, namespace); err != nil {
		return fmt.Errorf("create the operator's namespace: %w", err)
	}
	files, err := filepath.Glob(pattern)
	if err != nil {
		return err
	}
	for _, file := range files {
		if filepath.Base(file) == "kustomization.yaml" {
			continue
		}
		if err := applyFile(ctx, admin, file); err != nil {
			return fmt.Errorf("apply %s: %w", file, err)
		}
	}
	return nil
}

func applyFile(ctx context.Context, c client.Client, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	for decoder := yaml.NewYAMLOrJSONDecoder(file, 4096); ; {
		obj := &unstructured.Unstructured{}
		if err := decoder.Decode(obj); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if len(obj.Object) == 0 {
			continue
		}
		if err := c.Apply(ctx, client.ApplyConfigurationFromUnstructured(obj), client.FieldOwner("admin")); err != nil {
			return err
		}
	}
}

// ServiceAccountConfig signs in with a token of a ServiceAccount.
func ServiceAccountConfig(ctx context.Context, plane *controlplane.ControlPlane, namespace, name string) (*rest.Config, error) {
	set, err := kubernetes.NewForConfig(plane.Config())
	if err != nil {
		return nil, err
	}
	request := &authenticationv1.TokenRequest{}
	token, err := set.CoreV1().ServiceAccounts(namespace).CreateToken(ctx, name, request, metav1.CreateOptions{})
	if err != nil {
		return nil, fmt.Errorf("request a token of ServiceAccount %s/%s: %w", namespace, name, err)
	}
	config := rest.AnonymousClientConfig(plane.Config())
	config.BearerToken = token.Status.Token
	config.QPS, config.Burst = -1, -1
	return config, nil
}
