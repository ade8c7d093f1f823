# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The hash chain over the access log: what is hashed, and how a chain is checked. Knows SQL, but no models.

A row's hash is SHA-256 over a JSON array of its columns, in the order of the seal's form, each as PostgreSQL writes
it as text (times as ISO 8601 in UTC with microseconds, null for none). A seal holds a line ``id hash`` for each of its
rows; its digest is SHA-256 over these lines, and its own hash is SHA-256 over the JSON array
``[form, previous, first_id, last_id, first_date, last_date, row_count, digest]``, where ``previous`` is the hash of the
seal before it and the dates are those of its rows, as text like theirs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

FORMS: dict[int, tuple[str, ...]] = {
    1: (
        "id",
        "date",
        "login",
        "uid",
        "credential_kind",
        "credential_id",
        "credential_name",
        "client_name",
        "client_version",
        "protocol_version",
        "method",
        "tool",
        "writes",
        "model",
        "record_ids",
        "record_count",
        "outcome",
        "error_class",
        "error_code",
        "duration",
        "request_size",
        "response_size",
        "remote_address",
        "request_id",
        "arguments",
        "result",
        "consent",
    ),
}
"""The columns that each form of a seal covers. A form that was in use never changes: a new column needs a new form."""

FORM = max(FORMS)
GENESIS = "0" * 64
"""What the first seal has for the hash of the one before it."""

MAX_FINDINGS = 50
LOG = "mcp_native_access_log"
SEALS = "mcp_native_log_seal"
_ISO = """'YYYY-MM-DD"T"HH24:MI:SS.US'"""
_SEAL_COLUMNS = (
    f"id, form, previous, first_id, last_id, to_char(first_date, {_ISO}), to_char(last_date, {_ISO}), row_count, "
    "digest, hash, leaves, pruned_on IS NOT NULL"
)


@dataclass(frozen=True)
class Seal:
    """A stored seal."""

    id: int
    form: int
    previous: str
    first_id: int
    last_id: int
    first_date: str
    last_date: str
    row_count: int
    digest: str
    hash: str
    leaves: str | None
    pruned: bool

    def own_hash(self) -> str:
        """Return the hash that the seal's other values give."""
        dates = (self.first_date, self.last_date)
        return seal_hash(self.form, self.previous, self.first_id, self.last_id, *dates, self.row_count, self.digest)


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was sealed.

    :param kind: ``altered``, ``missing`` or ``added`` (a row); ``seal_altered``, ``seal_missing``, ``unsealed_rows``,
        ``not_deleted`` (a seal); ``unknown_hash``
    :param id: of the row or the seal, 0 for none
    :param count: how many rows
    """

    kind: str
    id: int = 0
    count: int = 1


@dataclass
class Report:
    """What a check of the chain found. Only the first findings are kept, all are counted."""

    seals: int = 0
    rows: int = 0
    deleted: int = 0
    deleted_until: str = ""
    unsealed: int = 0
    unsealed_since: datetime | None = None
    head: str = GENESIS
    head_row: int = 0
    findings: list[Finding] = field(default_factory=list)
    problems: int = 0

    def add(self, kind: str, id_: int = 0, count: int = 1) -> None:
        """Note that something is wrong."""
        self.problems += 1
        if len(self.findings) < MAX_FINDINGS:
            self.findings.append(Finding(kind, id_, count))


def rows(cr: Any, form: int, after: int, up_to: int) -> list[tuple[int, str]]:
    """Return id and hash of the log's rows between two ids, the second one included, in the order of their ids."""
    columns = ", ".join(map(_as_text, FORMS[form]))
    cr.execute(  # by the table's id: the id that is selected is a text
        f"SELECT {columns} FROM {LOG} WHERE id > %s AND id <= %s ORDER BY {LOG}.id", [after, up_to]
    )
    return [(int(values[0]), _sha256(_json(values))) for values in cr.fetchall()]


def leaves(hashed: Iterable[tuple[int, str]]) -> str:
    """Return the lines that a seal holds for its rows."""
    return "\n".join(f"{id_} {hash_}" for id_, hash_ in hashed)


