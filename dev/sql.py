# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Run SQL with the virtual environment's psycopg2: `python sql.py DATABASE < statements.json > rows.json`."""

import json
import sys

import psycopg2


def main() -> None:
    """Execute `[[statement, parameters], …]` one by one, print the rows of each that gives any."""
    connection = psycopg2.connect(dbname=sys.argv[1], connect_timeout=10)
    connection.autocommit = True
    answers = []
    with connection.cursor() as cursor:
        for statement, parameters in json.load(sys.stdin):
            cursor.execute(statement, parameters or None)
            answers.append(cursor.fetchall() if cursor.description else [])
    json.dump(answers, sys.stdout, default=str)


main()
