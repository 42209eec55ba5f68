# Each target installs what it needs. `make demo` and `make test` are all a fresh machine must know.
PYTHON ?= python3
BIN := .venv/bin
# Many processes start from the same files: they keep them compiled, whatever the environment says.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: setup demo run test core lint check bench texts docs wheel requirements clean

# Compiled here: where the bot runs as a user that may not write, each start would compile its modules again.
setup: .venv/run.done
	-@$(BIN)/python -m compileall -q bot domain extensions formats handlers jobs locales reports services simulator storage web
demo: setup
	$(BIN)/pouce demo $(ARGS)
run: setup
	$(BIN)/pouce run
test: .venv/test.done
	$(BIN)/python -m pytest --numprocesses 4 --dist worksteal $(ARGS)
core: .venv/test.done # the same in a copy of the last commit without the extensions
	copy=$$(mktemp -d) && trap "rm -rf $$copy" EXIT && git archive HEAD | tar -x -C $$copy && ln -s $(CURDIR)/.venv $$copy \
	  && cd $$copy && rm -r extensions/*/ tests/extensions/*/ benchmarks/mturk benchmarks/treasury.py faults/money_circle.py faults/treasury.py \
	  && PYTHONPATH=$$copy $(BIN)/python -m pytest --numprocesses 4 --dist worksteal --ignore tests/architecture/test_documents.py \
  --deselect tests/architecture/test_promises.py::test_the_reference_shows_the_tables_of_the_code $(ARGS)
lint: .venv/test.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/hadolint Dockerfile
check: lint test
texts: .venv/test.done # brings locales/ and the tables of docs/reference/ up to the code
	$(BIN)/python -m tests.locales.catalogue
docs: .venv-docs/docs.done # the manual as a site in site/; a dead link fails
	.venv-docs/bin/mkdocs build --quiet --strict
wheel: .venv/run.done # dist/pouce-VERSION-py3-none-any.whl, which runs without this checkout
	rm -rf build dist
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist .
	rm -rf build
bench: .venv/bench.done
	$(BIN)/python -m benchmarks $(ARGS)

.venv/python.done:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Pouce needs Python 3.11 or newer: make PYTHON=python3.11 …")'
	$(PYTHON) -m venv .venv
	touch $@
.venv/run.done: .venv/python.done requirements/run.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@
.venv/test.done: .venv/run.done requirements/test.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	$(BIN)/python -m tests.browser --install
	$(BIN)/python -m tests.faketime --install
	touch $@
.venv-docs/docs.done: requirements/docs.txt
	$(PYTHON) -m venv .venv-docs
	.venv-docs/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/docs.txt
	touch $@
.venv/bench.done: .venv/test.done requirements/bench.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	touch $@

# Pins every requirement again (needs uv). The files name no registry.
requirements: .venv/python.done
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	for set in run hub test bench docs label-studio; do $(BIN)/uv pip compile --quiet --upgrade --universal --fork-strategy fewest --generate-hashes \
	  --python-version 3.11 --no-emit-index-url --no-emit-find-links --no-annotate --no-header \
	  requirements/$$set.in -o requirements/$$set.txt; done
clean:
	rm -rf .venv .venv-docs build dist site *.egg-info .mypy_cache .ruff_cache .pytest_cache
