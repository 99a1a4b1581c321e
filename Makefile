# Needs Go, git, make and a shell. Everything else is built from modules: see hack/tools and hack/controlplane.
SHELL       := /bin/sh
MAKEFLAGS   += --no-print-directory

VERSION     ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
IMAGE       ?= entra-registrar:$(VERSION)
PKG         ?= ./...
TEST_FLAGS  ?=
TIMEOUT     ?= 20m
COUNT       ?= 10

# One way to compile, with or without a C compiler: tests, lint, demo and product share the build cache, and the Graph SDK's
# minutes are paid once.
export CGO_ENABLED := 0
export GOFLAGS     := -trimpath $(GOFLAGS)

TOOL        := go tool -modfile=hack/tools/go.mod
# What `generate` writes, and `verify` compares.
GENERATED   := config/crd/bases config/rbac/role.yaml config/privileged/role.yaml config/privileged/base/role.yaml \
	api/v1alpha1/zz_generated.deepcopy.go
# What config/privileged parts from each other: each process has the rights of its own kinds (held against the registry by a test).
PRIVILEGED  := approleassignment delegatedpermissiongrant engine
BASE        := appregistration entratenant federatedcredential registrationpolicy engine

.DEFAULT_GOAL := help
.PHONY: help generate verify lint test browser test-browser conformance demo build run image bench deflake race vuln controlplane clean

help: ## List the targets
	@printf 'make <target>\n\n'
	@while IFS= read -r line; do case $$line in \
		[a-z]*:*'## '*) printf '  %-14s %s\n' "$${line%%:*}" "$${line#*\#\# }";; \
	esac; done <Makefile

##@ Code

# OUT, ending in a slash, puts the results under another folder.
generate: ## Write deepcopy code, CRDs and RBAC from the Go types and their markers
	@$(TOOL) controller-gen object crd rbac:roleName=entra-registrar paths=./api/... paths=./controllers/... \
		output:object:dir=$(OUT)api/v1alpha1 output:crd:dir=$(OUT)config/crd/bases output:rbac:dir=$(OUT)config/rbac
	@$(TOOL) controller-gen rbac:roleName=entra-registrar-privileged $(PRIVILEGED:%=paths=./controllers/%) \
		output:rbac:dir=$(OUT)config/privileged
	@$(TOOL) controller-gen rbac:roleName=entra-registrar paths=./controllers $(BASE:%=paths=./controllers/%) \
		output:rbac:dir=$(OUT)config/privileged/base

verify: ## Fail where generated files, go.mod or manifests are not what the sources make of them
	@out=$$(mktemp -d) && trap 'rm -rf "$$out"' EXIT && $(MAKE) generate OUT="$$out/" && \
	for path in $(GENERATED); do \
		git diff --no-index --exit-code "$$path" "$$out/$$path" || \
			{ echo "verify: $$path is not what the sources generate: run 'make generate' and commit the result" >&2; exit 1; }; \
	done
	@for dir in . hack/tools test/browser; do \
		go -C $$dir mod tidy -diff || { echo "verify: $$dir/go.mod or go.sum is not tidy: run 'go -C $$dir mod tidy'" >&2; exit 1; }; \
	done
	@for dir in config/default config/privileged config/samples; do \
		$(TOOL) kustomize build $$dir >/dev/null || { echo "verify: kustomize does not build $$dir" >&2; exit 1; }; \
	done
	@echo "verify: ok"

lint: ## Run the linters, the import rules among them
	$(TOOL) golangci-lint run
	@cd test/browser && go tool -modfile=../../hack/tools/go.mod golangci-lint run

vuln: ## Look for known vulnerabilities (asks vuln.go.dev)
	$(TOOL) govulncheck $(PKG)

##@ Tests

test: controlplane ## Run every test, on a real control plane
	go test -timeout $(TIMEOUT) $(TEST_FLAGS) $(PKG)

# A package is cheap unless its tests compile the Graph SDK, which takes the race detector many minutes.
race: controlplane ## Run the tests under the race detector where that is cheap (needs a C compiler)
	CGO_ENABLED=1 go test -race -timeout $(TIMEOUT) $(TEST_FLAGS) $$(go list -test -f '{{.ImportPath}} {{join .Deps " "}}' ./... | \
		sed -n -e '/msgraph-sdk-go/d' -e 's/^\([^ ]*\)\.test .*/\1/p')

deflake: controlplane ## Run the tests COUNT times in changing order; PKG chooses packages
	go test -count=$(COUNT) -shuffle=on -failfast -timeout 0 $(TEST_FLAGS) $(PKG)

bench: ## Run the benchmarks
	go test -run '^$$' -bench . -benchmem -timeout $(TIMEOUT) $(TEST_FLAGS) $(PKG)

browser: ## Install Chromium where there is none (needs root, or sudo, on Debian)
	@hack/browser/install.sh

# A module of its own, for chromedp: see its go.mod.
test-browser: ## Sign in with a real browser (needs Chromium: make browser)
	go -C test/browser test -count=1 -timeout $(TIMEOUT) $(TEST_FLAGS) ./...

conformance: ## Hold the emulator, or with CONFORMANCE_* a real tenant, against what Graph is known to do
	go test -count=1 -v -timeout $(TIMEOUT) $(TEST_FLAGS) ./test/emulator/conformance

controlplane: ## Build kube-apiserver, etcd and their like into bin/controlplane (once; KUBEBUILDER_ASSETS is used instead)
	@go run ./hack/controlplane/cmd/binaries >/dev/null

##@ Product

demo: ## Show it all: control plane, emulator, operator, a token at the end (KEEP=1 leaves it running)
	@exec sh hack/demo/run.sh

# grpcnotrace leaves out grpc's request traces: with them comes text/template, and with that the linker keeps every exported method
# of the Graph SDK, 16 MB of it.
build: ## Build the manager into bin/manager
	go build -tags grpcnotrace -ldflags "-s -w -X main.version=$(VERSION)" -o bin/manager .

run: build ## Run the manager against the cluster of your kubeconfig; ARGS are its flags
	bin/manager $(ARGS)

image: ## Build the container image IMAGE (needs docker)
	docker build --build-arg VERSION=$(VERSION) -t $(IMAGE) .

clean: ## Remove what was built
	rm -rf bin
