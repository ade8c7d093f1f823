# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""`make dist`: the archive for Odoo Apps."""

import ast
import zipfile

from .paths import MODULE, ROOT, runtime_files
from .progress import Problem, say

EPOCH = (1980, 1, 1, 0, 0, 0)


def main(_arguments: list[str]) -> None:
    """write dist/mcp_native-VERSION.zip from what git tracks"""
    files = runtime_files(tracked=True)
    if not any(path.name == "__manifest__.py" for path in files):
        raise Problem("git tracks no __manifest__.py: commit the addon first")
    version = ast.literal_eval((ROOT / "__manifest__.py").read_text())["version"]
    target = ROOT / "dist" / f"{MODULE}-{version}.zip"
    target.parent.mkdir(exist_ok=True)
    temporary = target.with_suffix(".new")
    with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            # One fixed date: the same tree gives the same archive.
            entry = zipfile.ZipInfo(f"{MODULE}/{path.as_posix()}", EPOCH)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, (ROOT / path).read_bytes(), zipfile.ZIP_DEFLATED)
    temporary.replace(target)
    say(f"{target.relative_to(ROOT)}: {len(files)} files, {target.stat().st_size / 1000:.0f} kB")
