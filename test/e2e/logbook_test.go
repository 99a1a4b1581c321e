package e2e

import (
	"bytes"
	"flag"
	"sync"

	"sigs.k8s.io/controller-runtime/pkg/log/zap"

	"github.com/entra-registrar/entra-registrar/test/emulator"
)

// logbook takes all that a manager logs, at every level, in the form in which the product writes it.
type logbook struct {
	mutex sync.Mutex
	lines bytes.Buffer
}

// of is the prop that hands it to the manager.
func (l *logbook) of() prop {
	return func(s *stage, _ *emulator.Options) {
		var options zap.Options
		flags := flag.NewFlagSet("manager", flag.ContinueOnError)
		options.BindFlags(flags)
		if err := flags.Parse([]string{"--zap-log-level=100"}); err != nil {
			s.t.Fatal(err)
		}
		s.logger = zap.New(zap.UseFlagOptions(&options), zap.WriteTo(l))
	}
}

// Write takes lines.
func (l *logbook) Write(line []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.lines.Write(line)
}

// String is all of it.
func (l *logbook) String() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.lines.String()
}
