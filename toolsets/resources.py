# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a client can attach to a conversation by its address: the answers of the tools that read, under their URIs.

Each resource belongs to the toolset whose method it calls: where a profile or a connection has no such tools, it has no
such resources.
"""

from __future__ import annotations

import base64
from typing import Annotated, Any

from odoo import models
from odoo.tools.mimetypes import guess_mimetype

from ..orm import narrowing
from ..orm.errors import ToolError
from ..orm.files import images, kinds
from ..orm.files.reading import Unreadable
from ..orm.handles import handle_id
from ..orm.lookup import existing, field_infos
from ..protocol import contents
from .arguments import Domain, Schema
from .completion import Context, matching
from .declare import resource, taken_back
from .instructions import instructions

LONG = 300_000
"""Milliseconds that a client may keep what changes with the database's set-up only; records it may not keep at all."""

FILE_LIMIT = 1_000_000
"""Bytes of a file of a field inside an answer; of attachments, ``odoo://attachment/{id}`` shows the text."""

FILES = ("binary", "image")


class ReadResources(models.AbstractModel):
    _inherit = "mcp_native.toolset.read"

    @resource(
        "odoo://{model}{?domain,fields,limit,cursor}",
        name="records",
        title="Records of a model",
        completions={"model": "_complete_model", "fields": "_complete_fields"},
    )
    def resource_records(
        self,
        model: str,
        domain: Domain | None = None,
        fields: str | None = None,
        limit: Annotated[int, Schema(minimum=1, maximum=200)] = 25,
        cursor: str | None = None,
    ) -> str:
        """The records of a model that match a domain (a list in JSON), as a table; fields with commas between them."""
        names = [name.strip() for name in fields.split(",")] if fields else None
        return self.search_records(model, domain, names, limit=limit, cursor=cursor)

    @resource(
        "odoo://{model}/{id}",
        name="record",
        title="A record",
        completions={"model": "_complete_model", "id": "_complete_id"},
    )
    def resource_record(self, model: str, id: str) -> str:
        """All that is filled in of one record. The id may be written with a name, as in azure-interior-14."""
        return self.read_records(model, [handle_id(id)])

    @resource(
        "odoo://{model}/{id}/{field}",
        name="record_field",
        title="A field of a record",
        mime_type=None,
        completions={"model": "_complete_model", "id": "_complete_id", "field": "_complete_field"},
    )
    def resource_field(self, model: str, id: str, field: str) -> str | list[dict[str, Any]]:
        """One field of a record, whole; pictures and other files as they are."""
        records = self._model(model)
        info = field_infos(records, [field], ("type",))[field]
        if info["type"] not in FILES:
            return self.read_records(model, [handle_id(id)], [field])
        record = existing(records, [handle_id(id)])
        self._note(ids=record.ids)
        return [self._as_file(record, field)]

    def _as_file(self, record: models.BaseModel, field: str) -> dict[str, Any]:
        """Return the file in a field as contents of the resource that is being read; large pictures scaled down.

        :raise ToolError: there is none, it may not be read, or it is too large
        """
        if narrowing.guarded_ids(record, field):
            raise ToolError(f"{record._name} {record.id}: {field} is not for you to read.")
        value = record.with_context(bin_size=False)[field]
        if not isinstance(value, bytes | str) or not value:
            raise ToolError(f"{record._name} {record.id} has no file in {field}.")
        file = base64.b64decode(value)
        if kinds.kind_of(file, "", "") == kinds.IMAGE:
            return _picture(self._call().params["uri"], file, field)
        if len(file) > FILE_LIMIT:
            raise ToolError(f"The file in {field} has {len(file):,} bytes, too many for an answer ({FILE_LIMIT:,}).")
        mime_type = guess_mimetype(file, "application/octet-stream")
        return contents(self._call().params["uri"], mime_type, blob=base64.b64encode(file).decode())


class ModelResources(models.AbstractModel):
    _inherit = "mcp_native.toolset.models"

    @resource(
        "odoo://{model}/fields",
        name="fields",
        title="Fields of a model",
        completions={"model": "_complete_model"},
        kept_for=LONG,
    )
    def resource_fields(self, model: str) -> str:
        """The fields of a model: name, type, label, choices; those that matter come first."""
        return self.describe_model(model)


class ContextResources(models.AbstractModel):
    _inherit = "mcp_native.toolset.context"

    @resource(
        "odoo://instructions",
        name="instructions",
        title="How to work with this Odoo",
        audience=("assistant",),
        priority=1.0,
        kept_for=LONG,
        measured=True,
    )
    def resource_instructions(self) -> str:
        """Who is connected, what is installed, and how to work here: what the server says when it is connected."""
        return instructions(self.env, narrowing.current())

    @resource(
        "odoo://apps",
        name="apps",
        title="Apps",
        audience=("user", "assistant"),
        priority=0.3,
        kept_for=LONG,
        measured=True,
    )
    def resource_apps(self) -> str:
        """The apps that the user sees, with the technical names of their modules."""
        return "\n".join(self._app_names())


class ActivityResources(models.AbstractModel):
    _inherit = "mcp_native.toolset.activity"

    @resource(
        "odoo://activities/mine",
        name="my_activities",
        title="My activities",
        audience=("user", "assistant"),
        priority=0.5,
    )
    def resource_my_activities(self) -> str:
        """What the user still has to do, the most urgent first."""
        return self.list_activities("mine")


class FileResources(models.AbstractModel):
    _inherit = "mcp_native.toolset.file"

    @resource(
        "odoo://attachment/{id}{?cursor}",
        name="attachment",
        title="A file",
        mime_type=None,
        completions={"id": "_complete_attachment"},
    )
    def resource_attachment(self, id: str, cursor: str | None = None) -> str | list[dict[str, Any]]:
        """The text of a PDF, Office file, mail or table; a picture; of other files an address to fetch them."""
        answer = self.read_attachment(handle_id(id), cursor=cursor)
        if isinstance(answer, str):
            return answer
        uri = self._call().params["uri"]
        pictures = [block for block in answer.content if block["type"] == "image"]
        return [contents(uri, picture["mimeType"], blob=picture["data"]) for picture in pictures]

    def _complete_attachment(self, beginning: str, context: Context) -> list[str]:
        return self._completed("ir.attachment", beginning)


class ReportResources(models.AbstractModel):
    _inherit = "mcp_native.toolset.report"

    @resource(
        "odoo://report/{name}/{id}",
        name="report",
        title="A report",
        mime_type="text/markdown",
        completions={"name": "_complete_report", "id": "_complete_printed"},
    )
    @taken_back
    def resource_report(self, name: str, id: str) -> str:
        """A report on a record, such as a quotation or an invoice, as Markdown; of several: ids with commas."""
        return self.render_report(name, [handle_id(one) for one in id.split(",")])

    def _complete_report(self, beginning: str, context: Context) -> list[str]:
        return matching((report.name for report in self.env["ir.actions.report"]._mcp_native_all()), beginning)

    def _complete_printed(self, beginning: str, context: Context) -> list[str]:
        named = self.env["ir.actions.report"]._mcp_native_named(context.get("name", ""))
        return self._completed(named[0].model if named else None, beginning)


def _picture(uri: str, file: bytes, field: str) -> dict[str, Any]:
    try:
        data, mime_type, _pixels = images.shown(file)
    except Unreadable as problem:
        raise ToolError(f"The picture in {field} cannot be shown: {problem}.") from problem
    return contents(uri, mime_type, blob=data)
