# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import re
import textwrap
from typing import Any
from unittest.mock import patch

from ..toolsets import general_batch
from ..toolsets.declare import OPTIONS

_DONE = re.compile(r"All 1 steps are done\.\n1 \w+:[ \n]((?:.|\n)*)")
_FAILED = re.compile(r"Step 1 \(\w+\) failed, so none was done: ((?:.|\n)*)")


class BatchWalks:
    """Walks for ``test_profile_leaks.TestEveryTool``."""

    def walk_batch(self) -> list[str]:
        """Go all the other ways again, each call as a step of a batch."""
        texts = []
        for name, walk in self.walks().items():
            if name == "batch":
                continue
            whole = patch.object(general_batch, "ROOM", 10**6)
            with (
                self.subTest(f"batch of {name}"),
                self.taken_back(),
                whole,
                patch.object(self, "answer", self._as_step),
            ):
                texts += walk()
        return [*texts, *self._answers_of_chains()]

    def _as_step(self, name: str, /, **arguments: Any) -> str:
        """Return what a tool answers as the only step of a batch, without what the batch says itself."""
        options = {option: arguments.pop(option) for option in OPTIONS if option in arguments}
        text = type(self).answer(self, "batch", steps=[{"tool": name, "arguments": arguments}], **options)
        match = _DONE.fullmatch(text) or _FAILED.fullmatch(text)
        return textwrap.dedent(match[1]) if match else text

    def _answers_of_chains(self) -> list[str]:
        """Try what no single call can: to take what is hidden from one step to another."""
        ids = [self.outside.id, self.child.id, self.inside.id]
        search = {"tool": "search_records", "arguments": {"model": "res.partner", "domain": [["id", "in", ids]]}}
        chains = [
            [search, {"tool": "read_records", "arguments": {"model": "res.partner", "ids": "$1.ids"}}],
            [search, {"tool": "read_records", "arguments": {"model": "$1.model", "ids": "$1.ids", "fields": ["ref"]}}],
            [search, _note_step("${1.ids}")],
            [_optional("read_records", model="res.partner", ids=[self.outside.id]), _note_step("${1.ids}")],
            [_optional("read_records", model="res.partner.category", ids=[self.tag.id]), _note_step("$1.model")],
            [_optional("read_records", model="res.partner", ids=[one]) for one in ids],
        ]
        texts = [self.answer("batch", steps=steps) for steps in chains]
        self.assertNotRegex(texts[0], rf"\b{self.outside.id}\|")
        self.assertIn("failed", texts[3])
        return texts


def _optional(tool: str, **arguments: Any) -> dict[str, Any]:
    return {"tool": tool, "arguments": arguments, "optional": True}


def _note_step(text: str) -> dict[str, Any]:
    return {"tool": "create_records", "arguments": {"model": "res.partner", "values": [{"name": text, "city": "Here"}]}}
