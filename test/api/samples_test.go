package api

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

const samples = "../../config/samples"

// Samples are applied twice, and the second time nothing changes. Their namespaces are applied first, in
// the order of a user.
func TestSamples_AreDecodedStrictlyAndApplied(t *testing.T) {
	t.Parallel()
	strictly := serializer.NewCodecFactory(kube.Scheme(), serializer.EnableStrict).UniversalDeserializer()
	kinds := map[string]bool{}
	for _, sample := range readSamples(t) {
		text, err := sample.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := strictly.Decode(text, nil, nil); err != nil {
			t.Errorf("%s %s: decode: %v", sample.GetKind(), sample.GetName(), err)
		}
		first, second := applySample(t, sample), applySample(t, sample)
		if first != second {
			t.Errorf("%s %s changed from generation %d to %d when it was applied again", sample.GetKind(), sample.GetName(), first, second)
		}
		kinds[sample.GetKind()] = true
	}
	for kind := range minimalSpecs {
		if !kinds[kind] {
			t.Errorf("no sample of kind %s", kind)
		}
	}
}

// applySample returns the generation, which a change of the spec moves.
func applySample(t *testing.T, sample *unstructured.Unstructured) int64 {
	t.Helper()
	applied := sample.DeepCopy()
	err := kube.Apply(t.Context(), client.ApplyConfigurationFromUnstructured(applied), client.FieldOwner("user"), client.ForceOwnership)
	if err != nil {
		t.Errorf("apply %s %s: %v", sample.GetKind(), sample.GetName(), err)
	}
	return applied.GetGeneration()
}

// readSamples reads every object, the namespace first.
func readSamples(t *testing.T) []*unstructured.Unstructured {
	t.Helper()
	var found []*unstructured.Unstructured
	err := filepath.WalkDir(samples, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || entry.Name() == "kustomization.yaml" {
			return err
		}
		objects, err := decodeAll(path)
		if entry.Name() == "namespace.yaml" {
			found = append(objects, found...)
			return err
		}
		found = append(found, objects...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func decodeAll(path string) ([]*unstructured.Unstructured, error) {
	text, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		return nil, err
	}
	var objects []*unstructured.Unstructured
	decoder := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(text), 4096)
	for {
		var raw runtime.RawExtension
		if err := decoder.Decode(&raw); errors.Is(err, io.EOF) {
			return objects, nil
		} else if err != nil {
			return nil, err
		}
		obj := &unstructured.Unstructured{}
		if err := obj.UnmarshalJSON(raw.Raw); err != nil {
			return nil, err
		}
		objects = append(objects, obj)
	}
}
