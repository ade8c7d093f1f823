# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

import io
import logging
import re
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import requests

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..controllers.masking import masked
from ..controllers.request_line import WithoutTokens
from ..models.mcp_native_file_link import safe_name, safe_type
from ..models.principal import Principal
from ..oauth import tokens
from .common import McpHttpCase, let_everybody

CONTENT = bytes(range(256)) * 40


class LinkCase(McpHttpCase):
    def setUp(self) -> None:
        super().setUp()
        self.links = self.env["mcp_native.file.link"]
        self.principal = self.principal_of(self.plain)

    def principal_of(self, user: Any) -> Principal:
        key = user.sudo().api_key_ids[:1]
        return self.env["mcp_native.principal"]._of_credential(user.id, "api_key", key.id)

    def offer(self, **options: Any) -> str:
        wanted = {"name": "numbers.bin", "content": CONTENT, "mimetype": "application/x-numbers", **options}
        return self.links.with_user(self.plain)._offer(self.principal, **wanted)

    def limit(self, measure: str) -> None:
        """Allow one an hour."""
        profile = self.env.ref("mcp_native.profile_full")
        values = {"profile_id": profile.id, "measure": measure, "scope": "credential", "period": "3600", "amount": 1}
        self.env["mcp_native.profile.limit"].create(values)

    def fetch(self, url: str, verb: str = "GET", **headers: str) -> requests.Response:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.opener.request(verb, url, headers=sent, timeout=60, allow_redirects=False)

    def assertGone(self, url: str, verb: str = "GET") -> None:
        answer = self.fetch(url, verb)
        self.assertEqual(answer.status_code, 404, answer.text)
        self.assertIn("This link is unknown, was used, is over, or the right to the file is gone.", answer.text)

    def row(self, url: str) -> Any:
        token = urlsplit(url).path.split("/")[3]
        self.links.invalidate_model()
        return self.links.sudo().search([("digest", "=", tokens.digest(token))])


