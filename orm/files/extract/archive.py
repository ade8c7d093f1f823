# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Office documents are archives of XML: read with care, because anybody may have made them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

PART_LIMIT = 64 * 2**20
"""Bytes of one file of an archive, unpacked."""

SAFE: dict[str, Any] = {"resolve_entities": False, "no_network": True, "huge_tree": False, "remove_comments": True}
"""For lxml: nothing is fetched, no entity is expanded, no depth without end."""

_ROW_ESCAPES = str.maketrans({"|": "\\|", "\n": " ", "\r": " ", "\t": " "})


class Unreadable(Exception):
    """A document that no text is taken from; the text says why, as the end of a sentence."""


class Archive:
    """The files of a document.

    :raise Unreadable: it is no archive
    """

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            raise Unreadable("it is damaged") from None

    @property
    def names(self) -> list[str]:
        return self._zip.namelist()

    def unpacked(self, name: str) -> bytes:
        """Return one file of the archive, whatever size it claims to have.

        :raise Unreadable: it is not there, too large, or locked by a password
        """
        try:
            with self._zip.open(name) as file:
                content = file.read(PART_LIMIT + 1)
        except (KeyError, RuntimeError, zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError):
            raise Unreadable("it is damaged, or locked by a password") from None
        except Exception as error:  # zlib, lzma and bz2 have errors of their own
            raise Unreadable("it is damaged") from error
        if len(content) > PART_LIMIT:
            raise Unreadable("it is too large when unpacked")
        return content

    def tree(self, name: str) -> etree._Element:
        """Return one file of the archive as XML.

        :raise Unreadable: it is none
        """
        try:
            return etree.fromstring(self.unpacked(name), etree.XMLParser(**SAFE))
        except (etree.XMLSyntaxError, ValueError):
            raise Unreadable("it is damaged") from None

    def elements(self, name: str, tag: str) -> Iterator[etree._Element]:
        """Yield the elements of one tag, each forgotten when the next one is asked for."""
        try:
            for _event, element in etree.iterparse(io.BytesIO(self.unpacked(name)), tag=tag, **SAFE):
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
        except etree.XMLSyntaxError:
            raise Unreadable("it is damaged") from None


def row(cells: Iterable[str]) -> str:
    """Return one line of a table; what follows the last filled cell is left out, as is a row without any."""
    line = "|".join(cell.strip().translate(_ROW_ESCAPES) for cell in cells).rstrip("|")
    return f"{line}\n" if line else ""
