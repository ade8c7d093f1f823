# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Groups of tools: what ``/mcp?toolsets=…`` leaves of a connection, and what the profile page calls them."""

from __future__ import annotations

from typing import Any

from odoo.tests import Form, tagged

from ..oauth.resources import canonical, chosen
from ..orm.errors import ToolError
from ..protocol import Call, InvalidParams
from ..toolsets.service import McpService
from .common import McpHttpCase, McpTransactionCase, shared_cursor
from .tool_case import ToolCase

CONTROL = {"get_approval", "get_context", "list_changes", "undo_changes"}


@tagged("post_install", "-at_install")
class TestGroups(ToolCase):
    def narrowed(self, *groups: str) -> McpService:
        service = self.service()
        found = service._toolset._chosen_groups(groups)
        return McpService(service.env, service.principal, toolsets=found)

    def names(self, *groups: str) -> set[str]:
        return {tool["name"] for tool in self.narrowed(*groups).tools()}

    def refusal(self, *groups: str) -> str:
        with self.assertRaises(ToolError) as caught:
            self.service()._toolset._chosen_groups(groups)
        return str(caught.exception)

    def test_only_the_tools_of_the_groups_and_those_of_control_are_there(self) -> None:
        self.assertEqual(self.names("batch"), {"batch", *CONTROL})
        found = self.names("records")
        self.assertLessEqual({"search_records", "create_records", "describe_model", *CONTROL}, found)
        self.assertFalse({"call_method", "batch"} & found)

    def test_groups_are_given_in_one_value_or_several_whatever_their_case(self) -> None:
        self.assertEqual(self.names("batch, Records"), self.names("records", "batch"))

    def test_without_any_everything_is_there(self) -> None:
        self.assertIsNone(self.service()._toolset._chosen_groups([]))

    def test_an_unknown_group_is_an_error_with_the_nearest_and_all_names(self) -> None:
        text = self.refusal("recrods")
        self.assertRegex(text, r'there is no toolset "recrods"\. Nearest: records\. Known: .*actions, batch, .*records')
        self.assertIn("name at least one", self.refusal(" , "))
        self.assertIn("no toolset", self.refusal("records", "x" * 500))
        self.assertLess(len(self.refusal("x" * 5000)), 1000)

    def test_a_tool_outside_is_unknown_whichever_way_it_is_called(self) -> None:
        service = self.narrowed("batch")
        arguments = {"model": "res.partner"}
        with self.assertRaisesRegex(InvalidParams, "There is no tool 'count_records'"):
            service.call_tool(Call(1, "tools/call"), "count_records", arguments)
        steps = [{"tool": "count_records", "arguments": arguments}]
        result = service.call_tool(Call(1, "tools/call"), "batch", {"steps": steps})
        self.assertIn("There is no tool 'count_records'", result.content[0]["text"])
        self.assertFalse(service.streaming("create_records"))

    def test_a_preview_and_a_stream_are_narrowed_too(self) -> None:
        service = self.narrowed("batch")
        with shared_cursor(self):
            self.assertEqual(service.on(self.env.cr).toolsets, service.toolsets)
            self.assertEqual(service.detached(lambda inner: inner.toolsets), service.toolsets)

    def test_prompts_and_resources_are_narrowed(self) -> None:
        if "mcp_native.toolset.conformance.prompts" not in self.env:
            self.skipTest("the addon with the fixtures is not installed")
        every, none = self.narrowed(), self.narrowed("batch")
        self.assertTrue(every.prompts() and every.resources())
        self.assertFalse(none.prompts() or none.resource_templates())
        self.assertEqual({found["uri"] for found in none.resources()}, {"odoo://apps", "odoo://instructions"})
        self.assertEqual(set(none.capabilities()), {"tools", "resources"})
        prompts = self.narrowed("prompts").prompts()
        self.assertTrue(prompts and all(prompt in every.prompts() for prompt in prompts))
        with self.assertRaises(InvalidParams):
            none.get_prompt(Call(1, "prompts/get"), every.prompts()[0]["name"], {})

    def test_the_prompts_of_an_app_are_a_group_that_is_called_like_it(self) -> None:
        groups = self.env["mcp_native.toolset"]._groups()
        for app in ("crm", "sale", "account", "project", "stock"):
            self.assertEqual(groups[f"mcp_native.toolset.prompts.{app}"], app)
        if "crm.lead" in self.env:
            narrowed = self.service(self.admin)
            chosen = narrowed._toolset._chosen_groups(["records,crm"])
            narrowed = McpService(narrowed.env, narrowed.principal, toolsets=chosen)
            self.assertIn("search_records", {tool["name"] for tool in narrowed.tools()})
            self.assertIn("pipeline_review", {prompt["name"] for prompt in narrowed.prompts()})
            self.assertNotIn("daily_briefing", {prompt["name"] for prompt in narrowed.prompts()})

    def test_a_toolset_says_its_group_or_has_the_last_part_of_its_name(self) -> None:
        groups = self.env["mcp_native.toolset"]._groups()
        self.assertEqual(groups["mcp_native.toolset.read"], "records")
        self.assertEqual(groups["mcp_native.toolset.context"], "control")
        if "mcp_native.toolset.conformance.live" in groups:
            self.assertEqual(groups["mcp_native.toolset.conformance.live"], "live")

    def test_what_the_profile_switches_off_stays_off(self) -> None:
        profile = self.env["mcp_native.profile"].search([("everybody", "=", True)])
        profile.toolset_off_ids = self.env["ir.model"]._get("mcp_native.toolset.read")
        self.assertNotIn("search_records", self.names("records"))


