package e2e

import (
	"os"
	"testing"

	"github.com/entra-registrar/entra-registrar/test/e2e/env"
)

func TestMain(m *testing.M) { os.Exit(env.Run(m)) }
