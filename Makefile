# `make` alone lists what there is. Each target sets up what it needs, and repeats only what has changed.

PYTHON := .venv/bin/python
PORT ?= 8000
.DEFAULT_GOAL := help
.PHONY: help environment assets demo run check fix test bench faults docs

# The first Python of this machine that is new enough and whole prepares the rest.
define prepare
@for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	if $$python -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
		exec $$python scripts/prepare.py $(1); \
	fi; \
done; \
echo "RASSO needs Python 3.11 or later with its venv module. On Debian and Ubuntu: apt install python3 python3-venv" >&2; \
exit 1
endef

help: ## This list
	@echo "RASSO case management. What make can do:"
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

environment:
	$(call prepare,environment)

assets: ## Style sheet, scripts and images in rasso/static/build
	$(call prepare,assets)

demo: assets ## The whole site with an invented force on http://127.0.0.1:8000 (PORT= to change), until Ctrl-C
	@exec env PYTHONUNBUFFERED=1 RASSO_MODE=demonstration $(PYTHON) -m rasso.demo --port $(PORT) --parent $$PPID

run: assets ## The development server with an empty database
	@exec env RASSO_MODE=development $(PYTHON) -m kit.devservers run --purpose development -- sh -c \
		'$(PYTHON) manage.py setup_roles && $(PYTHON) manage.py migrate && exec $(PYTHON) manage.py runserver --insecure $(PORT)'

# Says what it looks at, and what was found only if something was.
define look
@echo "- $(1)"; said=$$($(2) 2>&1) || { echo "$$said"; exit 1; }
endef

check: assets ## Format, lint, types, imports, templates, migrations, documents, deployment
	$(call look,Format of Python,$(PYTHON) -m ruff format --check --output-format concise .)
	$(call look,Lint of Python,$(PYTHON) -m ruff check --output-format concise .)
	$(call look,Format of templates,$(PYTHON) -m djlint --check templates)
	$(call look,Lint of templates,$(PYTHON) -m djlint --lint templates)
	$(call look,Types,RASSO_MODE=test $(PYTHON) -m mypy)
	$(call look,Imports,$(PYTHON) -c 'from importlinter.cli import lint_imports_command as lint; lint()' --no-logo)
	$(call look,Migrations,RASSO_MODE=test $(PYTHON) manage.py makemigrations --check --dry-run)
	$(call look,Documents,RASSO_MODE=test $(PYTHON) manage.py docs --check)
	$(call look,Deployment,$(AS_IN_PRODUCTION) $(PYTHON) manage.py check --deploy --fail-level WARNING)

# Nothing of this is used: the check opens no connection.
AS_IN_PRODUCTION := env RASSO_MODE=production ALLOWED_HOSTS=rasso.example \
	SECRET_KEY=only-for-the-deployment-check-0123456789-abcdefghijklmnopqrstuvwxyz \
	SECOND_FACTOR_KEY=only-for-the-deployment-check-0123456789-abcdefghijklmnopqrstuvwxyz \
	RASSO_ACTOR_KEY=only-for-the-deployment-check-0123456789-abcdefghijklmnopqrstuvwxyz \
	DATABASE_URL=postgresql://rasso_web@database.invalid/rasso \
	DATABASE_OWNER_URL=postgresql://rasso_owner@database.invalid/rasso \
	DATABASE_WORKER_URL=postgresql://rasso_worker@database.invalid/rasso \
	REDIS_URL=redis://broker.invalid/0

fix: environment ## Format and repair what the tools can
	@$(PYTHON) -m ruff format .
	@$(PYTHON) -m ruff check --fix .
	@$(PYTHON) -m djlint --reformat --quiet templates

test: assets ## Every test that this machine can run; says which were left out (TESTS= to choose)
	@exec env RASSO_MODE=test $(PYTHON) -m pytest -n 2 --dist loadgroup -rs $(TESTS)

bench: assets ## The benchmark, as a table and as JSON in var/bench
	@RASSO_MODE=test $(PYTHON) -m tests.bench

faults: assets ## What happens when each part fails, for real: as a table and as JSON in var/faults (about ten minutes)
	@RASSO_MODE=test $(PYTHON) -m tests.reliability.faults

docs: environment ## Write the documents that are made from the tables
	@RASSO_MODE=test $(PYTHON) manage.py docs
