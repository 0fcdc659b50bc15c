# `make` prints the targets. Everything is installed into .venv/ and .tools/ of this folder.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TOOLS := .tools
PROTOS := $(shell find protos -name '*.proto')

.PHONY: help
help: ## print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

# --- environments: one stamp per lock file -------------------------------------------------

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Tintype needs Python 3.11 or newer; this is %s. Try: make PYTHON=python3.12 ..." % sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/%.stamp: requirements/%.lock pyproject.toml | $(BIN)/python
	@echo "Installing what $< pins into $(VENV)/ (once; about a minute)"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(TOOLS)/protoc.stamp: requirements/protoc.lock
	$(PYTHON) -m venv $(TOOLS)/protoc
	$(TOOLS)/protoc/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# No lock file: buf is one exact version, and its only dependencies are its own binaries, of the same.
node_modules/.stamp: package.json
	npm install --no-package-lock --no-audit --no-fund --silent
	@touch $@

# --- see it work ---------------------------------------------------------------------------

# A developer's environment has all that the demonstration needs, at the same versions.
ENVIRONMENT := $(firstword $(wildcard $(VENV)/dev.stamp $(VENV)/bench.stamp) $(VENV)/demo.stamp)

.PHONY: demo
demo: $(ENVIRONMENT) ## photographs in, assets out, a contact sheet; PHOTO=path takes your own
	@$(BIN)/python -m services.local demo $${PHOTO:+"$$PHOTO"}

.PHONY: run
run: $(ENVIRONMENT) ## the four processes on this machine, until Ctrl-C
	@$(BIN)/python -m services.local run

.PHONY: backends
backends: ## MinIO, Azurite, toxiproxy, grpcurl, ghz and two linters for the tests, into .tools
	@tests/backends/install.sh $(TOOLS)

# --- checks --------------------------------------------------------------------------------

.PHONY: check
check: lint types lint-protos check-protos test ## lint, types, contract checks, architecture test, tests

.PHONY: lint
lint: $(VENV)/dev.stamp ## ruff, every rule on
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

.PHONY: types
types: $(VENV)/dev.stamp ## mypy, strict
	$(BIN)/mypy

.PHONY: lint-protos
lint-protos: node_modules/.stamp ## buf lint and format
	npx buf lint
	npx buf format --diff --exit-code

.PHONY: protos
protos: $(TOOLS)/protoc.stamp ## generate tintype/*/v1 from protos/
	@$(call generate,.)

.PHONY: check-protos
check-protos: $(TOOLS)/protoc.stamp ## prove that the generated code is current
	@rm -rf $(TOOLS)/generated && mkdir -p $(TOOLS)/generated
	@$(call generate,$(TOOLS)/generated)
	@cd $(TOOLS)/generated && find . -type f | while read -r file; do \
	  cmp --silent "$$file" "../../$$file" || { echo "$$file is not current: run 'make protos'"; exit 1; }; done

define generate
$(TOOLS)/protoc/bin/python -m grpc_tools.protoc -I protos \
  --python_out=$(1) --pyi_out=$(1) --grpc_python_out=$(1) \
  --plugin=protoc-gen-mypy_grpc=$(TOOLS)/protoc/bin/protoc-gen-mypy_grpc --mypy_grpc_out=quiet:$(1) \
  $(PROTOS)
endef

.PHONY: test
test: $(VENV)/dev.stamp ## the whole suite; starts what it needs, leaves nothing behind
	$(BIN)/pytest

.PHONY: conformance
conformance: $(VENV)/dev.stamp backends ## one suite on every store, and on the client over each, for minutes
	REQUIRE_BACKENDS=1 $(BIN)/pytest tests/conformance

.PHONY: faults
faults: $(VENV)/dev.stamp ## kill -9 and broken connections, for minutes; QUICK=1 for the short form
	TINTYPE_FAULT_KILLS=$(if $(QUICK),20,200) TINTYPE_FAULT_ROUNDS=$(if $(QUICK),3,12) \
	  $(BIN)/pytest -m faults -s tests/faults

$(TOOLS)/pillow-images: requirements/dev.lock tests/hostile/fetch.sh | $(VENV)/dev.stamp
	tests/hostile/fetch.sh $(BIN)/python $@
	@touch $@

.PHONY: hostile
hostile: $(VENV)/dev.stamp $(TOOLS)/pillow-images ## damaged images against the imaging process; QUICK=1: a minute
	TINTYPE_MUTATIONS=$(if $(QUICK),1000,20000) $(BIN)/pytest tests/hostile

# --- benchmarks: QUICK=1 for the short form ------------------------------------------------

$(TOOLS)/sharp/.stamp: bench/sharp/package-lock.json bench/sharp/job.mjs
	mkdir -p $(TOOLS)/sharp && cp bench/sharp/* $(TOOLS)/sharp/
	cd $(TOOLS)/sharp && npm ci --no-audit --no-fund --silent
	@touch $@

$(TOOLS)/pylette/.stamp: requirements/pylette.lock
	$(PYTHON) -m venv $(TOOLS)/pylette
	$(TOOLS)/pylette/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.PHONY: bench-imaging
bench-imaging: $(VENV)/bench.stamp $(TOOLS)/sharp/.stamp $(TOOLS)/pylette/.stamp ## pictures and colours against sharp, pyvips, Pillow and others
	$(BIN)/python -m bench.imaging

.PHONY: bench-storage
bench-storage: $(VENV)/bench.stamp ## streams against bare grpcio, generated stubs, files and minio-py
	$(BIN)/python -m bench.storage

.PHONY: bench-ingest
bench-ingest: $(VENV)/bench.stamp ## assets a second and latency, beside imaging alone
	$(BIN)/python -m bench.ingest

.PHONY: bench-catalog
bench-catalog: $(VENV)/dev.stamp ## what lists cost at a thousand and at a million rows
	$(BIN)/python -m bench.catalog

# --- upkeep --------------------------------------------------------------------------------

.PHONY: lock
lock: ## resolve requirements/*.lock anew from pyproject.toml
	$(PYTHON) -m venv $(TOOLS)/uv && $(TOOLS)/uv/bin/pip install --quiet uv
	$(call compile,server) --extra server pyproject.toml
	$(call compile,demo) --extra server --extra demo pyproject.toml
	$(call compile,dev) --extra server --extra demo --extra dev pyproject.toml
	$(call compile,bench) --extra server --extra demo --extra dev --extra bench pyproject.toml
	$(call compile,protoc) requirements/protoc.in
	$(call compile,pylette) requirements/pylette.in

compile = $(TOOLS)/uv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
  --python-version 3.11 --custom-compile-command "make lock" --output-file requirements/$(1).lock

.PHONY: clean
clean: ## remove what make installed and generated, never data
	rm -rf $(VENV) $(TOOLS) node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis
