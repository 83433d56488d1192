# Hearth's tasks. `make help` lists them.

SHELL     := bash
TOOL      := go tool -modfile=tools/go.mod
# What takes longest to test comes first, and three packages are tested at once: each
# waits for disks and databases a fifth of its time.
PACKAGES  ?= ./web/... ./cmd/... ./federation/... ./...
RUN       ?=
BENCH     ?= .
CHAOSTIME ?= 2m
FUZZTIME  ?= 20s
BENCHTIME ?= 1s
VERSION   ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo development)

# SQLite is C that was translated to Go. What its pointers do is C's business:
# the race detector watches all else, and the tests take half as long.
SQLITE_IS_C := -gcflags 'modernc.org/sqlite/lib=-race=false -d=checkptr=0' -gcflags 'modernc.org/libc=-d=checkptr=0'

# What stands under Hearth is compiled once for all targets: they build it alike.
# Only the race detector wants C.
export CGO_ENABLED := 0
# A format that gin could read and nobody here writes takes as long to compile as
# SQLite: it is left out.
export GOFLAGS := $(strip $(shell go env GOFLAGS 2>/dev/null) -trimpath -tags=nomsgpack)
RACE := -race $(SQLITE_IS_C)

.DEFAULT_GOAL := build
.PHONY: build test check compiled fmt e2e chaos fuzz bench replay prove-static clean help

## build: the server, one static binary: ./hearth
build: need-go
	go build -ldflags '-X main.version=$(VERSION)' -o hearth ./cmd/hearth

# Vet is not asked twice: check has all that go test would ask, and more.
## test: everything that judges Go code, on both engines (PACKAGES=./community/... RUN=TestName narrows it)
test: check compiled
	CGO_ENABLED=1 scripts/with-postgres $(TOOL) gotestsum --format standard-quiet --packages '$(PACKAGES)' -- \
		$(RACE) -vet=off -p 3 -timeout 12m $(if $(RUN),-run '$(RUN)')

# What is tested is compiled while it is checked (make -j2): each of the two waits
# now and then for one large package, and leaves a core idle.
compiled: need-go need-cc
	@CGO_ENABLED=1 go list $(RACE) -test -export -deps $(PACKAGES) >/dev/null

## check: gofmt, vet and staticcheck
check: need-go
	@unformatted=$$(find . -name node_modules -prune -o -name '*.go' -print0 | xargs -0 gofmt -l) && \
		{ [ -z "$$unformatted" ] || { printf 'gofmt has something to say about:\n%s\nmake fmt mends it.\n' "$$unformatted"; exit 1; }; }
	go vet -tags=nomsgpack,chaos ./...
	$(TOOL) staticcheck -tags=nomsgpack,chaos ./...

## fmt: formats every Go file
fmt: need-go
	find . -name node_modules -prune -o -name '*.go' -print0 | xargs -0 gofmt -w

## e2e: journeys in a real browser against a real server (E2E_SHOTS=folder keeps the pictures)
e2e: need-go
	scripts/e2e

## chaos: peers of all software that fail in all ways, on both engines at once (CHAOSTIME=2m, CHAOS_SEED=number)
chaos: build
	CHAOSTIME=$(CHAOSTIME) HEARTH_BINARY=$(CURDIR)/hearth scripts/with-postgres $(TOOL) gotestsum --format standard-verbose -- \
		-vet=off -tags=nomsgpack,chaos -count=1 -timeout 20m ./e2e/chaos

## fuzz: every fuzz target, two at a time, FUZZTIME=20s each (FUZZ=regexp narrows it)
fuzz: need-go
	scripts/fuzz $(FUZZTIME) '$(FUZZ)'

## bench: the benchmarks, on a PostgreSQL that keeps its promises, and a table of the targets (BENCH=regexp BENCHTIME=1s)
bench: need-go
	scripts/with-postgres --durable scripts/bench -bench '$(BENCH)' -benchtime $(BENCHTIME) \
		$(if $(findstring ms,$(BENCHTIME)),-short) $(PACKAGES)

## replay: sends a folder of payloads through the decoder and the inbox: SAMPLES=folder (docs/replay.md)
replay: need-go
	@[ -n '$(SAMPLES)' ] || { echo 'make replay SAMPLES=folder: which folder of payloads?'; exit 2; }
	@folder=$$(realpath '$(SAMPLES)') && cd federation && go test -count=1 -timeout 30m -run '^TestReplay$$' -args -samples="$$folder"

## prove-static: runs the binary in an empty root as nobody in particular
prove-static: build
	scripts/prove-static.sh

## clean: removes what the other targets left in the tree
clean:
	rm -rf hearth e2e/node_modules

## help: this list
help:
	@sed -n 's/^## \([^:]*\): \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | while IFS=$$'\t' read -r name text; do \
		printf '  %-14s %s\n' "$$name" "$$text"; done

need-%:
	@scripts/require $*
