# What people run here. docs/setup.md tells more.

HOST ?= 127.0.0.1
PORT ?= 8000
# The Python to make .venv with. Once made, .venv is kept unless another one is named here.
PYTHON ?= $(firstword $(wildcard .venv/bin/python) python3)
# Passed on to pytest, manage.py or the benchmark.
ARGS ?=
export HOST PORT
# DATA_DIR (var unless set) and DATABASE_URL reach the steps by themselves.

VENV = .venv/bin/python
PACKAGES = @$(PYTHON) tools/packages.py
SITE = @$(VENV) tools/prepare.py $(VENV)
DATABASE = @$(VENV) tools/prepare.py --bare $(VENV)

.NOTPARALLEL:
.PHONY: help run setup stop reset superuser manage test trust lint bench

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

run: ## set up what is missing, then serve the archive on HOST (127.0.0.1) and PORT (8000)
	$(PACKAGES) --port "$(HOST)" "$(PORT)"
	$(SITE) -m gunicorn --config archive/gunicorn.py archive.wsgi:application

setup: ## set up what is missing: packages, database, tables, records, static files
	$(PACKAGES)
	@$(VENV) tools/prepare.py

stop: ## stop the database server (Ctrl-C stops the site)
	@$(PYTHON) devdb.py stop

reset: ## delete the database after asking (YES=1 does not ask); the next run loads it anew
	@$(PYTHON) devdb.py reset $(if $(YES),--yes)

superuser: ## make an account for the admin
	$(PACKAGES)
	$(SITE) manage.py createsuperuser $(ARGS)

manage: ## run a command of manage.py: make manage ARGS="export_records folder"
	$(PACKAGES)
	$(DATABASE) manage.py $(ARGS)

test: ## run the tests, but for the long ones: make test ARGS="-k places"
	$(PACKAGES) --dev
	$(DATABASE) -m pytest -n 2 --dist worksteal $(ARGS)

trust: ## run the long tests: crashes, concurrency, large amounts
	$(PACKAGES) --dev
	$(DATABASE) -m pytest -m trust $(ARGS)

lint: ## check style, types, templates, migrations and settings
	$(PACKAGES) --dev
	@$(VENV) -m ruff check .
	@$(VENV) -m ruff format --check .
	@$(VENV) tools/prepare.py --bare $(VENV) -m mypy
	@$(VENV) -m djlint --lint --quiet templates
	$(DATABASE) manage.py makemigrations --check --dry-run
	@HTTPS=1 $(VENV) tools/prepare.py --bare $(VENV) manage.py check --deploy --fail-level WARNING

bench: ## measure pages and searches on made-up archives (SIZES="10000 100000" cases; KEEP=1 keeps them)
	$(PACKAGES)
	$(DATABASE) -m tools.bench $(ARGS)
