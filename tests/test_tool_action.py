# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo.tests import new_test_user, tagged

from odoo.addons.mcp_native.compat import SERIES

from .action_case import ActionCase
from .consent_case import ConsentCase
from .test_profile_leaks import LeakCase

GROUPS = "group_ids" if SERIES >= 19 else "groups_id"


@tagged("post_install", "-at_install")
class TestListActions(ActionCase):
    def listed(self, user=None, **arguments) -> list[list[str]]:
        lines = self.text("list_actions", user, model="res.partner", **arguments).splitlines()
        return [line.split("|") for line in lines[2:]]

    def keys(self, user=None, **arguments) -> list[str]:
        return [row[0] for row in self.listed(user, **arguments)]

    def test_buttons_are_those_that_the_state_of_the_record_shows(self) -> None:
        self.assertIn("action_archive", self.keys(id=self.partner.id))
        self.assertNotIn("action_unarchive", self.keys(id=self.partner.id))
        self.partner.active = False
        self.assertIn("action_unarchive", self.keys(id=self.partner.id))
        self.assertNotIn("action_archive", self.keys(id=self.partner.id))

    def test_of_a_model_every_button_is_listed_the_header_first(self) -> None:
        keys = self.keys()
        self.assertEqual(keys[:3], ["action_archive", "action_unarchive", "open_commercial_entity"])

    def test_a_row_says_how_it_is_called_what_it_does_and_what_a_person_is_asked(self) -> None:
        self.assertIn(["action_archive", "Put Away", "method", "Really?"], self.listed(id=self.partner.id))

    def test_the_button_of_this_addon_is_not_one(self) -> None:
        self.assertNotIn("action_mcp_native_calls", self.keys(self.admin, id=self.partner.id))

    def test_bound_actions_wizards_and_reports_are_listed_with_what_they_do(self) -> None:
        server = self.bound()
        does = {row[0]: row[2] for row in self.listed(self.admin)}
        self.assertEqual(does[f"server:{server.id}"], "server action: Execute Code")
        merge = self.env.ref("base.action_partner_merge")
        self.assertEqual(does[f"window:{merge.id}"], "opens the wizard base.partner.merge.automatic.wizard")
        report = self.env["ir.actions.report"].create(
            {"name": "Sheet", "model": "res.partner", "report_name": "base.sheet", "report_type": "qweb-pdf"}
        )
        report.create_action()
        self.assertIn([f"report:{report.id}", "Sheet", "report base.sheet", ""], self.listed(self.admin))

    def test_an_action_for_a_group_is_there_for_its_members_only(self) -> None:
        server = self.bound(**{GROUPS: [(6, 0, self.env.ref("base.group_system").ids)]})
        self.assertNotIn(f"server:{server.id}", self.keys())
        self.assertIn(f"server:{server.id}", self.keys(self.admin))


@tagged("post_install", "-at_install")
class TestRunAction(ActionCase):
    def test_a_button_is_pressed(self) -> None:
        self.assertTrue(self.press("action_archive").startswith("Put Away: done."))
        self.assertFalse(self.partner.active)
        self.assertEqual((self.facts["model"], self.facts["ids"]), ("res.partner", self.partner.ids))

    def test_a_button_that_the_record_does_not_show_is_refused_with_what_it_shows(self) -> None:
        text = self.not_pressed("action_unarchive")
        self.assertIn("as it is now", text)
        self.assertIn("action_archive", text)

    def test_a_button_is_pressed_on_several_records_that_all_show_it(self) -> None:
        other = self.env["res.partner"].create({"name": "Other"})
        self.press("action_archive", ids=[self.partner.id, other.id])
        self.assertFalse(self.partner.active or other.active)
        self.partner.active = True
        self.not_pressed("action_unarchive", ids=[self.partner.id, other.id])
        self.assertFalse(other.active)

    def test_what_is_no_button_and_no_action_is_an_error_with_the_nearest(self) -> None:
        self.assertIn("action_archive", self.not_pressed("action_archve"))
        for action in ("unlink", "write", "_compute_display_name", "sudo", "server:0", "window:999999", "no.xml_id"):
            with self.subTest(action):
                self.not_pressed(action)
        self.assertTrue(self.partner.exists())

    def test_an_action_of_another_model_is_none(self) -> None:
        foreign = self.bound(model_id=self.env["ir.model"]._get("res.country").id, binding_model_id=False)
        foreign.binding_model_id = self.env["ir.model"]._get("res.country")
        self.not_pressed(f"server:{foreign.id}", self.admin)

    def test_a_method_needs_the_records(self) -> None:
        self.assertIn("give their ids", self.error("run_action", model="res.partner", action="action_archive"))

    def test_a_server_action_runs_on_the_records_by_number_and_by_xml_id(self) -> None:
        server = self.bound()
        self.assertIn("done", self.press(f"server:{server.id}"))
        self.assertEqual(self.partner.city, "Acted")
        self.partner.city = "Ghent"
        self.env["ir.model.data"].create(
            {"module": "mcp_native", "name": "qz_action", "model": server._name, "res_id": server.id}
        )
        self.press("mcp_native.qz_action")
        self.assertEqual(self.partner.city, "Acted")

    def test_a_server_action_has_the_rights_of_the_user_only(self) -> None:
        server = self.bound("env['ir.config_parameter'].set_param('qz', '1')")
        reader = new_test_user(self.env, "mcp_action_reader", groups="base.group_user,mcp_native.group_user")
        self.not_pressed(f"server:{server.id}")
        self.assertFalse(self.env["ir.config_parameter"].search_count([("key", "=", "qz")]))
        writes = self.bound()
        self.not_pressed(f"server:{writes.id}", reader)
        self.assertEqual(self.partner.city, "Ghent")

    def test_a_server_action_for_a_group_is_run_by_its_members_only(self) -> None:
        server = self.bound(**{GROUPS: [(6, 0, self.env.ref("base.group_system").ids)]})
        self.not_pressed(f"server:{server.id}")
        self.assertEqual(self.partner.city, "Ghent")
        self.press(f"server:{server.id}", self.admin)
        self.assertEqual(self.partner.city, "Acted")

    def test_what_a_server_action_opens_is_described(self) -> None:
        opens = "action = {'type': 'ir.actions.act_window', 'res_model': 'res.country', 'name': 'Lands'}"
        self.assertIn('Would open a window "Lands": res.country', self.press(f"server:{self.bound(opens).id}"))

    def test_a_report_says_which_tool_renders_it(self) -> None:
        report = self.env["ir.actions.report"].create(
            {"name": "Sheet", "model": "res.partner", "report_name": "base.sheet", "report_type": "qweb-pdf"}
        )
        report.create_action()
        text = self.press(f"report:{report.id}")
        self.assertIn("render_report", text)
        self.assertIn("base.sheet", text)

    def test_values_are_for_wizards_only(self) -> None:
        self.assertIn("wizard", self.not_pressed("action_archive", values={"name": "x"}))
        self.assertTrue(self.partner.active)

    def test_a_failed_action_leaves_no_trace(self) -> None:
        fails = self.bound("records.write({'city': 'Half'})\nraise UserError('not today')")
        self.assertIn("not today", self.not_pressed(f"server:{fails.id}"))
        self.assertEqual(self.partner.city, "Ghent")


@tagged("post_install", "-at_install")
class TestConsentToActions(ConsentCase):
    profile = "full"

    def server(self) -> int:
        model = self.env["ir.model"]._get("res.partner").id
        values = {"name": "Bound", "model_id": model, "binding_model_id": model, "state": "code"}
        return self.env["ir.actions.server"].create({**values, "code": "records.write({'city': 'Acted'})"}).id

    def arguments(self, number: int) -> dict:
        return {"model": "res.partner", "ids": self.azure.ids, "action": f"server:{number}"}

    def test_an_action_waits_for_the_persons_yes(self) -> None:
        self.rules.call_decision = "confirm"
        number = self.server()
        text, confirmation = self.asked("run_action", **self.arguments(number))
        self.assertIn("Acted", text)
        self.assertFalse(self.azure.city)
        self.text_of("run_action", **self.arguments(number), confirmation=confirmation)
        self.assertEqual(self.azure.city, "Acted")

    def test_a_dry_run_shows_what_would_change(self) -> None:
        text = self.text_of("run_action", **self.arguments(self.server()), dry_run=True)
        self.assertIn("→ Acted", text)
        self.assertFalse(self.azure.city)

    def test_the_methods_that_a_profile_lists_hold_for_buttons_and_actions(self) -> None:
        number, other = self.server(), self.server()
        self.rules.rule_ids = [(0, 0, {"pattern": "res.partner", "methods": f"action_archive action_{number}"})]
        self.text_of("run_action", **self.arguments(number))
        self.refusal_of("run_action", **self.arguments(other))
        listed = self.text_of("list_actions", model="res.partner")
        self.assertIn(f"server:{number}|", listed)
        self.assertNotIn(f"server:{other}|", listed)
        self.assertNotIn("open_commercial_entity", listed)

    def test_denied_calls_leave_what_opens_only(self) -> None:
        self.rules.call_decision = "deny"
        listed = self.text_of("list_actions", model="res.partner")
        self.assertNotRegex(listed, r"\|method\||\|server action")
        self.refusal_of("run_action", **self.arguments(self.server()))
        self.assertFalse(self.azure.city)


@tagged("post_install", "-at_install")
class TestHiddenConditions(ActionCase, LeakCase):
    """What a button's condition says of a hidden field is told neither by the list nor by a refusal."""

    def test_a_button_whose_condition_speaks_of_a_hidden_field_is_always_there(self) -> None:
        def listed() -> list[str]:
            text = self.text("list_actions", self.admin, model="res.partner", id=self.inside.id)
            return [line for line in text.splitlines() if line.startswith("open_commercial_entity")]

        self.inside.ref = "set"
        with_value = listed()
        self.assertTrue(with_value)
        self.inside.ref = False
        self.assertEqual(listed(), with_value)
        self.profile.rule_ids.unlink()
        self.inside.ref = "set"
        self.assertFalse(listed())

    def test_neither_is_a_field_of_a_form_whose_condition_speaks_of_one(self) -> None:
        def prepared() -> str:
            values = {"state_id": self.texas.id}
            return self.text("prepare_record", self.admin, model="res.partner", id=self.inside.id, values=values)

        view = self.env["ir.ui.view"].search([("name", "=", "small form")])
        view.arch = view.arch.replace('name="country_id"', 'name="country_id" invisible="not ref or child_ids"')
        self.inside.ref = "set"
        with_value = prepared()
        self.assertIn("country_id: ", with_value)
        self.inside.ref = False
        self.assertEqual(prepared(), with_value)
        self.env["res.partner"].create({"name": "C", "parent_id": self.inside.id, "city": "Nowhere", "type": "other"})
        self.env.invalidate_all()
        self.assertEqual(prepared(), with_value)
        self.profile.rule_ids.unlink()
        self.assertNotIn("country_id: ", prepared())
