# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The files of records, as far as this user may see them."""

from __future__ import annotations

from typing import Any

from odoo.models import BaseModel

from ...compat import filtered_access
from ..lookup import existing, field_infos, hidden_ids

SHOWN_FIELDS = ["name", "mimetype", "file_size", "create_date", "create_uid", "res_id", "res_field"]
"""Columns of a list of files."""

CONTENT_FIELDS = ("name", "mimetype", "file_size", "raw", "datas")
"""Whoever may not see one of these is not shown what is in a file."""


def file_domain(records: BaseModel) -> list[Any]:
    """Return the domain of the files of records: those that were attached, and those of fields that the user may see.

    Smaller copies of pictures are left out.
    """
    shown = [
        name
        for name, info in field_infos(records, None, ("type",)).items()
        if info["type"] in ("binary", "image") and not records._fields[name].related
    ]
    of_records = [("res_model", "=", records._name), ("res_id", "in", records.ids)]
    return [*of_records, "|", ("res_field", "=", False), ("res_field", "in", shown)]


def readable_file(attachments: BaseModel, attachment_id: int) -> BaseModel:
    """Return a file that the user may read, as its record and its field may be.

    :raise ToolError: there is none, or the content of files is hidden from the user
    """
    field_infos(attachments, CONTENT_FIELDS)
    attachment = existing(attachments, [attachment_id])
    if not filtered_access(attachment, "read"):  # searches of 17.0 do not ask whether the file's field may be seen
        raise hidden_ids(attachments, [attachment_id])
    return attachment