@tagged("post_install", "-at_install")
class TestWire(McpHttpCase):
    def names(self, path: str) -> set[str]:
        return {tool["name"] for tool in self.result("tools/list", path=path)["tools"]}

    def test_the_address_narrows_the_list_on_both_paths(self) -> None:
        for path in ("/mcp", "/mcp/", "/mcp_native", "/mcp_native/"):
            with self.subTest(path):
                self.assertEqual(self.names(f"{path}?toolsets=batch"), {"batch", *CONTROL})
        self.assertIn("search_records", self.names("/mcp?toolsets=batch&toolsets=records"))
        self.assertIn("search_records", self.names("/mcp?other=1"))

    def test_a_tool_outside_cannot_be_called(self) -> None:
        params = {"name": "count_records", "arguments": {"model": "res.partner"}}
        answer = self.rpc("tools/call", params, path="/mcp?toolsets=batch")
        self.assertIn("There is no tool", answer.json()["error"]["message"])
        self.assertIn("result", self.rpc("tools/call", params, path="/mcp?toolsets=records").json())

    def test_an_unknown_group_is_a_bad_request_with_words(self) -> None:
        for method in ("tools/list", "server/discover"):
            answer = self.rpc(method, path="/mcp?toolsets=recrods")
            self.assertEqual(answer.status_code, 400)
            self.assertIn("Nearest: records", answer.json()["error"]["message"])

    def test_without_a_key_nobody_learns_the_groups(self) -> None:
        answer = self.rpc("tools/list", key=None, path="/mcp?toolsets=recrods")
        self.assertEqual(answer.status_code, 401)
        self.assertNotIn("records", answer.text)

    def test_the_metadata_of_the_resource_is_found_with_the_groups_in_its_address(self) -> None:
        path = "/.well-known/oauth-protected-resource/mcp"
        plain, narrowed = (self.send(b"", key=None, verb="GET", path=path + more) for more in ("", "?toolsets=batch"))
        self.assertEqual((narrowed.status_code, narrowed.json()), (plain.status_code, plain.json()))


class TestResource(ToolCase):
    def test_a_token_is_for_the_endpoint_whatever_groups_a_client_asks_for(self) -> None:
        url = "https://odoo.example/mcp"
        self.assertEqual(canonical(f"{url}?toolsets=records,crm"), url)
        self.assertEqual(chosen([f"{url}?toolsets=records", url], [url]), url)
        for other in ("?x=1", "?toolsets=a&x=1", "?x", "#toolsets=a"):
            self.assertIsNone(canonical(url + other))


class TestProfilePage(McpTransactionCase):
    def test_toolsets_are_called_by_what_they_are_for(self) -> None:
        field = self.env["mcp_native.profile"].fields_get(["toolset_off_ids"])["toolset_off_ids"]
        models = self.env["ir.model"].with_user(self.manager).with_context(**field["context"])
        names = models.search(field["domain"]).mapped("display_name")
        self.assertIn("Read Records", names)
        self.assertFalse([name for name in names if name.startswith("MCP")])
        self.assertEqual(self.env["ir.model"]._get("mcp_native.toolset.read").display_name, "MCP Toolset: Read Records")

    def test_a_toolset_of_any_addon_can_be_switched_off(self) -> None:
        field = self.env["mcp_native.profile"].fields_get(["toolset_off_ids"])["toolset_off_ids"]
        found = set(self.env["ir.model"].search(field["domain"]).mapped("model"))
        self.assertEqual(found, set(self.env["mcp_native.toolset"]._groups()))

    def test_the_page_tells_group_and_tools(self) -> None:
        with Form(self.env["mcp_native.profile"].with_user(self.manager)) as form:
            form.name = "Sales"
        profile: Any = form.record if hasattr(form, "record") else form.save()
        self.assertRegex(profile.toolsets, r"<b>Batch</b> \(batch\): batch")
        self.assertRegex(profile.toolsets, r"<b>Read Records</b> \(records\): aggregate_records")
        self.assertNotIn("MCP Toolset", profile.toolsets)
