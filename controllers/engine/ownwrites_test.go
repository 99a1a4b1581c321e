package engine

import (
	"errors"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/event"
)

func versioned(version string) client.Object {
	return &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{UID: types.UID("u"), ResourceVersion: version}}
}

func TestOwnWrites_OnlyOthersWakeUs(t *testing.T) {
	t.Parallel()
	var own OwnWrites
	byOthers := own.ByOthers()
	updated := func(version string) bool { return byOthers.Update(event.UpdateEvent{ObjectNew: versioned(version)}) }
	deleted := func() bool { return byOthers.Delete(event.DeleteEvent{Object: versioned("9")}) }
	write := func() (client.Object, error) { return versioned("2"), nil }
	refuse := errors.New("refused")

	for _, row := range []struct {
		name string
		do   func() error
		wake func() bool
		want bool
	}{
		{"what somebody made", nil, func() bool { return byOthers.Create(event.CreateEvent{Object: versioned("1")}) }, true},
		{"what we wrote", func() error { return own.Write(write) }, func() bool { return updated("2") }, false},
		{"what somebody wrote after us", nil, func() bool { return updated("3") }, true},
		{"what somebody removed", nil, deleted, true},
		{"what we removed", func() error { return own.Delete(versioned("3"), func() error { return nil }) }, deleted, false},
		{"what somebody removed before we could", func() error {
			if err := own.Delete(versioned("3"), func() error { return refuse }); !errors.Is(err, refuse) {
				return errors.New("the error is lost")
			}
			return nil
		}, deleted, true},
		{"what somebody still does to what we removed", func() error { return own.Delete(versioned("3"), func() error { return nil }) },
			func() bool { return updated("4") }, true},
	} {
		if row.do != nil {
			if err := row.do(); err != nil {
				t.Fatal(err)
			}
		}
		if got := row.wake(); got != row.want {
			t.Errorf("%s wakes us: %t, want %t", row.name, got, row.want)
		}
	}
}
