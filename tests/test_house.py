# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from odoo.tests import BaseCase, tagged

ROOT = Path(__file__).parent.parent
ON_THE_WAY = ("toolsets", "orm", "protocol")


@tagged("post_install", "-at_install")
class TestHouse(BaseCase):
    """What must hold of the sources themselves."""

    def trees(self, *folders: str) -> Iterator[tuple[Path, ast.Module]]:
        for folder in folders:
            for path in sorted((ROOT / folder).rglob("*.py")):
                yield path, ast.parse(path.read_text(encoding="utf-8"))

    def test_nothing_on_the_way_of_a_tool_takes_superuser_rights(self) -> None:
        for path, tree in self.trees(*ON_THE_WAY):
            names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
            names |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            with self.subTest(path.name):
                self.assertFalse(names & {"sudo", "SUPERUSER_ID"})

    def test_the_protocol_knows_nothing_of_odoo(self) -> None:
        for path, tree in self.trees("protocol"):
            imported = [
                name
                for node in ast.walk(tree)
                for name in (
                    [alias.name for alias in node.names]
                    if isinstance(node, ast.Import)
                    else [node.module or ""]
                    if isinstance(node, ast.ImportFrom) and not node.level
                    else []
                )
            ]
            with self.subTest(path.name):
                self.assertFalse([name for name in imported if name.partition(".")[0] == "odoo"])

    def test_the_tests_that_the_lessons_name_are_there(self) -> None:
        lessons = (ROOT / "docs" / "lessons.md").read_text(encoding="utf-8")
        named = set(re.findall(r"`((?:test_|Test)\w+)`", lessons))
        written = {
            node.name
            for _path, tree in self.trees("tests")
            for node in ast.walk(tree)
            if isinstance(node, (ast.FunctionDef, ast.ClassDef))
        }
        self.assertTrue(named)
        self.assertFalse(named - written)
