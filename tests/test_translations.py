# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import polib

from odoo.tests import BaseCase, tagged

FOLDER = Path(__file__).parent.parent / "i18n"
KEPT = re.compile(r"%(?:\(\w+\))?[sd]|%%|`[^`]+`|\*\*|<[^>]+>|\]\(")
"""What a translation must hold as often as its term: placeholders, code, marks of Markdown, tags."""


@tagged("post_install", "-at_install")
class TestTranslations(BaseCase):
    """The languages that the module is translated to."""

    def setUp(self) -> None:
        super().setUp()
        self.files = {path.stem: polib.pofile(str(path)) for path in FOLDER.glob("*.po")}
        self.terms = {entry.msgid for entry in polib.pofile(str(FOLDER / "mcp_native.pot"))}

    def test_every_language_has_every_term(self) -> None:
        self.assertEqual(sorted(self.files), ["de", "es", "fr"])
        for language, file in self.files.items():
            with self.subTest(language):
                self.assertEqual({entry.msgid for entry in file if entry.msgstr and not entry.fuzzy}, self.terms)

    def test_placeholders_and_marks_are_those_of_the_term(self) -> None:
        for language, file in self.files.items():
            for entry in file:
                with self.subTest(language, term=entry.msgid):
                    self.assertEqual(Counter(KEPT.findall(entry.msgstr)), Counter(KEPT.findall(entry.msgid)))
