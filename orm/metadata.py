# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who made records, who changed them last, when, and their external ids."""

from __future__ import annotations

from typing import Any

from odoo.models import BaseModel

from .column import Column
from .columns import column
from .narrowing import unnarrowed

_WORDS = {"create_date": "created {}", "create_uid": " by {}", "write_date": ", changed {}", "write_uid": " by {}"}


def metadata_column(records: BaseModel) -> Column:
    """Return the metadata of records as one column: a line of text each, or an object with a member for each field.

    :param records: records that this user may read
    """
    infos = records.fields_get(list(_WORDS), ["type", "relation"]) if records._log_access else {}
    columns = [column(records, name, infos[name]) for name in _WORDS if name in infos]
    with unnarrowed():  # Odoo tells the external ids of records that one may read
        found = records._get_external_ids()
    xml_ids = [found[record_id] for record_id in records.ids]

    def write(row: int) -> str:
        words = [_WORDS[col.name].format(col.cells[row]) for col in columns if col.cells[row]]
        return "".join([*words, *(f", XML id {xml_id}" for xml_id in xml_ids[row])]).lstrip(", ")

    def typed(row: int) -> dict[str, Any]:
        return {**{col.name: col.values[row] for col in columns}, "xml_ids": xml_ids[row]}

    return Column("metadata", "char", range(len(records)), write, typed, timed="create_date" in infos)
