# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Multi round-trip requests (2026-07-28): a request is answered by questions and comes back with the answers.

The questions travel in the signed state too, so that each answer is checked against the question it belongs to. An
answer that does not fit counts as missing: whoever asked asks again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from . import state
from .content import InputRequired
from .errors import InvalidParams, MissingCapability
from .json_schema import fits

if TYPE_CHECKING:
    from collections.abc import Callable

    from .call import Call

T = TypeVar("T")

ROLES = ("user", "assistant")
ACTIONS = ("accept", "decline", "cancel")


class Rounds:
    """The rounds of the requests of one principal.

    :param key: shared by all workers
    :param context: the principal
    """

    def __init__(self, key: bytes, context: str) -> None:
        self._key = key
        self._context = context

    def answer(self, call: Call, ask: Callable[[], T | InputRequired]) -> T | InputRequired:
        """Return what ``ask`` returns once ``call`` holds the answers that came with the request.

        A client that answers without the state it was given is asked first, to learn what the questions are.

        :raise InvalidParams: ``inputResponses`` or ``requestState`` are malformed, forged or expired
        """
        answers = _member(call, "inputResponses", dict) or {}
        token = _member(call, "requestState", str)
        if token is not None:
            call.state, questions = self._verify(call, token)
            call.inputs = well_formed(answers, questions)
        elif answers:
            asked = ask()
            call.inputs = well_formed(answers, asked.requests) if isinstance(asked, InputRequired) else {}
            if not call.inputs:
                return asked
        return ask()

    def to_wire(self, call: Call, asked: InputRequired) -> dict[str, Any]:
        """Return the InputRequiredResult.

        :raise MissingCapability: a question needs a capability that the client did not declare on this request
        """
        _require(call, asked.requests)
        result: dict[str, Any] = {"resultType": "input_required"}
        if asked.requests:
            result["inputRequests"] = asked.requests
        payload = [asked.state, {key: _question(request) for key, request in asked.requests.items()}]
        digest = state.params_digest(call.params)
        result["requestState"] = state.sign(self._key, payload, self._context, call.method, digest)
        return result

    def _verify(self, call: Call, token: str) -> tuple[Any, dict[str, Any]]:
        digest = state.params_digest(call.params)
        payload, questions = state.verify(self._key, token, self._context, call.method, digest)
        return payload, questions


def well_formed(answers: dict[str, Any], questions: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the answers that belong to a question and fit it."""
    return {
        key: answers[key] for key, question in questions.items() if key in answers and _fits(question, answers[key])
    }


def _fits(question: dict[str, Any], answer: Any) -> bool:
    if not isinstance(answer, dict):
        return False
    if question["method"] == "elicitation/create":
        return _fits_form(question["params"], answer)
    if question["method"] == "sampling/createMessage":
        said = isinstance(answer.get("content"), (dict, list)) and isinstance(answer.get("model"), str)
        return said and answer.get("role") in ROLES
    roots = answer.get("roots")
    return isinstance(roots, list) and all(
        isinstance(root, dict) and isinstance(root.get("uri"), str) for root in roots
    )


def _fits_form(params: dict[str, Any], answer: dict[str, Any]) -> bool:
    if answer.get("action") not in ACTIONS:
        return False
    if answer["action"] != "accept" or params.get("mode") == "url":
        return True
    content = answer.get("content")
    return isinstance(content, dict) and fits(params["requestedSchema"], content)


def _question(request: dict[str, Any]) -> dict[str, Any]:
    """Return what of a request is needed to check its answer."""
    params = request.get("params", {})
    return {
        "method": request["method"],
        "params": {key: params[key] for key in ("mode", "requestedSchema") if key in params},
    }


def _require(call: Call, requests: dict[str, dict[str, Any]]) -> None:
    missing: dict[str, Any] = {}
    for request in requests.values():
        capability = _capability(request)
        if not call.can(capability):
            name, _dot, part = capability.partition(".")
            missing.setdefault(name, {}).update({part: {}} if part else {})
    if missing:
        raise MissingCapability(missing)


def _capability(request: dict[str, Any]) -> str:
    """Return the capability that a request needs, as ``Call.can`` takes it.

    :raise ValueError: not one of the three methods
    """
    method, params = request["method"], request.get("params", {})
    if method == "elicitation/create":
        return "elicitation.url" if params.get("mode") == "url" else "elicitation"
    if method == "sampling/createMessage":
        return "sampling.tools" if params.get("tools") else "sampling"
    if method == "roots/list":
        return "roots"
    raise ValueError(f"{method} is no request for input")


def _member(call: Call, name: str, kind: type) -> Any:
    value = call.params.get(name)
    if value is not None and not isinstance(value, kind):
        raise InvalidParams(f"{name} is malformed")
    return value
