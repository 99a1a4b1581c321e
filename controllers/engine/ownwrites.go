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

// versions remembers the version of each object that we wrote last, by UID.
type versions struct{ byUID sync.Map }

func (v *versions) add(obj client.Object)    { v.byUID.Store(obj.GetUID(), obj.GetResourceVersion()) }
func (v *versions) forget(obj client.Object) { v.byUID.Delete(obj.GetUID()) }

// newerThan reports whether our own last write is newer than this copy of the object.
func (v *versions) newerThan(obj client.Object) bool {
	ours, known := v.byUID.Load(obj.GetUID())
	if !known {
		return false
	}
	order, err := resourceversion.CompareResourceVersion(ours.(string), obj.GetResourceVersion())
	return err == nil && order > 0
}

// OwnWrites keeps the watch of what we write ourselves from waking us. It is in memory: after a restart one look too many is made.
type OwnWrites struct {
	mutex    sync.Mutex
	versions map[types.UID]string
}

// Write runs a write and remembers the version that it gives. The watch's event waits for it, so that it cannot come first.
func (o *OwnWrites) Write(write func() (client.Object, error)) error {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	written, err := write()
	if err != nil {
		return err
	}
	if o.versions == nil {
		o.versions = map[types.UID]string{}
	}
	o.versions[written.GetUID()] = written.GetResourceVersion()
	return nil
}

// deleted stands for the version of what we deleted.
const deleted = "deleted"

// Delete runs the deletion of an object, and remembers that it was ours.
func (o *OwnWrites) Delete(obj client.Object, del func() error) error {
	return o.Write(func() (client.Object, error) {
		gone := &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{UID: obj.GetUID(), ResourceVersion: deleted}}
		return gone, del()
	})
}

// ByOthers lets through only what somebody else wrote or removed.
func (o *OwnWrites) ByOthers() predicate.Predicate {
	byOthers := func(obj client.Object) bool {
		o.mutex.Lock()
		defer o.mutex.Unlock()
		return o.versions[obj.GetUID()] != obj.GetResourceVersion()
	}
	return predicate.Funcs{
		CreateFunc: func(c event.CreateEvent) bool { return byOthers(c.Object) },
		UpdateFunc: func(u event.UpdateEvent) bool { return byOthers(u.ObjectNew) },
		DeleteFunc: func(d event.DeleteEvent) bool {
			o.mutex.Lock()
			defer o.mutex.Unlock()
			ours := o.versions[d.Object.GetUID()] == deleted
			delete(o.versions, d.Object.GetUID())
			return !ours
		},
	}
}
