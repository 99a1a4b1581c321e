package env

import (
	"context"
	"maps"
	"sync"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/resourceversion"
	"k8s.io/client-go/rest"
	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"
)

// events are what each event handler of a manager has been told of: a controller has queued what follows from an event when its handler
// has returned.
type events struct {
	env      *Env
	mutex    sync.Mutex
	handlers map[schema.GroupVersionKind][]*handler
}

// versions of objects of a kind: their resourceVersion.
type versions map[client.ObjectKey]string

func newEvents(e *Env) *events {
	return &events{env: e, handlers: map[schema.GroupVersionKind][]*handler{}}
}

// haveReached reports whether every handler has been told of the objects in these versions or newer ones, and of the absence of all
// others.
func (e *events) haveReached(objects map[schema.GroupVersionKind]versions) bool {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	for kind, handlers := range e.handlers {
		live, is := objects[kind]
		if !is { // it is no longer served
			continue
		}
		for _, handler := range handlers {
			if !handler.hasReached(live) {
				return false
			}
		}
	}
	return true
}

// kinds that the manager watches.
func (e *events) kinds() []schema.GroupVersionKind {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	var kinds []schema.GroupVersionKind
	for kind := range maps.Keys(e.handlers) {
		kinds = append(kinds, kind)
	}
	return kinds
}

// newCache is the manager's cache, whose handlers are listened to.
func (e *events) newCache(config *rest.Config, options cache.Options) (cache.Cache, error) {
	made, err := cache.New(config, options)
	return observedCache{Cache: made, events: e, scheme: options.Scheme}, err
}

type observedCache struct {
	cache.Cache
	events *events
	scheme *runtime.Scheme
}

func (c observedCache) GetInformer(ctx context.Context, obj client.Object, options ...cache.InformerGetOption) (cache.Informer, error) {
	kind, err := apiutil.GVKForObject(obj, c.scheme)
	if err != nil {
		return nil, err
	}
	informer, err := c.Cache.GetInformer(ctx, obj, options...)
	return observedInformer{Informer: informer, events: c.events, kind: kind}, err
}

type observedInformer struct {
	cache.Informer
	events *events
	kind   schema.GroupVersionKind
}

// AddEventHandlerWithOptions is how controller-runtime's sources add theirs.
func (i observedInformer) AddEventHandlerWithOptions(
	next toolscache.ResourceEventHandler, options toolscache.HandlerOptions,
) (toolscache.ResourceEventHandlerRegistration, error) {
	observed := &handler{next: next, relevant: i.events.env.isRelevant(i.kind), versions: versions{}}
	i.events.mutex.Lock()
	i.events.handlers[i.kind] = append(i.events.handlers[i.kind], observed)
	i.events.mutex.Unlock()
	return i.Informer.AddEventHandlerWithOptions(observed, options)
}

// handler hands events on, and notes them once they have been dealt with.
type handler struct {
	next     toolscache.ResourceEventHandler
	relevant func(client.ObjectKey) bool
	mutex    sync.Mutex
	versions versions
}

func (h *handler) OnAdd(obj any, initial bool) {
	h.next.OnAdd(obj, initial)
	h.note(obj)
}

func (h *handler) OnUpdate(before, after any) {
	h.next.OnUpdate(before, after)
	h.note(after)
}

func (h *handler) OnDelete(obj any) {
	h.next.OnDelete(obj)
	key, err := toolscache.DeletionHandlingMetaNamespaceKeyFunc(obj)
	if err != nil {
		panic(err)
	}
	namespace, name, _ := toolscache.SplitMetaNamespaceKey(key)
	h.mutex.Lock()
	defer h.mutex.Unlock()
	delete(h.versions, client.ObjectKey{Namespace: namespace, Name: name})
}

func (h *handler) note(obj any) {
	object, err := meta.Accessor(obj)
	if err != nil {
		panic(err)
	}
	if key := (client.ObjectKey{Namespace: object.GetNamespace(), Name: object.GetName()}); h.relevant(key) {
		h.mutex.Lock()
		defer h.mutex.Unlock()
		h.versions[key] = object.GetResourceVersion()
	}
}

func (h *handler) hasReached(live versions) bool {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if len(live) != len(h.versions) {
		return false
	}
	for key, version := range live {
		noted, is := h.versions[key]
		if !is {
			return false
		}
		if order, err := resourceversion.CompareResourceVersion(noted, version); err != nil || order < 0 {
			return false
		}
	}
	return true
}
