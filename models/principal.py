# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who is behind a call: the user, and the credential that proved it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

READ_SCOPE = "mcp:read"
WRITE_SCOPE = "mcp:write"
SCOPES = (READ_SCOPE, WRITE_SCOPE)
"""All there are; to change includes to read."""


@dataclass(frozen=True)
class Principal:
    """The user of a call and the credential it came with.

    :param uid: the user whose rights hold
    :param kind: what the credential is, a value of ``mcp_native.access.log.credential_kind``
    :param credential_id: the id of its record, in the model that ``kind`` stands for
    :param credential_name: what its owner called it
    :param scopes: what the credential may do at most, whatever the user may
    :param expires: when it ends (UTC, naive), or None
    """

    uid: int
    kind: str
    credential_id: int
    credential_name: str
    scopes: frozenset[str]
    expires: datetime | None = None
