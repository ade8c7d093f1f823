# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An assistant of a person, which works through the protocol's own client over one connection."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from live import HERE, without_memory_limit

LONGEST = 6000
"""Characters of one answer, unless a step says otherwise."""


class Assistant:
    """Calls tools, prompts and resources, and checks that every answer is short.

    :ivar progress: what was reported while the last answer was made: ``[done, total, message]``
    """

    def __init__(self, process: subprocess.Popen) -> None:
        self._process = process
        self.progress: list[list[Any]] = []

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Return the result of a request that must not fail."""
        answer = self._asked(method, params)
        assert "error" not in answer, f"{method} {params}: {answer['error']}"
        return answer["result"]

    def refused(self, method: str, **params: Any) -> str:
        """Return the error of a request that must fail."""
        answer = self._asked(method, params)
        assert "error" in answer, f"{method} {params}: {answer}"
        return answer["error"]

    def tool(self, name: str, /, *, longest: int = LONGEST, **arguments: Any) -> str:
        """Return the text of a tool's answer, which is neither an error nor longer than allowed."""
        result = self.ask("tool", name=name, arguments=arguments)
        text = _text(result)
        assert not result.get("isError"), f"{name} {arguments}: {text}"
        assert len(text) <= longest, f"{name}: {len(text)} characters:\n{text[:2000]}"
        return text

    def failure(self, name: str, /, **arguments: Any) -> str:
        """Return the text of a tool's answer that must be an error."""
        result = self.ask("tool", name=name, arguments=arguments)
        assert result.get("isError"), f"{name} {arguments}: {_text(result)}"
        return _text(result)

    def prompt(self, name: str, /, *, longest: int = LONGEST, **arguments: str) -> str:
        """Return the text of a prompt's messages."""
        messages = self.ask("prompt", name=name, arguments=arguments)["messages"]
        text = "\n".join(message["content"].get("text", "") for message in messages)
        assert len(text) <= longest, f"{name}: {len(text)} characters"
        return text

    def resource(self, uri: str) -> str:
        """Return the text of a resource."""
        return "\n".join(entry.get("text", "") for entry in self.ask("resource", uri=uri)["contents"])

    def completions(self, ref: dict[str, str], name: str, value: str) -> list[str]:
        """Return the completions of an argument's beginning."""
        return self.ask("complete", ref=ref, name=name, value=value)["completion"]["values"]

    def _asked(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        self._process.stdin.write(json.dumps([method, params]) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the client ended: {self._process.stderr.read()}"
        answer = json.loads(line)
        self.progress = answer.pop("progress")
        return answer


@contextlib.contextmanager
def assisting(python: Path, url: str, key: str, mode: str = "auto") -> Iterator[Assistant]:
    """Start an assistant, and end it.

    :param python: the one that has the protocol's own client
    :param mode: ``auto``, ``legacy`` or a revision
    """
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    process = subprocess.Popen(
        [str(python), str(HERE / "assistant_client.py"), url, mode],
        env={**kept, "MCP_KEY": key},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=without_memory_limit,
    )
    try:
        yield Assistant(process)
    finally:
        process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()


def _text(result: dict[str, Any]) -> str:
    return "\n".join(block.get("text", "") for block in result["content"])
