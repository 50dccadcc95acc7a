# `make demo` and `make test` set up all that they need first; `make help` lists the rest.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup setup-tests run demo test test-viewer test-unit test-integration test-e2e lint types imports format lock clean

BIN := .venv/bin
# One thread a Tesseract: many pages side by side are quicker than many threads on one.
export OMP_THREAD_LIMIT := 1

help: ## List the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

setup: ## Set up system packages, .venv and the pages' scripts; quick when nothing changed
	@scripts/setup.sh

setup-tests:
	@scripts/setup.sh --tests

run: setup ## Start the service
	@$(BIN)/sohoa up

demo: setup ## Start the service, push a sample batch through, leave it running
	@$(BIN)/sohoa demo

test: setup-tests lint types imports test-viewer test-unit test-integration test-e2e ## Every check and every test

lint: setup ## Style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup ## Types
	$(BIN)/mypy

imports: setup ## Which package may import which
	$(BIN)/lint-imports

test-viewer: setup ## The page viewer's arithmetic
	scripts/test_viewer.sh

test-unit: setup ## No input or output, under a minute
	$(BIN)/pytest tests/unit

test-integration: setup ## Real parts together
	$(BIN)/pytest tests/integration

test-e2e: setup-tests ## The service with a real browser
	$(BIN)/pytest tests/e2e

format: setup ## Put the Python files in format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## Write the lock files anew; UPGRADE=1 takes newer versions
	scripts/lock.sh $(if $(UPGRADE),--upgrade)

clean: ## Remove what setup and the tests made; the service's data in var/ stays
	rm -rf .venv build *.egg-info web/node_modules web/static/build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
