# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo import models

from odoo.addons.mcp_native.protocol import InputRequired, elicit, list_roots, sample
from odoo.addons.mcp_native.toolsets import tool

READS = {"read_only": True, "destructive": False, "idempotent": True, "open_world": False}
NAME = elicit("What is your name?", {"name": {"type": "string"}})


class ConformanceInput(models.AbstractModel):
    _name = "mcp_native.toolset.conformance.input"
    _inherit = "mcp_native.toolset"
    _description = "MCP Conformance: Input Required"

    @tool(title="Ask a name", **READS)
    def test_input_required_result_elicitation(self) -> str | InputRequired:
        """Ask for a name and greet."""
        answer = self._answer("user_name")
        if answer is None:
            return InputRequired({"user_name": NAME})
        return f"Hello, {answer['name']}!"

    @tool(title="Ask while streaming", **READS)
    def test_streaming_elicitation(self) -> str | InputRequired:
        """Ask for a name in the answer, never by a request of the server."""
        return self.test_input_required_result_elicitation()

    @tool(title="Ask the model", **READS)
    def test_input_required_result_sampling(self) -> str | InputRequired:
        """Ask the client's model a question."""
        answer = self._call().inputs.get("capital_question")
        if answer is None:
            return InputRequired({"capital_question": sample("What is the capital of France?", 100)})
        return f"The model said: {answer['content'].get('text')}"

    @tool(title="Ask the roots", **READS)
    def test_input_required_result_list_roots(self) -> str | InputRequired:
        """Ask the client's roots."""
        answer = self._call().inputs.get("client_roots")
        if answer is None:
            return InputRequired({"client_roots": list_roots()})
        return f"Roots: {', '.join(root['uri'] for root in answer['roots'])}"

    @tool(title="State", **READS)
    def test_input_required_result_request_state(self) -> str | InputRequired:
        """Carry a state over the question."""
        answer = self._answer("confirm")
        if answer is None or self._call().state is None:
            return InputRequired({"confirm": elicit("Please confirm", {"ok": {"type": "boolean"}})}, {"round": 1})
        return "state-ok"

    @tool(title="Tampered state", **READS)
    def test_input_required_result_tampered_state(self) -> str | InputRequired:
        """Carry a state that must come back unchanged."""
        return self.test_input_required_result_request_state()

    @tool(title="Several questions", **READS)
    def test_input_required_result_multiple_inputs(self) -> str | InputRequired:
        """Ask the person, the model and the roots at once."""
        asked = {
            "user_name": NAME,
            "greeting": sample("Generate a greeting", 50),
            "client_roots": list_roots(),
        }
        if self._call().state is None or any(key not in self._call().inputs for key in asked):
            return InputRequired(asked, {"asked": sorted(asked)})
        return "All answers are there."

    @tool(title="Several rounds", **READS)
    def test_input_required_result_multi_round(self) -> str | InputRequired:
        """Ask twice, one after the other."""
        state = self._call().state or {}
        name = state.get("name") or (self._answer("step1") or {}).get("name")
        if not name:
            question = elicit("Step 1: What is your name?", {"name": {"type": "string"}})
            return InputRequired({"step1": question}, {"round": 1})
        color = self._answer("step2")
        if not color:
            question = elicit("Step 2: What is your favorite color?", {"color": {"type": "string"}})
            return InputRequired({"step2": question}, {"round": 2, "name": name})
        return f"{name} likes {color['color']}."

    @tool(title="Only what the client can", **READS)
    def test_input_required_result_capabilities(self) -> str | InputRequired:
        """Ask only what the client declared that it can answer."""
        questions = {"elicitation": NAME, "sampling": sample("Say something", 50), "roots": list_roots()}
        asked = {key: question for key, question in questions.items() if self._call().can(key)}
        if any(key not in self._call().inputs for key in asked):
            return InputRequired(asked)
        return "Answered."

    def _answer(self, key: str) -> dict | None:
        """Return what the person filled in, or None while nothing acceptable came."""
        response = self._call().inputs.get(key)
        if not response or response.get("action") != "accept":
            return None
        return response.get("content") or None
