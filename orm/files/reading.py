# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The text of a file, for an assistant."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from .. import richtext
from . import kinds

_logger = logging.getLogger(__name__)

MAX_BYTES = 20 * 2**20
"""A document that is larger is not taken apart."""
MAX_TEXT_BYTES = 4 * 2**20
"""The same for texts and pages, which are read here."""
SECONDS = 20

KEPT = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
"""What the process that takes documents apart has of the server's environment, which may hold passwords."""

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Reading:
    """What was taken from a file.

    :param about: what it is made of (``3 pages``), may be empty
    :param is_cut: there is more in it than could be read in time
    """

    text: str
    about: str = ""
    is_cut: bool = False


class Unreadable(Exception):
    """No text can be taken from a file; the text says why, as the end of a sentence."""


def read(content: bytes, kind: str) -> Reading:
    """Return the text of a file.

    :param kind: what ``kinds.kind_of`` said, an image excepted
    :raise Unreadable: there is none that can be had
    """
    if not kind:
        raise Unreadable("its type is none that text is taken from")
    if len(content) > (MAX_TEXT_BYTES if kind in (kinds.TEXT, kinds.HTML) else MAX_BYTES):
        raise Unreadable("it is too large")
    if kind == kinds.TEXT:
        return Reading(kinds.decoded(content))
    if kind == kinds.HTML:
        return Reading(_markdown(kinds.decoded(content)))
    return _extracted(content, kind)


def _markdown(page: str) -> str:
    try:
        return richtext.to_markdown(page)
    except RecursionError:
        return richtext.to_text(page)


def _extracted(content: bytes, kind: str) -> Reading:
    """Take a document apart in a process of its own: whoever made it may have meant to exhaust this one."""
    command = [sys.executable, "-m", "extract", kind]
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    environment = {**kept, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONIOENCODING": "utf-8"}
    try:
        done = subprocess.run(
            command,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_HERE,
            env=environment,
            timeout=SECONDS,
            check=True,
        )
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise Unreadable("it takes too long") from None
    except (subprocess.CalledProcessError, OSError, ValueError) as error:
        _logger.info("MCP: no text could be taken from a file (%s): %s", kind, error)
        raise Unreadable("it is too large or damaged") from error
    if "problem" in answer:
        raise Unreadable(answer["problem"])
    if not answer["text"].strip():
        raise Unreadable("it holds no text, perhaps only pictures of it")
    return Reading(answer["text"], answer["about"], answer["is_cut"])