@tagged("post_install", "-at_install")
class TestDownloads(LinkCase):
    def test_a_link_needs_no_token_beside_it_and_sends_the_file(self):
        answer = self.fetch(self.offer())
        self.assertEqual((answer.status_code, answer.content), (200, CONTENT))
        self.assertEqual(answer.headers["Content-Type"], "application/x-numbers")
        self.assertEqual(answer.headers["Content-Disposition"], "attachment; filename*=UTF-8''numbers.bin")

    def test_a_file_may_be_given_as_one_that_is_open(self):
        self.assertEqual(self.fetch(self.offer(content=io.BytesIO(b"abc"))).content, b"abc")

    def test_nothing_keeps_or_runs_what_a_link_sends(self):
        for answer in (self.fetch(self.offer()), self.fetch(self.offer() + "x", "PATCH")):
            self.assertEqual(answer.headers["Cache-Control"], "private, no-store")
            self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
            self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
            self.assertIn("default-src 'none'", answer.headers["Content-Security-Policy"])
            self.assertNotIn("Set-Cookie", answer.headers)
            self.assertNotIn("Access-Control-Allow-Origin", answer.headers)

    def test_a_page_or_a_picture_with_scripts_is_a_download_too(self):
        for name, mimetype in (("a.html", "text/html"), ("a.svg", "image/svg+xml")):
            answer = self.fetch(self.offer(name=name, mimetype=mimetype, content=b"<script>alert(1)</script>"))
            self.assertTrue(answer.headers["Content-Disposition"].startswith("attachment"), answer.headers)

    def test_a_file_is_sent_whole_only_once(self):
        url = self.offer()
        self.assertEqual(self.fetch(url).status_code, 200)
        self.assertGone(url)

    def test_an_empty_file_is_sent_once_too(self):
        url = self.offer(content=b"")
        self.assertEqual((self.fetch(url).status_code, self.row(url).size), (200, 0))
        self.assertGone(url)

    def test_looking_at_a_link_does_not_use_it_up(self):
        url = self.offer()
        for _time in range(3):
            answer = self.fetch(url, "HEAD")
            self.assertEqual((answer.status_code, answer.content), (200, b""))
            self.assertEqual(int(answer.headers["Content-Length"]), len(CONTENT))
        self.assertEqual(self.fetch(url).status_code, 200)

    def test_a_file_can_be_fetched_in_parts(self):
        url, found = self.offer(), b""
        while len(found) < len(CONTENT):
            answer = self.fetch(url, Range=f"bytes={len(found)}-{len(found) + 3999}")
            self.assertEqual(answer.status_code, 206)
            self.assertTrue(answer.headers["Content-Range"].endswith(f"/{len(CONTENT)}"))
            found += answer.content
        self.assertEqual(found, CONTENT)
        self.assertGone(url)

    def test_a_part_that_is_not_there_is_refused_and_uses_nothing_up(self):
        url = self.offer()
        self.assertEqual(self.fetch(url, Range="bytes=99999999-").status_code, 416)
        self.assertEqual(self.fetch(url).content, CONTENT)

    def test_a_link_is_over_after_an_hour(self):
        url = self.offer()
        row = self.row(url)
        self.assertGreater(row.expires, self.env.cr.now() + timedelta(minutes=55))
        self.expire(url)
        self.assertGone(url)

    def expire(self, url: str) -> None:
        self.env.cr.execute(
            "UPDATE mcp_native_file_link SET expires = now() AT TIME ZONE 'UTC' WHERE id = %s", [self.row(url).id]
        )

    def test_an_invented_or_cut_link_opens_nothing(self):
        url = self.offer()
        token = urlsplit(url).path.split("/")[3]
        for wrong in (token[:-1], tokens.new(tokens.LINK), tokens.new(tokens.ACCESS), "x", "%00", "..%2f..", "é"):
            self.assertGone(url.replace(token, wrong))

    def test_the_name_in_the_address_does_not_matter(self):
        url = self.offer()
        self.assertEqual(self.fetch(url.rpartition("/")[0]).status_code, 200)
        url = self.offer()
        answer = self.fetch(url.rpartition("/")[0] + "/a/b/Set-Cookie:x=1")
        self.assertEqual(answer.headers["Content-Disposition"], "attachment; filename*=UTF-8''numbers.bin")
        self.assertNotIn("Set-Cookie", answer.headers)

    def test_other_verbs_are_refused(self):
        url = self.offer()
        for verb in ("DELETE", "PATCH", "OPTIONS"):
            answer = self.fetch(url, verb)
            self.assertEqual((answer.status_code, answer.headers["Allow"]), (405, "GET, HEAD, PUT, POST"), verb)
        for verb in ("PUT", "POST"):
            self.assertGone(url, verb)

    def test_the_other_path_of_the_server_serves_links_too(self):
        url = self.offer().replace("/mcp/file/", "/mcp_native/file/")
        self.assertEqual(self.fetch(url).content, CONTENT)
        self.env["ir.config_parameter"].set_param("mcp_native.path", "/mcp_native")
        self.assertIn("/mcp_native/file/", self.offer())
        self.assertGone(self.offer().replace("/mcp_native/file/", "/mcp/file/"))

    def test_a_server_that_is_off_sends_no_files(self):
        url = self.offer()
        self.env["ir.config_parameter"].set_param("mcp_native.enabled", "False")
        self.assertGone(url)


