# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import os
import re
from pathlib import Path

from odoo.tests import BaseCase, tagged

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"<!-- (tests/addons/\S+\.py) -->\n```python\n(.*?)```", re.DOTALL)


@tagged("post_install", "-at_install")
class TestDocumentation(BaseCase):
    def test_the_example_is_shown_as_it_is(self) -> None:
        """To take over changes of the example, run this test with MCP_NATIVE_SNAPSHOTS=write."""
        page = ROOT / "docs" / "tools-for-developers.md"
        text = page.read_text(encoding="utf-8")
        fresh = BLOCK.sub(lambda block: f"<!-- {block[1]} -->\n```python\n{_code(block[1])}```", text)
        if os.environ.get("MCP_NATIVE_SNAPSHOTS") == "write":
            page.write_text(fresh, encoding="utf-8")
            text = fresh
        self.assertEqual(len(BLOCK.findall(text)), 4)
        self.assertEqual(text, fresh)


def _code(path: str) -> str:
    """Return a file without the lines of its license."""
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("# "))
