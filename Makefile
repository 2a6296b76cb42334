.DEFAULT_GOAL := help
PYTHON ?= python3.11
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
# Many tests wait for processes: two workers more than cores, four at most. The tests of a file stay together and
# share what it sets up; files in their order, for the longest have the fewest tests and would come last.
WORKERS := -n $(shell n=$$(getconf _NPROCESSORS_ONLN); echo $$((n < 2 ? n + 2 : 4))) --dist loadfile --no-loadscope-reorder
# Tests start many processes, each of which would compile our modules anew where nothing may be written.
PYTEST := env -u PYTHONDONTWRITEBYTECODE $(BIN)/pytest

.PHONY: help
help: ## Show what make can do
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

.PHONY: setup
setup: $(VENV)/ready ## Build .venv with the pinned dependencies

$(VENV)/ready: requirements-dev.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Pacesetter needs Python 3.11: install it, or say where it is with make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.PHONY: demo
demo: setup ## Run the whole product here (ARGS=--once plays the story, ARGS="--company examples/consumer-loans" a year)
	@$(BIN)/pacesetter demo $(ARGS)

.PHONY: test
test: setup ## Run the tests (ARGS="-k name" narrows them down)
	$(PYTEST) $(WORKERS) $(ARGS)

.PHONY: test-long
test-long: setup ## Run all tests, the randomised and fault tests at their full count
	PACESETTER_LONG=1 $(PYTEST) $(WORKERS) $(ARGS)

.PHONY: bench
bench: setup ## Measure speed and memory beside rivals, into bench/results.md (ARGS=a: one part)
	$(BIN)/python -m bench $(ARGS)

.PHONY: lint
lint: setup ## Check style, types and the arrows between packages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: format
format: setup ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: pin
pin: setup ## Compile the pinned requirements from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --extra dev --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links --custom-compile-command "make pin" --quiet --upgrade -o requirements-dev.txt
	$(BIN)/uv pip compile pyproject.toml --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links --custom-compile-command "make pin" --quiet -c requirements-dev.txt -o requirements.txt

.PHONY: page
page: ## Build the local workspace's page (Node)
	cd sandbox/page && npm ci && npm run build

.PHONY: screenshots
screenshots: setup ## Take the pictures of the docs anew (Chromium)
	$(BIN)/python docs/screenshots.py

.PHONY: clean
clean: ## Remove what the other targets made (.venv, caches, var)
	rm -rf $(VENV) var build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
