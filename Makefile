# `make help` lists the targets. Everything runs in .venv; nothing is installed outside it but, for the tests, a browser.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.DEFAULT_GOAL := help

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

# Without ensurepip (Debian splits it off) a venv cannot be made; say so in words a newcomer can act on.
$(READY): requirements.txt pyproject.toml widgets/frontend/package.json
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || \
	  { echo "Python could not make a virtual environment. On Debian: apt-get install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.PHONY: install
install: $(READY) ## .venv with all that requirements.txt pins

.PHONY: book
book: $(READY) ## build the book and say where to open it
	$(BIN)/jupyter-book build . -W -n --keep-going
	@echo
	@echo "The book is built. Open it in a browser, with or without a network:"
	@echo "  file://$(CURDIR)/_build/html/index.html"

.PHONY: live
live: $(READY) ## open JupyterLab on the chapters
	$(BIN)/jupyter lab chapters

.PHONY: check
check: $(READY) ## validate the item bank and print what it holds
	$(BIN)/python -m widgets check

.PHONY: lint
lint: $(READY) ## format, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	@if command -v npx >/dev/null; then \
	  npx --yes --package typescript@5.9.3 tsc --project widgets/frontend; \
	else echo "No Node here: the types of the page's scripts were not checked."; fi

.PHONY: browser
browser: $(READY) # a browser for the tests: the machine's, else Playwright's, else the package manager's
	@sh tests/browser.sh $(BIN)

.PHONY: test
test: lint check browser ## everything: lint, types, bank, and all tests (a browser is found or fetched)
	$(BIN)/pytest -n 2 --dist loadfile --durations=20

.PHONY: bench
bench: browser ## the benchmark table (alone on the machine, please)
	$(BIN)/python -m benchmarks

.PHONY: serve
serve: book ## build the book and serve it, compressed, on this machine
	$(BIN)/python -m widgets serve

.PHONY: zip
zip: book ## one archive of the book that works unpacked, from a folder
	$(BIN)/python -m widgets zip

.PHONY: screenshots
screenshots: book browser ## renew the pictures and transcripts that the tests compare with, and those in docs/
	$(BIN)/python tests/screenshots.py
	$(BIN)/python tests/transcripts.py

.PHONY: clean
clean: ## remove what was built; .venv stays
	rm -rf _build
