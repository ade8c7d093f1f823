# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who asked the ORM for a change: a tool itself, or business code that ran because of it.

There is no other sign of it than the way the call came, so the stack is looked at: from the ORM outwards, through the
``super()`` chain of the same method and through the ORM's own commands for lines and inherited records. What is met
first decides: code of a tool, or anything else.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import FrameType
from typing import Any

from odoo import api, fields
from odoo.models import BaseModel

from . import published

_ADDON = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_HOOKS = os.path.join(_ADDON, "models", "base.py")
_RECORDING = (__file__, os.path.join(_ADDON, "orm", "changes.py"))


_OVERRIDES = {"create": ("create", "copy", "_load_records_create"), "write": ("write", "_load_records_write")}
"""Methods of a model that lead to another one of it by way of the ORM."""


def _place(module: str) -> str:
    """Return the file of a module of the ORM, or its folder where the ORM is a package (19.0)."""
    path = sys.modules[module].__file__ or ""
    folder = os.path.dirname(path)
    return folder + os.sep if os.path.basename(folder) == "orm" else path


_CORE = (
    *{_place(thing.__module__) for thing in (BaseModel, fields.Field, api.Environment)},
    sys.modules["odoo.api"].__file__ or "<decorator",
    "<decorator",  # what api.model_create_multi makes on 17.0 and 18.0
)


_meant: ContextVar[frozenset[str]] = ContextVar("mcp_native_meant", default=frozenset())


@contextmanager
def meaning(*models: str) -> Iterator[None]:
    """Count what business code does to records of some models inside as asked for: it is all that a tool calls it for.

    Odoo's own method must post a message, but the message is what the tool was asked for, not a consequence of it.
    """
    token = _meant.set(frozenset(models))
    try:
        yield
    finally:
        _meant.reset(token)


def opener() -> FrameType:
    """Return the frame that opened a recording: what it does itself counts as a tool's own doing."""
    frame = sys._getframe(1)
    while frame.f_code.co_filename in _RECORDING or frame.f_globals.get("__name__") == "contextlib":
        frame = frame.f_back
    return frame


def asked_by_tool(opened_by: FrameType | None) -> bool:
    """Whether the change that a hook of ``models/base.py`` is about to see was asked for by a tool itself.

    :param opened_by: the frame that opened the recording
    """
    frame: FrameType | None = sys._getframe(1)
    chain: tuple[str, str] | None = None
    while frame:
        code = frame.f_code
        path = code.co_filename
        if frame is opened_by:
            return True
        if path == _HOOKS:
            if chain and code.co_name == "unlink":
                return False  # Odoo deletes what belonged to a deleted record
            chain = (code.co_name, _own(frame)._name)
            if chain[1] in _meant.get():
                return True
        elif path in _RECORDING or path.startswith(_CORE) or _is_override(frame, chain):
            pass
        else:
            own = _own(frame)
            return path.startswith(_ADDON + os.sep) or _is_toolset(own) or published.does(own, path)
        frame = frame.f_back
    return False


def _is_override(frame: FrameType, chain: tuple[str, str] | None) -> bool:
    """Whether a frame is a model's own ``create`` (or ``copy``, or that of an import), ``write`` or ``unlink``."""
    if not chain or frame.f_code.co_name not in _OVERRIDES.get(chain[0], chain[:1]):
        return False
    own = _own(frame)
    return isinstance(own, BaseModel) and own._name == chain[1]


def _is_toolset(own: Any) -> bool:
    return isinstance(own, BaseModel) and isinstance(own, own.env.registry["mcp_native.toolset"])


def _own(frame: FrameType) -> Any:
    """Return the first argument of a frame's function: ``self`` of a method."""
    code = frame.f_code
    return frame.f_locals.get(code.co_varnames[0]) if code.co_argcount else None