@tagged("post_install", "-at_install")
class TestWhoseLinks(LinkCase):
    def test_a_link_ends_with_its_key(self):
        url = self.offer()
        self.plain.sudo().api_key_ids._remove()
        self.assertGone(url)

    def test_a_link_ends_with_its_user(self):
        url = self.offer()
        self.plain.sudo().active = False
        self.assertGone(url)

    def test_a_link_ends_with_the_right_to_use_the_server(self):
        url = self.offer()
        group = self.env.ref("mcp_native.group_user")
        self.plain.sudo().write({self.groups_field(): [(3, group.id)]})
        self.assertGone(url)

    def groups_field(self) -> str:
        return "group_ids" if "group_ids" in self.plain._fields else "groups_id"

    def test_a_link_ends_when_the_user_gets_other_groups(self):
        url = self.offer()
        self.plain.sudo().write({self.groups_field(): [(4, self.env.ref("base.group_partner_manager").id)]})
        self.assertGone(url)

    def test_a_link_ends_when_the_profile_is_changed(self):
        url = self.offer()
        let_everybody(self.env, "read_only")
        self.assertGone(url)
        let_everybody(self.env)
        self.assertEqual(self.fetch(url).status_code, 200)

    def test_a_link_about_records_ends_when_they_may_not_be_read(self):
        partner = self.env["res.partner"].create({"name": "Told about"})
        url = self.offer(about=partner)
        rule = {"name": "none", "model_id": self.env["ir.model"]._get_id("res.partner")}
        rule = self.env["ir.rule"].create({**rule, "domain_force": f"[('id', '!=', {partner.id})]"})
        self.assertGone(url)
        rule.unlink()
        self.assertEqual(self.fetch(url).status_code, 200)

    def test_a_link_about_records_outlives_one_that_was_deleted(self):
        partners = self.env["res.partner"].create([{"name": "One"}, {"name": "Two"}])
        url = self.offer(about=partners)
        partners[0].unlink()
        self.assertEqual(self.fetch(url).status_code, 200)

    def test_addresses_and_hours_of_the_profile_hold_for_links(self):
        url = self.offer()
        self.env.ref("mcp_native.profile_full").networks = "192.0.2.0/24"
        self.assertIn(self.fetch(url).status_code, (403, 404))

    def test_a_stopped_connection_fetches_nothing(self):
        url = self.offer()
        self.env["mcp_native.breaker"]._stop(self.principal, "writes", 1)
        answer = self.fetch(url)
        self.assertEqual(answer.status_code, 403)
        self.assertIn("stopped", answer.text)

    def test_the_file_of_a_link_is_no_attachment_that_anybody_finds(self):
        content = self.links.sudo().browse(self.row(self.offer()).id).attachment_id
        self.env.invalidate_all()
        for user in (self.plain, self.manager, self.env.ref("base.user_admin")):
            found = self.env["ir.attachment"].with_user(user)
            self.assertFalse(found.search([("id", "=", content)]), user.login)
            with self.assertRaises(Exception), mute_logger("odoo.http"):  # noqa: B017  17.0 and 19.0 raise others
                found.browse(content).read(["raw"])

    def test_no_attachment_of_another_s_link_is_made(self):
        link = self.row(self.offer())
        values = {"name": "x", "raw": b"x", "res_model": link._name, "res_id": link.id}
        for user in (self.plain, self.env.ref("base.user_admin")):
            with self.assertRaises(Exception):  # noqa: B017
                self.env["ir.attachment"].with_user(user).create(values)
                self.env.flush_all()


@tagged("post_install", "-at_install")
class TestTraces(LinkCase):
    def test_a_download_leaves_a_row_in_the_access_log(self):
        partner = self.plain.partner_id
        url = self.offer(about=partner)
        answer = self.fetch(url, User_Agent="curl/9")
        row = self.env["mcp_native.access.log"].search([], limit=1)
        self.assertEqual((row.method, row.uid, row.client_name), ("files/download", self.plain.id, "curl/9"))
        self.assertEqual((row.model, row.record_count), ("res.partner", 0))
        self.assertEqual((row.outcome, row.response_size), ("ok", len(CONTENT)))
        self.assertEqual((row.request_id, row.writes), (answer.headers["X-Request-Id"], False))

    def test_a_download_counts_against_the_limits(self):
        self.limit("calls")
        first, second = self.offer(), self.offer()
        self.assertEqual(self.fetch(first).status_code, 200)
        answer = self.fetch(second)
        self.assertEqual(answer.status_code, 429)
        self.assertTrue(int(answer.headers["Retry-After"]))

    def test_the_database_holds_no_token(self):
        url = self.offer()
        token = urlsplit(url).path.split("/")[3]
        self.env.cr.execute("SELECT row_to_json(l)::text FROM mcp_native_file_link l WHERE id = %s", [self.row(url).id])
        self.assertNotIn(token, self.env.cr.fetchone()[0])

    def test_the_line_of_the_server_s_log_holds_no_token(self):
        url = self.offer()
        token = urlsplit(url).path.split("/")[3]
        with self.assertLogs("werkzeug", logging.INFO) as logs:
            self.fetch(url)
            logging.getLogger("werkzeug").info("to be sure that there is a line")
        self.assertNotIn(token, "\n".join(logs.output))

    def test_an_answer_that_is_kept_in_the_access_log_holds_no_token(self) -> None:
        url = self.offer()
        self.assertNotIn(urlsplit(url).path.split("/")[3], masked(f"To be fetched once: {url}"))

    def test_what_is_logged_loses_its_tokens(self):
        token = tokens.new(tokens.LINK)
        for message, args in (
            ('"%s" %s %s', (f"GET /mcp/file/{token}/a.pdf HTTP/1.1", "200", "-")),
            (f"GET /mcp/file/{token}", ()),
            ("%(path)s", ({"path": "harmless"},)),
        ):
            record = logging.LogRecord("werkzeug", logging.INFO, "", 0, message, args, None)
            self.assertTrue(WithoutTokens().filter(record))
            self.assertNotIn(token, record.getMessage())

    def test_what_has_ended_is_deleted_with_its_file(self):
        used, over, good = self.offer(content=b"1"), self.offer(content=b"2"), self.offer(content=b"3")
        self.fetch(used)
        self.env.cr.execute(
            "UPDATE mcp_native_file_link SET expires = now() AT TIME ZONE 'UTC' - interval '1 s' WHERE id = %s",
            [self.row(over).id],
        )
        files = [self.row(url).attachment_id for url in (used, over, good)]
        self.links.sudo()._gc_ended()
        self.assertEqual(self.env["ir.attachment"].sudo().browse(files).exists().ids, files[2:])
        self.assertFalse(self.row(used) + self.row(over))
        self.assertTrue(self.row(good))

    def test_an_error_on_the_way_tells_nothing(self):
        url = self.offer()
        with (
            patch.object(type(self.links), "_readable", side_effect=ValueError("inner")),
            mute_logger("odoo.http", "odoo.addons.mcp_native.controllers.dispatcher"),
        ):
            answer = self.fetch(url)
        self.assertEqual(answer.status_code, 500)
        self.assertNotIn("inner", answer.text)
        self.assertRegex(answer.text, r"reference [0-9a-f]{16}")