def digest(lines: str) -> str:
    """Return the digest of a seal's lines."""
    return _sha256(lines)


def seal_hash(
    form: int,
    previous: str,
    first_id: int,
    last_id: int,
    first_date: str,
    last_date: str,
    row_count: int,
    digest: str,
) -> str:
    """Return the hash of a seal."""
    return _sha256(_json([form, previous, first_id, last_id, first_date, last_date, row_count, digest]))


def check(cr: Any, known_hash: str = "") -> Report:
    """Compare the log with its seals, and the seals with each other.

    :param cr: a cursor whose transaction sees one state of both
    :param known_hash: the hash of a seal that was noted elsewhere and has to be there, empty for none
    """
    report = Report()
    known, before = not known_hash, None
    for seal in _seals(cr):
        known |= seal.hash == known_hash
        _check_seal(cr, seal, before, report)
        before = seal
    if not known:
        report.add("unknown_hash")
    if before:
        report.head, report.head_row = before.hash, before.last_id
    cr.execute(f"SELECT count(*), min(date) FROM {LOG} WHERE id > %s", [report.head_row])
    report.unsealed, report.unsealed_since = cr.fetchone()
    return report


def _check_seal(cr: Any, seal: Seal, before: Seal | None, report: Report) -> None:
    report.seals += 1
    linked = seal.previous == (before.hash if before else GENESIS)
    after = before.last_id if before else 0
    if not linked:
        report.add("seal_missing", seal.id)
        strangers = _count(cr, after, seal.first_id - 1)
        if strangers:
            report.add("unsealed_rows", seal.id, strangers)
        after = seal.first_id - 1
    whole = seal.hash == seal.own_hash() and seal.form in FORMS
    if seal.pruned:
        _check_pruned(cr, seal, before, after, report)
    else:
        whole = whole and digest(seal.leaves or "") == seal.digest
        if whole:
            _check_rows(cr, seal, after, report)
    if not whole:
        report.add("seal_altered", seal.id, seal.row_count)


def _check_pruned(cr: Any, seal: Seal, before: Seal | None, after: int, report: Report) -> None:
    """Retention deletes from the oldest seal on, and all rows of a seal."""
    report.deleted += seal.row_count
    report.deleted_until = max(report.deleted_until, seal.last_date)
    left = _count(cr, after, seal.last_id)
    if left:
        report.add("not_deleted", seal.id, left)
    if before and not before.pruned:
        report.add("missing", seal.first_id, seal.row_count)


def _check_rows(cr: Any, seal: Seal, after: int, report: Report) -> None:
    sealed = dict(_parsed(seal.leaves or ""))
    found = dict(rows(cr, seal.form, after, seal.last_id))
    report.rows += len(sealed)
    for id_ in sorted(sealed.keys() | found.keys()):
        if id_ not in found:
            report.add("missing", id_)
        elif id_ not in sealed:
            report.add("added", id_)
        elif found[id_] != sealed[id_]:
            report.add("altered", id_)


def _seals(cr: Any) -> Iterator[Seal]:
    """Yield the seals in their order, a few at a time: each may be long."""
    last = (0, 0)
    while True:
        cr.execute(
            f"SELECT {_SEAL_COLUMNS} FROM {SEALS} WHERE (last_id, id) > (%s, %s) ORDER BY last_id, id LIMIT 20",
            list(last),
        )
        found = [Seal(*values) for values in cr.fetchall()]
        yield from found
        if not found:
            return
        last = (found[-1].last_id, found[-1].id)


def _parsed(lines: str) -> Iterator[tuple[int, str]]:
    for line in filter(None, lines.split("\n")):
        id_, _blank, hash_ = line.partition(" ")
        yield int(id_), hash_


def _count(cr: Any, after: int, up_to: int) -> int:
    cr.execute(f"SELECT count(*) FROM {LOG} WHERE id > %s AND id <= %s", [after, up_to])
    return cr.fetchone()[0]


def _as_text(column: str) -> str:
    return f"to_char(date, {_ISO})" if column == "date" else f"{column}::text"


def _json(values: Iterable[Any]) -> str:
    return json.dumps(list(values), ensure_ascii=False, separators=(",", ":"))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
