# `make demo` and `make test` set up all that they need first; `make help` lists the rest.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup setup-demo setup-dev setup-tests setup-paddle run demo test test-viewer test-unit test-integration test-paddle \
	test-e2e servers stop-servers test-servers lint types imports format train lock clean

BIN := .venv/bin
# Tests run beside each other, those of a file in one process.
SIDE_BY_SIDE := -n logical --maxprocesses 4 --dist loadfile
EMBEDDED := tests/integration tests/contract
# Of training: how long, where (cpu or cuda).
MINUTES ?= 60
DEVICE ?= cpu

help: ## List the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

setup: ## Set up .venv and the pages' scripts; quick when nothing changed
	@scripts/setup.sh

setup-demo:
	@scripts/setup.sh --demo

setup-dev:
	@scripts/setup.sh --dev

setup-tests:
	@scripts/setup.sh --tests

setup-paddle:
	@scripts/side_venv.sh paddle

run: setup ## Start the service
	@$(BIN)/sohoa up

demo: setup-demo ## Start the service, push a sample batch through, leave it running
	@$(BIN)/sohoa demo

# The contracts are run on the servers, and with the embedded parts beside them.
test: EMBEDDED := tests/integration
test: setup-tests lint types imports test-viewer test-unit test-integration test-servers test-paddle test-e2e ## Every check and every test

lint: setup-dev ## Style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup-dev ## Types
	$(BIN)/mypy

imports: setup-dev ## Which package may import which
	$(BIN)/lint-imports

test-viewer: setup-dev ## The page viewer's arithmetic
	scripts/test_viewer.sh

test-unit: setup-dev ## No input or output, under a minute
	$(BIN)/pytest $(SIDE_BY_SIDE) tests/unit

test-integration: setup-dev ## Real parts together, the embedded ones
	$(BIN)/pytest $(SIDE_BY_SIDE) $(EMBEDDED)

servers: ## Start PostgreSQL, Redis, MinIO, versitygw and OpenSearch on loopback, without Docker
	@scripts/servers.sh start

stop-servers: ## Stop them and remove their data
	@scripts/servers.sh stop

test-servers: setup-dev ## The same parts on the real servers, and under faults
	SIDE_BY_SIDE="$(SIDE_BY_SIDE)" scripts/test_servers.sh

test-paddle: setup-paddle ## PaddleOCR as an engine, in .venv-paddle
	.venv-paddle/bin/python -m pytest tests/paddle

test-e2e: setup-tests ## The service with a real browser
	$(BIN)/pytest tests/e2e

format: setup-dev ## Put the Python files in format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

train: ## Make the recognizer's weights, in .venv-training: MINUTES=60 DEVICE=cpu
	@scripts/side_venv.sh training
	.venv-training/bin/python -m training --minutes $(MINUTES) --device $(DEVICE)

lock: ## Write the lock files anew; UPGRADE=1 takes newer versions
	scripts/lock.sh $(if $(UPGRADE),--upgrade)

clean: ## Remove what setup and the tests made; the service's data in var/ stays
	rm -rf .venv .venv-paddle .venv-training build *.egg-info web/node_modules web/static/build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
