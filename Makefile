# Each target does its own set-up below .dev/ and can be repeated. ODOO=/path/to/odoo-source selects another Odoo,
# PGHOST, PGPORT, PGUSER and PGPASSWORD another PostgreSQL, ARGS goes to pytest or to the benchmark.
PYTHON ?= python3
ARGS ?=

.PHONY: help serve test test-protocol bench lint dist clean

help:
	@$(PYTHON) -m dev

serve lint dist clean:
	@$(PYTHON) -m dev $@

test test-protocol bench:
	@$(PYTHON) -m dev $@ $(ARGS)
