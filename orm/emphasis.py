# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Bold, italics and strike-through, written only where Markdown reads them as such.

CommonMark decides by the characters on both sides of ``**`` whether it opens or closes anything, and these are known
only when the whole text is there. Until then signs that no text holds stand for them.
"""

from __future__ import annotations

import re
import unicodedata

BOLD, ITALIC, STRUCK = "**", "*", "~~"
_OPEN = {BOLD: "\ufdd0", ITALIC: "\ufdd2", STRUCK: "\ufdd4"}
_CLOSE = {BOLD: "\ufdd1", ITALIC: "\ufdd3", STRUCK: "\ufdd5"}
_KIND = {sign: kind for signs in (_OPEN, _CLOSE) for kind, sign in signs.items()}
_SIGN = re.compile("([\ufdd0-\ufdd5])")
_ENDING = re.compile(r"(.*[^\W_])([.,:;!?]+)", re.DOTALL)
_NUMBER = re.compile(r"(?:^|\n)[ >]*\d{1,9}$")
_BLANK = re.compile(r"(\n[ \t]*\n\s*)")


def opened(kind: str, text: str) -> str:
    """Return a text between the signs for a kind of emphasis, each of its paragraphs by itself."""
    return "".join(part if _BLANK.fullmatch(part) else _signed(kind, part) for part in _BLANK.split(text))


def _signed(kind: str, text: str) -> str:
    inner = text.strip()
    if not _SIGN.sub("", inner).strip():
        return text
    lead, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{lead}{_OPEN[kind]}{inner}{_CLOSE[kind]}{tail}"


def resolved(text: str) -> str:
    """Return a text with its signs written as Markdown, those that Markdown would not read left out."""
    parts = _SIGN.split(text)
    if len(parts) == 1:
        return text
    _join(parts)
    pairs = _paired(parts)
    for _nesting in _OPEN:  # what is left out is no neighbour any more
        pairs = [pair for pair in pairs if _is_read(parts, *pair)]
    return "".join(_KIND.get(part, part) for part in parts)


def _is_read(parts: list[str], first: int, last: int) -> bool:
    """Whether Markdown would read a pair of signs as what they stand for; if not, they are taken out."""
    if not _may_close(parts, last):
        _move_out(parts, last)
    if _may_open(parts, first) and _may_close(parts, last):
        return True
    parts[first] = parts[last] = ""
    if _NUMBER.search(parts[first - 1]):  # without the sign, ``1`` and ``. no list`` would be one
        _escape_after(parts, first)
    return False


def _escape_after(parts: list[str], at: int) -> None:
    place = next((place for place in range(at + 1, len(parts)) if parts[place] and parts[place] not in _KIND), 0)
    if place and parts[place][0] in ".)":
        parts[place] = f"\\{parts[place]}"


def _join(parts: list[str]) -> None:
    """Join what ends only to begin again."""
    before: list[int] = []
    for at, part in enumerate(parts):
        if not part:
            continue
        last = parts[before[-1]] if before else ""
        if part in _OPEN.values() and last == _CLOSE[_KIND[part]]:
            parts[before.pop()] = parts[at] = ""
        else:
            before.append(at)


def _paired(parts: list[str]) -> list[tuple[int, int]]:
    """Return where each emphasis begins and ends; one inside another of its kind is taken out."""
    open_at: dict[str, int] = {}
    depth = dict.fromkeys(_OPEN, 0)
    pairs = []
    for at in range(1, len(parts), 2):
        kind = _KIND.get(parts[at])
        if kind is None:
            continue
        if parts[at] == _OPEN[kind]:
            depth[kind] += 1
            if depth[kind] == 1:
                open_at[kind] = at
            else:
                parts[at] = ""
        else:
            depth[kind] -= 1
            if depth[kind] == 0:
                pairs.append((open_at[kind], at))
            else:
                parts[at] = ""
    return pairs


def _move_out(parts: list[str], last: int) -> None:
    """Let emphasis end before the punctuation it ends with: ``**Note:**text`` would be none, ``**Note**:text`` is."""
    if match := _ENDING.fullmatch(parts[last - 1]):
        parts[last - 1] = match[1]
        parts[last + 1] = match[2] + parts[last + 1]


def _may_open(parts: list[str], at: int) -> bool:
    return _flanks(_near(parts, at, 1), _near(parts, at, -1))


def _may_close(parts: list[str], at: int) -> bool:
    return _flanks(_near(parts, at, -1), _near(parts, at, 1))


def _flanks(inside: str, outside: str) -> bool:
    """Whether a delimiter between two characters belongs to the one inside (CommonMark, delimiter runs)."""
    if inside.isspace() or not inside:
        return False
    return not _is_punctuation(inside) or not outside or outside.isspace() or _is_punctuation(outside)


def _near(parts: list[str], at: int, step: int) -> str:
    """Return the character next to a sign; another kind of delimiter counts as one, more of the same run do not."""
    mark = _KIND[parts[at]][0]
    place = at + step
    while 0 <= place < len(parts):
        part = parts[place]
        if part in _KIND and part:
            if _KIND[part][0] != mark:
                return _KIND[part][0]
        elif part:
            return part[0 if step > 0 else -1]
        place += step
    return ""


def _is_punctuation(char: str) -> bool:
    return unicodedata.category(char)[0] in "PS"
