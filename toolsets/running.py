# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What all runs of declared methods have in common."""

from __future__ import annotations

from ..orm.access import EXPLAINED
from ..protocol import InputRequired
from ..protocol.arguments import ArgumentError
from .consent import Interrupted

BUSINESS_ERRORS = (*EXPLAINED, ArgumentError)
"""What an assistant is told; anything else is a fault of ours or of an addon."""


class AskedBack(Interrupted):
    """A method asks the person first."""

    def __init__(self, required: InputRequired) -> None:
        super().__init__()
        self.required = required
