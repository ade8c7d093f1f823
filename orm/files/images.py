# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Images as an assistant can look at them: small enough, in a format that all clients know."""

from __future__ import annotations

import base64
import io
import warnings

from PIL import Image, ImageOps

from .reading import Unreadable

SIDE = 1024
"""Pixels of the longer side."""
MAX_PIXELS = 30_000_000
"""That are unpacked."""
MAX_BYTES = 20 * 2**20
_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP")


def shown(content: bytes) -> tuple[str, str, str]:
    """Return an image in base64, scaled down where it is large, its MIME type, and its true size (``640 x 480``).

    :raise Unreadable: it is no image, or has too many pixels to be unpacked
    """
    if len(content) > MAX_BYTES:
        raise Unreadable("it is too large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return _scaled(content)
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001  decoders fail in many ways at what somebody sent
        raise Unreadable("it is no image that can be opened") from None


def _scaled(content: bytes) -> tuple[str, str, str]:
    with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
        width, height = image.size
        image.draft("RGB", (SIDE * 2, SIDE * 2))  # a large photo need not be unpacked whole
        if image.width * image.height > MAX_PIXELS:
            raise Unreadable("it has too many pixels")
        image = ImageOps.exif_transpose(image)
        image.thumbnail((SIDE, SIDE))
        has_alpha = "A" in image.getbands() or "transparency" in image.info
        kind, mode = ("PNG", "RGBA") if has_alpha else ("JPEG", "RGB")
        made = io.BytesIO()
        image.convert(mode).save(made, kind, optimize=True)
    return base64.b64encode(made.getvalue()).decode(), f"image/{kind.lower()}", f"{width} x {height}"
