# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""`make bench`: how fast and how short the answers are, beside everyone else on the same server in the same run."""

import argparse
import contextlib

from ..database import Databases
from ..environment import Environment, prepared
from ..files import locked
from ..progress import Problem, say
from ..server import free_port, live_server
from . import contestants, costs, report, stage
from .contestants import BY_LOGIN, JSON_2, JSON_RPC, OURS, Contestant, McpServer
from .measure import WARM_UP, Measured, measure
from .postgres import measured, settings
from .scenario import AGGREGATE, CREATE, LIST, READ, SEARCH, Scenario

CALLS = 150
ORDER = (SEARCH, READ, AGGREGATE, LIST, CREATE)
"""What writes comes last: the rest finds the same records all the time."""


def main(arguments: list[str]) -> None:
    """Measure and print: `bench [--calls N]`."""
    parser = argparse.ArgumentParser(prog="dev bench")
    parser.add_argument("--calls", type=int, default=CALLS, help="measured calls of each")
    count = parser.parse_args(arguments).calls
    with locked("bench"), prepared() as environment:
        databases = Databases(environment)
        name = databases.name("bench")
        databases.copy(databases.demo(), name)
        try:
            with measured(environment, name) as own:
                _run(own, name, count)
        finally:
            databases.drop(name)


def _run(environment: Environment, database: str, count: int) -> None:
    port = free_port()
    scenario = stage.prepare(environment, database, port)
    say("starting the servers")
    with contextlib.ExitStack() as servers:
        servers.enter_context(live_server(environment, database, port=port))
        everyone = [
            contestants.ours(scenario),
            contestants.mcp_server_odoo(scenario, servers.enter_context(stage.mcp_server_odoo(scenario))),
            contestants.odoo_mcp(scenario, servers.enter_context(stage.odoo_mcp(scenario))),
        ]
        results = {}
        for call in ORDER:
            say(f"measuring {call}")
            results[call] = measure(call, _contestants(scenario, everyone), count)
        proof = _proof(environment, database, results)
        spent = costs.costs(environment, database, count)
        sizes = [contestants.odoo_sizes(scenario), *(server.sizes() for server in everyone)]
    yardstick = JSON_2 if scenario.has_json_2 else JSON_RPC
    print()
    print(report.heading(environment.source.series, settings(environment), results))
    print(proof)
    print("\n" + report.times(results, yardstick))
    print("\n" + costs.sentence(spent))
    print("\n" + report.sizes(sizes))


def _contestants(scenario: Scenario, servers: list[McpServer]) -> list[Contestant]:
    ours, mcp_server_odoo, odoo_mcp = servers
    return [
        ours.contestant(scenario),
        contestants.ours_by_login(scenario).contestant(scenario),
        *contestants.odoo_interfaces(scenario),
        mcp_server_odoo.contestant(scenario),
        contestants.odoo_mcp_contestant(odoo_mcp, scenario),
    ]


def _proof(environment: Environment, database: str, results: dict[str, list[Measured]]) -> str:
    """Return what shows that everyone created what was asked for, and that our calls were logged.

    :raise Problem: they did not
    """
    created, logged = stage.rows(environment, database)
    creations = sum(WARM_UP + len(item.times) for item in results[CREATE])
    ours = [item for measured in results.values() for item in measured if item.contestant in (OURS, BY_LOGIN)]
    calls = sum(WARM_UP + len(item.times) for item in ours)
    if (created, logged) != (creations, calls):
        raise Problem(f"{created} contacts for {creations} calls that create, {logged} log rows for {calls} calls")
    return f"{created} contacts created by as many calls; {logged} rows in the access log for as many calls of ours."
