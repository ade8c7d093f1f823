# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..models.mcp_native_unforgeable import EDIT_KEY
from ..models.principal import Principal
from ..orm.errors import ToolError
from ..protocol import MODERN, Call, InternalError, ToolResult
from ..toolsets import preview as preview_module
from ..toolsets import savepoint
from ..toolsets.preview import Outdated, Preview
from ..toolsets.service import McpService
from .common import let_everybody, make_key
from .consent_case import ConsentCase
from .tool_case import SCOPES, ToolCase


class ApprovalCase(ToolCase):
    """A user whose assistant asks, and the two who may decide. What was approved is not really run here."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.profile = let_everybody(cls.env, "assistant")
        cls.profile.approve_own = False
        cls.boss = new_test_user(cls.env, "mcp_boss", groups="base.group_user", email="boss@example.com")
        cls.deputy = new_test_user(cls.env, "mcp_deputy", groups="base.group_user", email="deputy@example.com")
        cls.manager = new_test_user(cls.env, "mcp_approval_manager", groups="mcp_native.group_manager")
        cls.profile.approver_ids = cls.boss | cls.deputy
        make_key(cls.env, cls.plain)
        cls.key = cls.plain.sudo().api_key_ids
        cls.partner = cls.env["res.partner"].create({"name": "Azure Interior", "phone": "+32 1"})

    def setUp(self) -> None:
        super().setUp()
        self.runs: list[dict[str, Any]] = []
        self.answer: Any = ToolResult.of("Updated 1 res.partner")
        case = self

        def carry_out(service: McpService, call: Call, name: str, arguments: dict, *, stamps: dict, level: str) -> Any:
            case.runs.append({"uid": service.env.uid, "su": service.env.su, "tool": name, "arguments": arguments})
            case.runs[-1] |= {"stamps": stamps, "level": level, "principal": service.principal}
            if isinstance(case.answer, Exception):
                raise case.answer
            return case.answer

        self.startPatcher(patch.object(McpService, "carry_out", carry_out))
        self.startPatcher(patch.object(preview_module, "look", lambda *_args: Preview(text="again")))

    def ask(self, user: Any = None, credential: Any = None, **changed: Any) -> Any:
        """Return what an assistant asked for, as its user sees it."""
        user = user or self.plain
        service = self.service(user)
        service.principal = Principal(user.id, "api_key", (credential or self.key).id, "test key", SCOPES)
        arguments = {"model": "res.partner", "ids": self.partner.ids, "values": {"phone": "+32 2"}}
        call = Call(id=1, method="tools/call", version=MODERN, modern=True, client_name="Claude")
        text = f'Contact "Azure Interior" #{self.partner.id}: Phone: +32 1 → +32 2'
        preview = Preview(text=text, stamps={"res.partner": {str(self.partner.id): "1"}}, level="approve")
        options = {"tool": "update_records", "arguments": arguments, "preview": preview, "reason": "They moved"}
        return service.env["mcp_native.approval"]._request(service, call, **{**options, **changed})

    def seen(self, approval: Any, user: Any) -> Any:
        return self.env["mcp_native.approval"].with_user(user).search([("id", "=", approval.id)])


class TestAsking(ApprovalCase):
    def test_an_approval_holds_who_asks_for_what_and_why(self) -> None:
        approval = self.ask()
        self.assertEqual(approval.state, "pending")
        self.assertEqual((approval.user_id, approval.tool), (self.plain, "update_records"))
        self.assertEqual(approval.reason, "They moved")
        self.assertEqual((approval.model, approval.res_ids), ("res.partner", str(self.partner.id)))
        self.assertIn("+32 1 → +32 2", approval.diff)
        self.assertEqual(approval.summary, "Change Contact")
        self.assertIn("Asked by Claude, for mcp_tool_plain", approval.asked_by)
        self.assertEqual(approval.display_name, f"#{approval.id} Change Contact")
        left = approval.expires - fields.Datetime.now()
        self.assertTrue(timedelta(days=6) < left <= timedelta(days=7))

    def test_each_approver_gets_an_activity_and_a_notification(self) -> None:
        approval = self.ask()
        activities = approval.sudo().activity_ids
        self.assertEqual(activities.user_id, self.boss | self.deputy)
        self.assertIn("They moved", activities[0].note)
        told = approval.sudo().message_ids.search(
            [("model", "=", approval._name), ("res_id", "=", approval.id), ("message_type", "=", "user_notification")]
        )
        self.assertEqual(told.notified_partner_ids, (self.boss | self.deputy).partner_id)

    def test_the_same_request_again_is_the_same_approval_with_the_preview_of_now(self) -> None:
        approval = self.ask()
        again = self.ask(preview=Preview(text="Phone: +32 3 → +32 2", level="approve"))
        self.assertEqual(again, approval)
        self.assertIn("+32 3", again.diff)
        self.assertEqual(len(approval.sudo().activity_ids), 2)
        self.assertNotEqual(self.ask(arguments={"model": "res.partner", "ids": [1], "values": {}}), approval)

    def test_a_decided_request_can_be_asked_for_again(self) -> None:
        approval = self.ask()
        self.seen(approval, self.boss)._refuse("no")
        self.assertNotEqual(self.ask(), approval)

    def test_managers_decide_where_the_profile_names_nobody(self) -> None:
        self.profile.approver_ids = False
        self.assertIn(self.manager, self.ask().sudo().approver_ids)
        self.assertNotIn(self.boss, self.ask().sudo().approver_ids)

    def test_a_group_decides_beside_those_who_are_named(self) -> None:
        self.profile.approver_group_id = self.env.ref("mcp_native.group_manager")
        approvers = self.ask().sudo().approver_ids
        self.assertLessEqual(self.boss | self.deputy | self.manager, approvers)

    def test_where_nobody_could_approve_the_call_is_refused(self) -> None:
        self.profile.approver_ids = self.plain
        with self.assertRaisesRegex(ToolError, "nobody may"):
            self.ask()

    def test_archived_and_portal_users_approve_nothing(self) -> None:
        portal = new_test_user(self.env, "mcp_approval_portal", groups="base.group_portal")
        self.deputy.active = False
        self.profile.approver_ids = self.boss | self.deputy | portal
        self.assertEqual(self.ask().sudo().approver_ids, self.boss)

    def test_what_is_shown_cannot_hold_markup(self) -> None:
        approval = self.ask(
            preview=Preview(text='Contact "<script>x</script>" #1: Phone: <b>1</b> → <i>2</i>', level="approve"),
            reason="<script>y</script>",
        )
        self.assertNotIn("<script>", approval.diff_html)
        self.assertIn("<del>&lt;b&gt;1&lt;/b&gt;</del> → <ins>&lt;i&gt;2&lt;/i&gt;</ins>", approval.diff_html)
        self.assertNotIn("<script>", approval.sudo().activity_ids[0].note)


class TestSeeing(ApprovalCase):
    def test_requesters_see_their_own_approvers_theirs_and_managers_all(self) -> None:
        approval = self.ask()
        stranger = new_test_user(self.env, "mcp_stranger", groups="mcp_native.group_user")
        for user in (self.plain, self.boss, self.deputy, self.manager):
            with self.subTest(user.login):
                self.assertTrue(self.seen(approval, user))
        self.assertFalse(self.seen(approval, stranger))
        with self.assertRaises(AccessError):
            approval.with_user(stranger).read(["diff"])

    def test_nobody_makes_changes_or_deletes_one(self) -> None:
        approval = self.ask()
        for context in ({}, {EDIT_KEY: True}, {EDIT_KEY: "EDIT_SENTINEL"}, {EDIT_KEY: {}}):
            for user in (self.plain, self.boss, self.manager, self.admin, self.env.ref("base.user_root")):
                row = approval.with_user(user).sudo().with_context(**context)
                for change in (
                    lambda row: row.create({"tool": "x", "expires": "2030-01-01"}),
                    lambda row: row.write({"state": "done"}),
                    lambda row: row.write({"arguments": "{}"}),
                    lambda row: row.unlink(),
                    lambda row: row.copy(),
                ):
                    with self.subTest(context=context, user=user.login), self.assertRaises(AccessError):
                        change(row)

    def test_those_who_see_it_can_discuss_it(self) -> None:
        approval = self.ask()
        self.plain.email = "plain@example.com"
        for user in (self.plain, self.boss):
            approval.with_user(user).message_post(body="Is it urgent?")

    def test_buttons_are_for_those_who_may_use_them(self) -> None:
        approval = self.ask()
        rows = [(user, self.seen(approval, user)) for user in (self.plain, self.boss, self.manager)]
        found = {user: (row.may_decide, row.may_cancel) for user, row in rows}
        self.assertEqual(found, {self.plain: (False, True), self.boss: (True, False), self.manager: (False, False)})


class TestDeciding(ApprovalCase):
    def test_approving_runs_the_call_once_as_the_requester(self) -> None:
        approval = self.seen(self.ask(), self.boss)
        told = approval.action_approve()
        self.assertEqual(told["params"]["type"], "success")
        self.assertEqual(len(self.runs), 1)
        run = self.runs[0]
        self.assertEqual((run["uid"], run["su"], run["tool"]), (self.plain.id, False, "update_records"))
        self.assertEqual(run["arguments"]["values"], {"phone": "+32 2"})
        self.assertEqual(run["stamps"], {"res.partner": {str(self.partner.id): "1"}})
        self.assertEqual(run["level"], "approve")
        self.assertEqual((run["principal"].kind, run["principal"].credential_id), ("api_key", self.key.id))
        self.assertEqual((approval.state, approval.decided_by_id), ("done", self.boss))
        self.assertEqual(approval.result, "Updated 1 res.partner")
        self.assertFalse(approval.sudo().activity_ids)

    def test_the_requester_is_told_the_decision(self) -> None:
        approval = self.seen(self.ask(), self.boss)
        approval._refuse("Open order")
        told = approval.sudo().message_ids[0]
        self.assertEqual(told.notified_partner_ids, self.plain.partner_id)
        self.assertIn("Open order", told.body)

    def test_what_is_decided_is_not_decided_again(self) -> None:
        approval = self.ask()
        self.seen(approval, self.boss).action_approve()
        with self.assertRaisesRegex(UserError, "mcp_boss.*Done"):
            self.seen(approval, self.deputy).action_approve()
        self.seen(approval, self.deputy)._refuse("too late")
        self.assertEqual((approval.state, len(self.runs)), ("done", 1))

    def test_others_decide_nothing(self) -> None:
        approval = self.ask()
        for user in (self.plain, self.manager, self.admin):
            row = approval.with_user(user)
            for decide in (row.action_approve, row.action_refuse, lambda row=row: row._refuse("x")):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    decide()
        self.assertEqual((approval.state, self.runs), ("pending", []))

    def test_nobody_approves_what_their_own_assistant_asks_for(self) -> None:
        self.profile.approver_ids |= self.plain
        approval = self.ask()
        with self.assertRaises(AccessError):
            approval.action_approve()

    def test_own_requests_can_be_approved_where_the_profile_says_so(self) -> None:
        self.profile.write({"approver_ids": [(6, 0, self.plain.ids)], "approve_own": True})
        approval = self.ask()
        self.assertTrue(approval.may_decide)
        approval.action_approve()
        self.assertEqual(approval.state, "done")

    def test_who_is_no_approver_any_more_decides_nothing(self) -> None:
        approval = self.ask()
        self.profile.approver_ids -= self.boss
        with self.assertRaises(AccessError):
            approval.with_user(self.boss).action_approve()
        self.assertFalse(self.seen(approval, self.boss).may_decide)

    def test_a_refusal_comes_with_a_reason(self) -> None:
        approval = self.seen(self.ask(), self.boss)
        action = approval.action_refuse()
        wizard = self.env[action["res_model"]].with_user(self.boss).with_context(**action["context"])
        wizard.create({"reason": "Open order"}).action_refuse()
        self.assertEqual((approval.state, approval.refusal), ("refused", "Open order"))
        self.assertEqual((approval.decided_by_id, self.runs), (self.boss, []))

    def test_several_are_approved_at_once_and_one_failure_stops_no_other(self) -> None:
        first, second = self.ask(), self.ask(arguments={"model": "res.partner", "ids": [1], "values": {}})
        self.answer = ToolResult.of("You may not", is_error=True)
        both = (first | second).with_user(self.boss)
        told = both.action_approve()
        self.assertEqual(both.mapped("state"), ["failed", "failed"])
        self.assertEqual(len(self.runs), 2)
        self.assertEqual(told["params"]["type"], "warning")

    def test_what_broke_has_failed_with_the_reference(self) -> None:
        self.answer = InternalError("Internal error, reference 123.")
        approval = self.seen(self.ask(), self.boss)
        approval.action_approve()
        self.assertEqual(approval.state, "failed")
        self.assertIn("reference 123", approval.result)

    def test_records_that_changed_are_shown_again_instead_of_written(self) -> None:
        self.answer = Outdated({})
        approval = self.seen(self.ask(), self.boss)
        told = approval.action_approve()
        self.assertIn("Look again", told["params"]["message"])
        self.assertEqual((approval.state, approval.diff, approval.changed_since), ("pending", "again", True))
        self.assertTrue(approval.sudo().activity_ids)
        self.answer = ToolResult.of("Done")
        approval.action_approve()
        self.assertEqual((approval.state, approval.changed_since), ("done", False))

    def test_after_its_time_nothing_is_approved(self) -> None:
        approval = self.ask()
        self.env.cr.execute("UPDATE mcp_native_approval SET expires = now() at time zone 'utc' - interval '1 minute'")
        approval.invalidate_recordset()
        with self.assertRaises(UserError):
            self.seen(approval, self.boss).action_approve()
        self.assertEqual(self.runs, [])

    def test_the_cron_ends_what_nobody_decided(self) -> None:
        approval, other = self.ask(), self.ask(arguments={"model": "res.partner", "ids": [1], "values": {}})
        self.env.cr.execute(
            "UPDATE mcp_native_approval SET expires = now() at time zone 'utc' - interval '1 minute' WHERE id = %s",
            [approval.id],
        )
        approval.invalidate_recordset()
        self.env["mcp_native.approval"]._expire()
        self.assertEqual((approval.state, other.state), ("expired", "pending"))
        self.assertFalse(approval.sudo().activity_ids)

    def test_the_requester_takes_it_back(self) -> None:
        approval = self.ask()
        with self.assertRaises(AccessError):
            approval.with_user(self.boss).action_cancel()
        approval.action_cancel()
        self.assertEqual(approval.state, "cancelled")
        with self.assertRaises(UserError):
            self.seen(approval, self.boss).action_approve()

    def test_an_assistant_decides_nothing(self) -> None:
        let_everybody(self.env, "full")
        approval = self.ask()
        for method in ("action_approve", "action_cancel", "action_refuse"):
            for user in (self.boss, self.plain):
                with self.subTest(method):
                    self.error("call_method", user, model=approval._name, method=method, ids=approval.ids)
        self.assertEqual((approval.state, self.runs), ("pending", []))


class TestWhoAsked(ApprovalCase):
    """What is approved runs with what user and connection may at that moment."""

    def approved(self, approval: Any) -> Any:
        approval = self.seen(approval, self.boss)
        approval.action_approve()
        return approval

    def assert_failed(self, approval: Any, words: str) -> None:
        self.approved(approval)
        self.assertEqual((approval.state, self.runs), ("failed", []))
        self.assertIn(words, approval.result)

    def test_a_key_that_was_deleted_does_nothing(self) -> None:
        approval = self.ask()
        self.key.sudo().unlink()
        self.assert_failed(approval, "has ended")

    def test_a_key_of_another_user_does_nothing(self) -> None:
        make_key(self.env, self.deputy)
        self.assert_failed(self.ask(credential=self.deputy.sudo().api_key_ids), "has ended")

    def test_an_archived_user_does_nothing(self) -> None:
        approval = self.ask()
        self.plain.active = False
        self.assert_failed(approval, "gone")

    def test_a_user_who_left_the_group_does_nothing(self) -> None:
        approval = self.ask()
        field = "group_ids" if "group_ids" in self.plain._fields else "groups_id"
        self.plain.write({field: [(3, self.env.ref("mcp_native.group_user").id)]})
        self.assert_failed(approval, "may not use the MCP server")

    def test_a_key_that_only_reads_now_does_nothing(self) -> None:
        approval = self.ask()
        self.env.cr.execute("UPDATE res_users_apikeys SET scope = 'mcp_native_read' WHERE id = %s", [self.key.id])
        self.assert_failed(approval, "only read")

    def test_a_stopped_connection_does_nothing(self) -> None:
        approval = self.ask()
        with mute_logger("odoo.addons.mcp_native.models.mcp_native_breaker"):
            principal = Principal(self.plain.id, "api_key", self.key.id, "test", SCOPES)
            self.env["mcp_native.breaker"]._stop(principal, "writes", 501)
        self.assert_failed(approval, "stopped")

    def test_a_login_does_what_it_may_until_it_ends(self) -> None:
        client = self.env["mcp_native.oauth.client"].create(
            {"name": "Claude", "identifier": "approvals", "kind": "dynamic", "redirect_uris": "https://claude.ai/cb"}
        )
        values = {"user_id": self.plain.id, "client_id": client.id, "scopes": "mcp:read mcp:write"}
        grant = self.env["mcp_native.oauth.grant"].create(values)
        principals = self.env["mcp_native.principal"]
        found = principals._of_credential(self.plain.id, "oauth_grant", grant.id)
        self.assertEqual((found.credential_name, found.scopes), ("Claude", SCOPES))
        approval = self.ask()
        self.env.cr.execute(
            "UPDATE mcp_native_approval SET credential_kind = 'oauth_grant', credential_id = %s WHERE id = %s",
            [grant.id, approval.id],
        )
        approval.invalidate_recordset()
        grant._end("user")
        self.assert_failed(approval, "has ended")


class TestTool(ApprovalCase):
    def test_the_assistant_learns_the_state_and_the_result(self) -> None:
        approval = self.ask()
        text = self.text("get_approval", id=approval.id)
        self.assertIn("waits for a person", text)
        self.assertIn("expires:", text)
        self.seen(approval, self.boss).action_approve()
        text = self.text("get_approval", id=approval.id)
        self.assertIn("approved and done", text)
        self.assertIn("mcp_boss", text)
        self.assertIn("Updated 1 res.partner", text)

    def service(self, user: Any = None, scopes: frozenset[str] = SCOPES) -> McpService:
        """Return the service for the connection that asks."""
        found = super().service(user, scopes)
        found.principal = Principal(found.principal.uid, "api_key", self.key.id, "test key", scopes)
        return found

    def test_the_assistant_learns_why_not(self) -> None:
        approval = self.ask()
        self.seen(approval, self.boss)._refuse("Open order")
        text = self.text("get_approval", id=approval.id)
        self.assertIn("refused", text)
        self.assertIn("    Open order", text)

    def test_without_an_id_all_open_ones_are_told(self) -> None:
        self.assertEqual(self.text("get_approval"), "No approval is open.")
        approval = self.ask()
        self.assertIn(f"#{approval.id} Change Contact", self.text("get_approval"))

    def test_an_approval_of_another_user_is_none(self) -> None:
        approval = self.ask()
        self.assertIn(f"#{approval.id}", self.error("get_approval", self.boss_with_mcp(), id=approval.id))

    def boss_with_mcp(self) -> Any:
        field = "group_ids" if "group_ids" in self.boss._fields else "groups_id"
        self.boss.write({field: [(4, self.env.ref("mcp_native.group_user").id)]})
        return self.boss


@tagged("post_install", "-at_install")
class TestTheWholeWay(ConsentCase):
    """An assistant asks, somebody approves, and it is done: with nothing left out."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.rules.write({"write_decision": "approve", "call_decision": "approve"})
        cls.boss = new_test_user(cls.env, "mcp_boss", groups="base.group_user", email="boss@example.com")
        cls.rules.approver_ids = cls.boss
        make_key(cls.env, cls.plain)
        cls.key = cls.plain.sudo().api_key_ids

    def service(self, user: Any = None, scopes: frozenset[str] = SCOPES) -> McpService:
        service = super().service(user, scopes)
        service.principal = Principal(service.env.uid, "api_key", self.key.id, "test", scopes)
        return service

    def request(self, tool: str = "update_records", **arguments: Any) -> Any:
        """Return the approval that a call ends in, as the one who decides sees it."""
        if tool == "update_records":
            arguments = {"values": {"phone": "+32 2"}, **arguments}
        text = self.text_of(tool, model="res.partner", ids=self.azure.ids, reason="They moved", **arguments)
        self.assertIn("Waits for approval", text)
        self.assertEqual(self.facts["consent"], "requested")
        return self.env["mcp_native.approval"].with_user(self.boss).search([], limit=1)

    def approve(self, approval: Any) -> None:
        self.env.flush_all()
        approval.action_approve()
        self.env.invalidate_all()

    def test_a_change_waits_and_is_made_once_approved(self) -> None:
        approval = self.request()
        self.assertEqual(self.azure.phone, "+32 1")
        self.assertIn("Phone: +32 1 → +32 2", approval.diff)
        self.assertIn("<del>+32 1</del> → <ins>+32 2</ins>", approval.diff_html)
        self.approve(approval)
        self.assertEqual((approval.state, self.azure.phone), ("done", "+32 2"))
        self.assertEqual(self.azure.write_uid, self.plain)
        self.assertIn("Updated 1 res.partner", approval.result)
        self.assertIn("Updated 1 res.partner", self.text("get_approval", id=approval.id))

    def test_a_link_in_the_answer_is_for_the_assistant_that_asked_alone(self) -> None:
        self.rules.create_decision = "approve"
        asked = {"model": "res.partner", "id": self.azure.id, "name": "x.txt", "reason": "A scan"}
        self.assertIn("Waits for approval", self.text_of("attach_file", **asked))
        approval = self.env["mcp_native.approval"].with_user(self.boss).search([], limit=1)
        self.approve(approval)
        self.assertEqual(approval.state, "done", approval.result)
        told = "".join(approval.sudo().message_ids.mapped("body"))
        self.assertIn("/file/link-", approval.result)
        self.assertNotIn("mcpl_", f"{approval.result}{told}")
        with patch.object(savepoint, "read_only", lambda cr: cr.savepoint()):
            text = self.text("get_approval", id=approval.id)
        token = re.search(r"mcpl_[\w-]+", text)[0]
        self.assertEqual(self.env["mcp_native.file.link"]._opened(token, "upload").ids, (self.azure.id,))

    def test_what_was_done_can_be_found_by_the_request_of_the_run(self) -> None:
        approval = self.request()
        self.approve(approval)
        change = self.env["mcp_native.change"].search([("request_id", "=", approval.run_request_id)])
        self.assertEqual((change.model, change.res_id, change.user_id), ("res.partner", self.azure.id, self.plain))

    def test_the_run_is_in_the_access_log_once_it_is_committed(self) -> None:
        approval = self.request()
        self.approve(approval)
        self.env.cr.postcommit.run()
        row = self.env["mcp_native.access.log"].search([("request_id", "=", approval.run_request_id)])
        self.assertEqual((row.uid, row.tool, row.outcome), (self.plain.id, "update_records", "ok"))
        self.assertEqual((row.model, row.record_ids, row.writes), ("res.partner", str(self.azure.id), True))

    def test_a_method_waits_and_runs_once_approved(self) -> None:
        approval = self.request("call_method", method="action_archive")
        self.assertIn("action_archive", approval.summary)
        self.approve(approval)
        self.assertEqual((approval.state, self.azure.active), ("done", False))

    def test_a_record_that_somebody_changed_is_not_written(self) -> None:
        approval = self.request()
        self.azure.phone = "+32 3"
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET write_date = write_date + interval '1 second' WHERE id = %s",
                            self.azure.ids)  # fmt: skip
        self.env.invalidate_all()
        self.approve(approval)
        self.assertEqual((approval.state, approval.changed_since, self.azure.phone), ("pending", True, "+32 3"))
        self.assertIn("Phone: +32 3 → +32 2", approval.diff)
        self.approve(approval)
        self.assertEqual((approval.state, self.azure.phone), ("done", "+32 2"))

    def test_rights_that_were_lost_meanwhile_are_lost(self) -> None:
        approval = self.request()
        field = "group_ids" if "group_ids" in self.plain._fields else "groups_id"
        self.plain.write({field: [(3, self.env.ref("base.group_partner_manager").id)]})
        self.approve(approval)
        self.assertEqual((approval.state, self.azure.phone), ("failed", "+32 1"))
        self.assertIn("may not change res.partner", approval.result)

    def test_a_profile_that_denies_it_meanwhile_counts(self) -> None:
        approval = self.request()
        self.rules.write_decision = "deny"
        self.approve(approval)
        self.assertEqual((approval.state, self.azure.phone), ("failed", "+32 1"))
