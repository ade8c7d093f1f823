# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Failed authentications, counted by address: whoever guesses keys is told to wait.

Only failures count and only failures are refused, so that nobody's key is shut out by others behind the same address
(an office, a reverse proxy that does not say whose requests it passes on). The one exception: too many wrong keys with
the first digits of a real one are not compared any more, because only these cost much. It holds for that address and
those digits, and not for keys that a worker remembers.

Access tokens of logins are not counted: there is nothing to guess in 256 random bits, they are looked up by their
digest in no time, and clients behind one address come with ended ones all day, to be told to renew them.
"""

from __future__ import annotations

import hashlib
import logging
import math

import psycopg2

from odoo import api

from odoo.addons.base.models.res_users import INDEX_SIZE

from . import settings
from .addresses import network_of
from .limits import CHARGE, Due, filled
from .own_transaction import opening, own_cursor
from .refusals import RateLimited

_logger = logging.getLogger(__name__)

PERIOD = 60

_FITS = """
    greatest(old.ends, EXCLUDED.ends - EXCLUDED.step) + EXCLUDED.step
    <= EXCLUDED.ends - EXCLUDED.step + EXCLUDED.room + 0.001
"""

NOTE = f"""{CHARGE}
   SET ends = CASE WHEN {_FITS}
                   THEN greatest(old.ends, EXCLUDED.ends - EXCLUDED.step) + EXCLUDED.step ELSE old.ends END,
       count = CASE WHEN {_FITS} THEN 0 ELSE 1 END,
       step = EXCLUDED.step,
       room = EXCLUDED.room
RETURNING count, ends - extract(epoch FROM clock_timestamp()) + step - room
"""
"""Adds to each bucket that has room, and returns whether it had none, and the seconds until it has."""


def note(env: api.Environment, address: str, token: str) -> None:
    """Count a token that opens nothing.

    :raise RateLimited: there were too many from that address
    """
    most = settings.auth_failures(env)
    if not most:
        return
    step = PERIOD / most
    keys = [_key(address)]
    env.cr.execute("SELECT FROM res_users_apikeys WHERE index = %s LIMIT 1", [token[:INDEX_SIZE]])
    if env.cr.rowcount:  # others would let strangers fill the table
        keys.append(_key(address, token))
    query, params = filled(NOTE, [Due(key, step, PERIOD) for key in keys])
    try:
        with own_cursor(env.registry) as cr:
            cr.execute(opening() + query, params)
            waits = [wait for full, wait in cr.fetchall() if full]
    except psycopg2.Error:
        _logger.exception("MCP: a failed authentication from %s could not be counted", address)
        return
    if waits:
        raise _refused(address, max(waits))


def check_beginning(env: api.Environment, address: str, token: str) -> None:
    """Refuse to compare one more key with those of the same first digits.

    :raise RateLimited: too many wrong ones came from that address
    """
    if not settings.auth_failures(env):
        return
    query = "SELECT ends - extract(epoch FROM clock_timestamp()) - room + step FROM mcp_native_counter WHERE key = %s"
    env.cr.execute(query, [_key(address, token)])
    row = env.cr.fetchone()
    if row and row[0] > 0.001:
        raise _refused(address, row[0])


def _refused(address: str, wait: float) -> RateLimited:
    seconds = max(math.ceil(wait), 1)
    _logger.info("MCP refused to %s: too many failed authentications", address)
    return RateLimited(f"Too many tokens that are not valid came from this address: wait {seconds} seconds.", seconds)


def _key(address: str, token: str = "") -> str:
    beginning = "/" + hashlib.sha256(token[:INDEX_SIZE].encode()).hexdigest()[:16] if token else ""
    return f"failures/{network_of(address)}{beginning}"