@tagged("post_install", "-at_install")
class TestNames(LinkCase):
    def test_names_of_files_are_fit_for_any_system(self):
        for name, safe in {
            "../../etc/passwd": "etc passwd",
            "C:\\x\\y.txt": "C x y.txt",
            "a\r\nSet-Cookie: b=1.txt": "a Set-Cookie b=1.txt",
            'q"uote.pdf': "q uote.pdf",
            "..": "file",
            "": "file",
            "\x00": "file",
            "Ünïcode 発票.pdf": "Ünïcode 発票.pdf",
            "invoice\u202efdp.exe": "invoice fdp.exe",
            "a" * 300 + ".xlsx": "a" * 115 + ".xlsx",
        }.items():
            self.assertEqual(safe_name(name), safe)

    def test_a_type_is_one_or_unknown(self):
        for mimetype, safe in {
            "text/csv; charset=utf-8": "text/csv",
            "Application/PDF": "application/pdf",
            "text/html\r\nX: y": "application/octet-stream",
            "": "application/octet-stream",
            "nonsense": "application/octet-stream",
        }.items():
            self.assertEqual(safe_type(mimetype), safe)

    def test_a_name_of_any_letters_reaches_the_browser(self):
        answer = self.fetch(self.offer(name="Ünïcode 発票;\r\n.pdf"))
        disposition = answer.headers["Content-Disposition"]
        self.assertRegex(disposition, r"filename\*=UTF-8''%C3%9Cn%C3%AFcode%20%E7%99%BA%E7%A5%A8%3B%20\.pdf$")


