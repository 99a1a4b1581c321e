package engine

import (
	"sync"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/resourceversion"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
)

// latest remembers the version of each object that we wrote last, by UID.
type latest struct{ versions sync.Map }

func (l *latest) wrote(obj client.Object)  { l.versions.Store(obj.GetUID(), obj.GetResourceVersion()) }
func (l *latest) forget(obj client.Object) { l.versions.Delete(obj.GetUID()) }

// newerThan tells whether our own last write is newer than this copy of the object.
func (l *latest) newerThan(obj client.Object) bool {
	ours, known := l.versions.Load(obj.GetUID())
	if !known {
		return false
	}
	order, err := resourceversion.CompareResourceVersion(ours.(string), obj.GetResourceVersion())
	return err == nil && order > 0
}

// Echo keeps the watch of what we write ourselves from waking us. It is in memory: after a restart one look too many is made.
type Echo struct {
	mutex    sync.Mutex
	versions map[types.UID]string
}

// Writing runs a write and remembers the version that it gives. The watch's event waits for it, so that it cannot come first.
func (e *Echo) Writing(write func() (client.Object, error)) error {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	written, err := write()
	if err != nil {
		return err
	}
	if e.versions == nil {
		e.versions = map[types.UID]string{}
	}
	e.versions[written.GetUID()] = written.GetResourceVersion()
	return nil
}

// removed stands for the version of what we removed.
const removed = "removed"

// Removing runs the removal of an object, and remembers that it was ours.
func (e *Echo) Removing(obj client.Object, remove func() error) error {
	return e.Writing(func() (client.Object, error) {
		gone := &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{UID: obj.GetUID(), ResourceVersion: removed}}
		return gone, remove()
	})
}

// Foreign lets through only what somebody else wrote or removed.
func (e *Echo) Foreign() predicate.Predicate {
	foreign := func(obj client.Object) bool {
		e.mutex.Lock()
		defer e.mutex.Unlock()
		return e.versions[obj.GetUID()] != obj.GetResourceVersion()
	}
	return predicate.Funcs{
		CreateFunc: func(c event.CreateEvent) bool { return foreign(c.Object) },
		UpdateFunc: func(u event.UpdateEvent) bool { return foreign(u.ObjectNew) },
		DeleteFunc: func(d event.DeleteEvent) bool {
			e.mutex.Lock()
			defer e.mutex.Unlock()
			ours := e.versions[d.Object.GetUID()] == removed
			delete(e.versions, d.Object.GetUID())
			return !ours
		},
	}
}