@tagged("post_install", "-at_install")
class TestUploads(LinkCase):
    def setUp(self) -> None:
        super().setUp()
        self.partner = self.plain.partner_id
        self.plain.sudo().write({self.groups_field(): [(4, self.env.ref("base.group_partner_manager").id)]})

    def groups_field(self) -> str:
        return "group_ids" if "group_ids" in self.plain._fields else "groups_id"

    def ask(self, name: str = "movie.mp4") -> str:
        """Return the address that the tool gives, as a client gets it."""
        arguments = {"model": "res.partner", "id": self.partner.id, "name": name}
        return re.search(r"http\S+", self.tool_text("attach_file", arguments))[0]

    def send_file(self, url: str, content: Any, verb: str = "PUT", **headers: str) -> requests.Response:
        return self.opener.request(verb, url, data=content, headers=headers, timeout=60, allow_redirects=False)

    def attached(self) -> Any:
        self.env.invalidate_all()
        domain = [("res_model", "=", "res.partner"), ("res_id", "=", self.partner.id)]
        return self.env["ir.attachment"].sudo().search(domain)

    def test_what_is_sent_becomes_an_attachment_of_the_user(self) -> None:
        answer = self.send_file(self.ask(), CONTENT)
        file = self.attached()
        self.assertEqual((answer.status_code, file.raw, file.name), (201, CONTENT, "movie.mp4"))
        self.assertEqual(file.create_uid, self.plain)
        self.assertIn(f"Attached movie.mp4 #{file.id} (", answer.text)
        self.assertEqual(answer.headers["Cache-Control"], "private, no-store")

    def test_an_upload_is_a_call_of_the_tool_in_log_and_changes(self) -> None:
        self.send_file(self.ask(), CONTENT)
        row = self.env["mcp_native.access.log"].search([], limit=1)
        self.assertEqual((row.method, row.tool, row.writes), ("files/upload", "attach_file", True))
        self.assertEqual((row.model, row.record_ids), ("res.partner", str(self.partner.id)))
        self.assertEqual((row.outcome, row.request_size, row.consent), ("ok", len(CONTENT), False))
        change = self.env["mcp_native.change"].search([("request_id", "=", row.request_id)])
        self.assertIn(("ir.attachment", "create"), change.mapped(lambda one: (one.model, one.operation)))

    def test_an_address_takes_one_file_once(self) -> None:
        url = self.ask()
        self.assertEqual(self.send_file(url, b"first").status_code, 201)
        self.assertEqual(self.send_file(url, b"second").status_code, 404)
        self.assertEqual(self.attached().raw, b"first")

    def test_a_form_of_a_browser_is_taken_too(self) -> None:
        answer = self.opener.post(self.ask(), files={"file": ("other.bin", CONTENT)}, timeout=60)
        self.assertEqual((answer.status_code, self.attached().raw, self.attached().name), (201, CONTENT, "movie.mp4"))

    def test_a_form_without_a_file_uses_nothing_up(self) -> None:
        url = self.ask()
        answer = self.opener.post(url, files={"": ("", b"")}, data={"a": "b"}, timeout=60)
        self.assertEqual(answer.status_code, 400)
        self.assertEqual(self.send_file(url, b"x").status_code, 201)

    def test_an_address_to_send_to_sends_nothing(self) -> None:
        url = self.ask()
        for verb in ("GET", "HEAD"):
            self.assertEqual(self.fetch(url, verb).status_code, 404)

    def test_a_file_that_is_too_large_is_refused_and_a_smaller_one_taken(self) -> None:
        url = self.ask()
        self.env["ir.config_parameter"].set_param("web.max_file_upload_size", "1000")
        for content in (bytes(1001), iter([bytes(600), bytes(600)])):
            self.assertEqual(self.send_file(url, content).status_code, 413)
        self.assertEqual(self.send_file(url, bytes(1000)).status_code, 201)

    def test_rights_are_looked_at_again_when_the_file_comes(self) -> None:
        url = self.ask()
        rule = {"name": "none", "model_id": self.env["ir.model"]._get_id("res.partner"), "perm_read": False}
        domain = f"[('id', '!=', {self.partner.id})]"
        rule = self.env["ir.rule"].create({**rule, "domain_force": domain})
        answer = self.send_file(url, b"x")
        self.assertEqual(answer.status_code, 422, answer.text)
        self.assertIn("record rule", answer.text)
        self.assertFalse(self.attached())
        rule.unlink()
        self.assertEqual(self.send_file(url, b"x").status_code, 201)

    def test_a_profile_that_forbids_it_by_now_ends_the_address(self) -> None:
        url = self.ask()
        rule = {"pattern": "ir.attachment", "create_decision": "deny"}
        self.env.ref("mcp_native.profile_full").write({"rule_ids": [(0, 0, rule)]})
        self.assertEqual(self.send_file(url, b"x").status_code, 404)

    def test_an_address_that_was_agreed_to_takes_the_file_without_asking_again(self) -> None:
        rule = {"pattern": "ir.attachment", "create_decision": "confirm"}
        self.env.ref("mcp_native.profile_full").write({"rule_ids": [(0, 0, rule)]})
        arguments = {"model": "res.partner", "id": self.partner.id, "name": "a.bin"}
        asked = self.tool_text("attach_file", arguments)
        self.assertNotIn("mcpl_", asked)
        token = re.search(r'confirmation="([^"]+)"', asked)[1]
        url = re.search(r"http\S+", self.tool_text("attach_file", {**arguments, "confirmation": token}))[0]
        self.assertEqual(self.send_file(url, b"x").status_code, 201)

    def test_a_credential_that_may_only_read_gets_no_address(self) -> None:
        let_everybody(self.env, "read_only")
        tools = [tool["name"] for tool in self.result("tools/list")["tools"]]
        self.assertNotIn("attach_file", tools)
        self.assertIn("read_attachment", tools)

    def test_an_upload_counts_as_a_change(self) -> None:
        self.limit("writes")
        first = self.send_file(self.ask(), b"x")
        self.assertEqual(first.status_code, 429)
