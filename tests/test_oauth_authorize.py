# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from lxml import html

from odoo import models
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import settings
from .oauth_case import BOTH, OAuthCase

PATH = "/oauth/authorize"
CALLBACK = "https://claude.ai/api/mcp/auth_callback"
LOOPBACK = "http://127.0.0.1/callback"
SCHEME = "cursor://anysphere.cursor-mcp/oauth/callback"
AWKWARD = "a&b=c#d%2Fe+ é{\"f\":'g'}/?;,"
READ = "mcp:read"


class AuthorizeCase(OAuthCase):
    """A client, its requests, and what a person does in the browser."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.client = cls.make_client("claude", redirect_uris="\n".join([CALLBACK, LOOPBACK, SCHEME]))

    def log_in(self, user: models.BaseModel) -> None:
        self.authenticate(user.login, user.login)

    def address(self, *more: tuple[str, str], **changed: str | None) -> str:
        """Return path and query of a request with these changes; None leaves a parameter out."""
        pairs = self.parameters(redirect_uri=CALLBACK, state="S-1") | changed
        kept = [(name, value) for name, value in pairs.items() if value is not None]
        return f"{PATH}?{urlencode([*kept, *more])}"

    def open(self, address: str, data: dict[str, str] | None = None, **headers: str) -> requests.Response:
        return self.url_open(address, data=data, headers=headers, timeout=60, allow_redirects=False)

    def form(self, answer: requests.Response) -> html.FormElement:
        (form,) = html.fromstring(answer.content).forms
        return form

    def press(self, answer: requests.Response, decision: str, **values: str) -> requests.Response:
        """Press a button of a page, after ticking what ``values`` say."""
        form = self.form(answer)
        fields = {name: value for name, value in form.form_values() if value is not None}
        return self.open(form.action, {**fields, "decision": decision, **values})

    def decide(self, decision: str, *, access: str | None = None, **changes: str | None) -> dict[str, str]:
        """Open the page, decide, and return the parameters that the client is told."""
        values = {} if access is None else {"access": access}
        return self.told(self.press(self.open(self.address(**changes)), decision, **values))

    def told(self, answer: requests.Response, callback: str = CALLBACK) -> dict[str, str]:
        self.assertEqual(answer.status_code, 303, answer.text)
        location = answer.headers["Location"]
        self.assertTrue(location.startswith(callback + "?"), location)
        return {name: value for name, (value,) in parse_qs(urlsplit(location).query, strict_parsing=True).items()}

    def grant(self, user: models.BaseModel | None = None) -> models.BaseModel:
        self.env.invalidate_all()
        return self.env["mcp_native.oauth.grant"].sudo()._live(user or self.plain, self.client)

    def text(self, answer: requests.Response) -> str:
        return " ".join(html.fromstring(answer.content).find("body").text_content().split())

    def checked(self, answer: requests.Response) -> str | None:
        return self.form(answer).fields.get("access")


@tagged("post_install", "-at_install")
class TestDecision(AuthorizeCase):
    """What a person with a session can decide."""

    def setUp(self) -> None:
        super().setUp()
        self.log_in(self.plain)

    def test_connect_sends_a_code_to_the_client(self) -> None:
        told = self.decide("connect", access="write")
        self.assertEqual(set(told), {"code", "state", "iss"})
        self.assertRegex(told["code"], r"^mcpc_[A-Za-z0-9_-]{43}$")
        self.assertEqual((told["state"], told["iss"]), ("S-1", self.base_url()))
        self.assertEqual(self.grant().scopes, BOTH)

    def test_cancel_tells_the_client_and_connects_nothing(self) -> None:
        told = self.decide("cancel")
        self.assertEqual(told, {"error": "access_denied", "state": "S-1", "iss": self.base_url()})
        self.assertFalse(self.grant())

    def test_opening_the_page_decides_nothing(self) -> None:
        answer = self.open(self.address())
        self.assertEqual(answer.status_code, 200)
        self.assertFalse(self.grant())

    def test_the_page_says_who_asks_for_what_and_as_whom(self) -> None:
        text = self.text(self.open(self.address()))
        said = ("Claude", "claude.ai", self.plain.name, self.plain.login, self.env.cr.dbname, self.env.company.name)
        for part in (*said, "Read only", "Read and change", "60 days", "Connected assistants"):
            with self.subTest(part):
                self.assertIn(part, text)

    def test_read_only_is_honoured(self) -> None:
        self.assertIn("code", self.decide("connect", access="read"))
        self.assertEqual(self.grant().scopes, READ)

    def test_a_form_without_a_choice_means_read_only(self) -> None:
        self.assertIn("code", self.decide("connect", access=""))
        self.assertEqual(self.grant().scopes, READ)

    def test_a_client_that_asks_only_to_read_gets_no_more_from_a_forged_form(self) -> None:
        page = self.open(self.address(scope=READ))
        self.assertNotIn("Read and change", self.text(page))
        self.assertEqual(self.checked(page), "read")
        self.told(self.press(page, "connect", access="write"))
        self.assertEqual(self.grant().scopes, READ)

    def test_a_request_without_scope_is_no_error(self) -> None:
        self.assertIn("code", self.decide("connect", scope=None))
        self.assertTrue(self.grant())

    def test_what_was_decided_before_is_proposed_again(self) -> None:
        self.decide("connect", access="write")
        page = self.open(self.address())
        self.assertEqual(self.checked(page), "write")
        self.assertIn("You connected it before, to read and change.", self.text(page))

    def test_whoever_allowed_reading_only_or_nothing_yet_has_to_choose(self) -> None:
        self.assertIsNone(self.checked(self.open(self.address())))
        self.decide("connect", access="read")
        page = self.open(self.address())
        self.assertIsNone(self.checked(page))
        self.assertIn("You connected it before, to read only. It asks to change data, too.", self.text(page))

    def test_a_client_that_nobody_vouches_for_sends_nobody_anywhere_at_once(self) -> None:
        self.client.sudo().kind = "dynamic"
        for changed in ({"scope": "zzz"}, {"prompt": "none"}, {"response_type": "token"}, {"code_challenge": None}):
            with self.subTest(**changed):
                answer = self.open(self.address(**changed))
                self.assertEqual(answer.status_code, 400)
                self.assertNotIn("Location", answer.headers)
                (link,) = html.fromstring(answer.content).xpath("//a[starts-with(@href, 'https://claude.ai/')]/@href")
                self.assertIn("error=", link)
                self.assertIn("iss=", link)
        self.decide("connect", access="read")
        self.assertIn("error", self.told(self.open(self.address(scope="zzz"))))

    def test_a_later_decision_replaces_the_earlier_one(self) -> None:
        self.decide("connect", access="write")
        first = self.grant()
        self.decide("connect", access="read")
        self.assertEqual((self.grant(), self.grant().scopes), (first, READ))

    def test_the_address_alone_decides_nothing(self) -> None:
        address = self.address(("decision", "connect"), ("access", "write"))
        page = self.open(address)
        self.assertEqual(page.status_code, 200)
        again = self.press(page, "")
        self.assertEqual(again.status_code, 200)
        self.assertFalse(self.grant())

    def test_an_access_in_the_address_does_not_count(self) -> None:
        page = self.open(self.address(("access", "write")))
        self.told(self.press(page, "connect", access="read"))
        self.assertEqual(self.grant().scopes, READ)

    def test_prompt_none_is_answered_without_a_page(self) -> None:
        told = self.told(self.open(self.address(prompt="none")))
        self.assertEqual(told, {"error": "consent_required", "state": "S-1", "iss": self.base_url()})

    def test_other_prompts_show_the_page(self) -> None:
        self.assertEqual(self.open(self.address(prompt="consent")).status_code, 200)

    def test_a_mistake_of_the_client_is_told_to_the_client(self) -> None:
        told = self.told(self.open(self.address(code_challenge=None, code_challenge_method=None)))
        self.assertEqual((told["error"], told["state"], told["iss"]), ("invalid_request", "S-1", self.base_url()))

    def test_a_scheme_of_a_program_is_answered_exactly(self) -> None:
        page = self.open(self.address(redirect_uri=SCHEME))
        self.assertIn("cursor://anysphere.cursor-mcp", self.text(page))
        self.assertIn("code", self.told(self.press(page, "connect"), SCHEME))

    def test_any_port_of_the_own_computer_is_answered_exactly(self) -> None:
        callback = "http://127.0.0.1:52345/callback"
        page = self.open(self.address(redirect_uri=callback))
        self.assertIn("127.0.0.1:52345", self.text(page))
        self.assertIn("code", self.told(self.press(page, "connect"), callback))

    def test_a_program_on_the_own_computer_is_warned_about(self) -> None:
        warning = "Any program on this device can use this name."
        self.assertIn(warning, self.text(self.open(self.address(redirect_uri=LOOPBACK))))
        self.assertIn(warning, self.text(self.open(self.address(redirect_uri=SCHEME))))
        self.assertNotIn(warning, self.text(self.open(self.address())))

    def test_the_name_of_a_client_that_registered_itself_is_a_claim(self) -> None:
        claim = "A program that says it is"
        self.make_client("somebody", redirect_uris=CALLBACK, kind="dynamic")
        self.assertIn(claim, self.text(self.open(self.address(client_id="somebody"))))
        self.assertIn(claim, self.text(self.open(self.address(redirect_uri=LOOPBACK))))
        self.assertNotIn(claim, self.text(self.open(self.address())))

    def test_the_endpoint_can_be_switched_off(self) -> None:
        self.env["ir.config_parameter"].set_param(settings.OAUTH, "False")
        self.assertEqual(self.open(self.address()).status_code, 404)

    def test_the_page_is_in_the_users_language(self) -> None:
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms(["mcp_native"], ["fr_FR"])
        self.plain.lang = "fr_FR"
        answer = self.open(self.address())
        self.assertIn("Connecter cet assistant à Odoo ?", self.text(answer))
        self.assertEqual(html.fromstring(answer.content).get("lang"), "fr-FR")


@tagged("post_install", "-at_install")
class TestLogin(AuthorizeCase):
    """The way through Odoo's login and back."""

    def sent_to_login(self, answer: requests.Response) -> requests.Response:
        self.assertEqual(answer.status_code, 303, answer.text)
        self.assertEqual(urlsplit(answer.headers["Location"]).path, "/web/login")
        return self.open(urlsplit(answer.headers["Location"])._replace(scheme="", netloc="").geturl())

    def log_in_at(self, page: requests.Response, login: str, password: str) -> requests.Response:
        """Fill in the form of a login page."""
        (form,) = html.fromstring(page.content).xpath("//form[contains(@class, 'oe_login_form')]")
        values = {name: value for name, value in form.form_values() if value is not None}
        return self.open("/web/login", {**values, "login": login, "password": password})

    def back(self, answer: requests.Response) -> str:
        parts = urlsplit(answer.headers["Location"])
        return parts._replace(scheme="", netloc="").geturl()

    def test_the_whole_request_survives_the_login(self) -> None:
        address = self.address(("resource", self.base_url() + "/mcp_native"), state=AWKWARD)
        page = self.sent_to_login(self.open(address))
        with mute_logger("odoo.addons.base.models.res_users"):
            page = self.log_in_at(page, self.plain.login, "wrong")
        self.assertEqual(page.status_code, 200)
        answer = self.log_in_at(page, self.plain.login, self.plain.login)
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(self.back(answer), address)

    def test_what_the_client_sent_comes_back_after_the_login(self) -> None:
        page = self.sent_to_login(self.open(self.address(state=AWKWARD)))
        answer = self.log_in_at(page, self.plain.login, self.plain.login)
        told = self.told(self.press(self.open(self.back(answer)), "connect"))
        self.assertEqual(told["state"], AWKWARD)

    def test_a_session_that_ended_before_the_decision_leads_back_to_the_page(self) -> None:
        self.log_in_at(self.open("/web/login"), self.plain.login, self.plain.login)
        address = self.address(state=AWKWARD)
        page = self.open(address)
        self.open("/web/session/logout")
        login = self.sent_to_login(self.press(page, "connect"))
        answer = self.log_in_at(login, self.plain.login, self.plain.login)
        self.assertEqual(self.back(answer), address)
        self.assertEqual(self.open(address).status_code, 200)
        self.assertFalse(self.grant())

    def test_somebody_else_can_log_in(self) -> None:
        self.log_in_at(self.open("/web/login"), self.manager.login, self.manager.login)
        address = self.address(state=AWKWARD)
        (link,) = html.fromstring(self.open(address).content).xpath("//a[starts-with(@href, '/web/session/logout')]")
        answer = self.open(link.get("href"))
        self.assertEqual(self.back(answer), address)
        login = self.sent_to_login(self.open(address))
        answer = self.log_in_at(login, self.plain.login, self.plain.login)
        self.told(self.press(self.open(self.back(answer)), "connect"))
        self.assertTrue(self.grant(self.plain))
        self.assertFalse(self.grant(self.manager))


@tagged("post_install", "-at_install")
class TestWithoutAccess(AuthorizeCase):
    """Users who may not use the server."""

    def test_they_are_told_so_and_get_no_code(self) -> None:
        reasons = {self.outsider: "Ask your administrator", self.portal: "Only people who work in this Odoo"}
        for user, reason in reasons.items():
            with self.subTest(user.login):
                self.log_in(user)
                page = self.open(self.address())
                self.assertEqual(page.status_code, 403)
                self.assertIn("You may not connect assistants", self.text(page))
                self.assertIn(reason, self.text(page))
                self.assertIn(f"You are logged in as {user.name} ({user.login}).", self.text(page))
                self.assertIn("Go back to Claude", self.text(page))
                self.assertEqual(self.press(page, "connect", access="write").status_code, 403)
                self.assertFalse(self.grant(user))

    def test_the_superuser_gets_no_code(self) -> None:
        field = "group_ids" if "group_ids" in self.manager._fields else "groups_id"
        self.manager[field] += self.env.ref("base.group_system")
        self.log_in(self.manager)
        self.open("/web/become")
        page = self.open(self.address())
        self.assertEqual(page.status_code, 403)
        self.assertIn("The superuser has no limits", self.text(page))
        self.assertEqual(self.press(page, "connect").status_code, 403)

    def test_they_can_go_back_to_the_client(self) -> None:
        self.log_in(self.outsider)
        told = self.told(self.press(self.open(self.address()), "cancel"))
        self.assertEqual(told, {"error": "access_denied", "state": "S-1", "iss": self.base_url()})

    def test_they_can_log_in_as_somebody_else(self) -> None:
        self.log_in(self.portal)
        page = html.fromstring(self.open(self.address()).content)
        self.assertTrue(page.xpath("//a[starts-with(@href, '/web/session/logout?redirect=')]"))


@tagged("post_install", "-at_install")
class TestAttacks(AuthorizeCase):
    """What must not work."""

    def setUp(self) -> None:
        super().setUp()
        self.log_in(self.plain)

    def assertShownOnly(self, answer: requests.Response) -> None:
        self.assertEqual(answer.status_code, 400)
        self.assertNotIn("Location", answer.headers)
        self.assertIn("Nothing was connected.", self.text(answer))

    def test_an_unknown_client_is_never_redirected_to(self) -> None:
        self.assertShownOnly(self.open(self.address(client_id="nobody")))
        self.assertShownOnly(self.open(self.address(client_id=None)))
        self.assertShownOnly(self.open(PATH))

    def test_a_foreign_address_is_never_redirected_to(self) -> None:
        foreign = (
            "https://evil.example/callback",
            "https://claude.ai/api/mcp/auth_callback/../../evil",
            "https://claude.ai.evil.example/api/mcp/auth_callback",
            "https://claude.ai@evil.example/api/mcp/auth_callback",
            CALLBACK + "?next=https://evil.example",
            CALLBACK + "#fragment",
            "http://claude.ai/api/mcp/auth_callback",
            "javascript:alert(1)",
            "//evil.example",
        )
        for uri in foreign:
            for changes in ({}, {"prompt": "none"}, {"response_type": "token"}):
                with self.subTest(uri, **changes):
                    self.assertShownOnly(self.open(self.address(redirect_uri=uri, **changes)))

    def test_a_second_redirect_address_is_not_followed(self) -> None:
        answer = self.open(self.address(("redirect_uri", "https://evil.example/callback")))
        self.assertNotIn("evil.example", answer.headers.get("Location", ""))
        self.assertNotEqual(answer.status_code, 200)

    def test_a_forged_cancel_does_not_redirect_to_a_foreign_address(self) -> None:
        page = self.open(self.address())
        token = self.form(page).fields["csrf_token"]
        address = self.address(redirect_uri="https://evil.example/callback")
        self.assertShownOnly(self.open(address, {"csrf_token": token, "decision": "cancel"}))

    @mute_logger("odoo.http")
    def test_a_form_of_another_site_is_refused(self) -> None:
        values = {"decision": "connect", "access": "write"}
        good = self.form(self.open(self.address())).fields["csrf_token"]
        for token in (None, "", "x", good[:-1], "0" + good):
            with self.subTest(token=token):
                sent = values if token is None else {**values, "csrf_token": token}
                self.assertEqual(self.open(self.address(), sent).status_code, 400)
        self.assertFalse(self.grant())

    @mute_logger("odoo.http")
    def test_the_token_of_another_session_is_refused(self) -> None:
        token = self.form(self.open(self.address())).fields["csrf_token"]
        self.log_in(self.manager)
        answer = self.open(self.address(), {"decision": "connect", "csrf_token": token})
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(self.grant(self.manager) or self.grant(self.plain))

    def test_no_answer_can_be_framed_stored_or_tells_where_it_came_from(self) -> None:
        page = self.open(self.address())
        answers = {
            "page": page,
            "decision": self.press(page, "cancel"),
            "error": self.open(self.address(client_id="nobody")),
            "client's error": self.open(self.address(code_challenge=None)),
            "prompt": self.open(self.address(prompt="none")),
        }
        self.log_in(self.outsider)
        answers["no access"] = self.open(self.address())
        for name, answer in answers.items():
            with self.subTest(name):
                self.assertEqual(answer.headers["Content-Security-Policy"], "frame-ancestors 'none'")
                self.assertEqual(answer.headers["X-Frame-Options"], "DENY")
                self.assertEqual(answer.headers["Cache-Control"], "no-store")
                self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
                self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")

    def test_what_a_client_chose_is_shown_as_text(self) -> None:
        script = "<script>alert(1)</script>"
        self.make_client("script", name=f"Claude{script}\"'", redirect_uris=CALLBACK)
        for changes in ({"client_id": "script"}, {"state": f'"{script}'}, {"client_id": script}):
            answer = self.open(self.address(**changes))
            with self.subTest(**changes):
                self.assertNotIn(script, answer.text)
                self.assertNotIn(f'"{script}', answer.text)
        self.assertIn(f"Claude{script}", self.text(self.open(self.address(client_id="script"))))

    def test_nothing_is_loaded_from_elsewhere(self) -> None:
        self.client.write({"client_uri": "https://claude.ai"})
        page = html.fromstring(self.open(self.address()).content)
        for url in page.xpath("//@src | //@href"):
            with self.subTest(url):
                self.assertTrue(url.startswith("/") and not url.startswith("//"), url)

    def test_a_state_cannot_add_headers(self) -> None:
        state = "x\r\nSet-Cookie: stolen=1\r\n\r\n<html>"
        answer = self.press(self.open(self.address(state=state)), "cancel")
        self.assertEqual(self.told(answer)["state"], state)
        self.assertIn("%0D%0A", answer.headers["Location"])
        self.assertNotIn("stolen", answer.headers.get("Set-Cookie", ""))

    def test_a_forged_host_does_not_change_the_issuer(self) -> None:
        forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
        self.opener.cookies["session_id"] = self.session.sid  # sent to any host
        form = self.form(self.open(self.address()))
        sent = {"csrf_token": form.fields["csrf_token"], "access": "read"}
        for address, data in (
            (self.address(prompt="none"), None),
            (self.address(), {**sent, "decision": "cancel"}),
            (self.address(), {**sent, "decision": "connect"}),
        ):
            with self.subTest(data=data):
                self.assertEqual(self.told(self.open(address, data, **forged))["iss"], self.base_url())

    def test_a_resource_elsewhere_is_refused(self) -> None:
        told = self.told(self.open(self.address(resource="https://evil.example/mcp")))
        self.assertEqual(told["error"], "invalid_target")

    def test_other_methods_are_refused(self) -> None:
        for method in ("PUT", "DELETE", "PATCH"):
            answer = self.opener.request(method, self.base_url() + self.address(), timeout=60, allow_redirects=False)
            with self.subTest(method):
                self.assertEqual(answer.status_code, 405)
        self.assertFalse(self.grant())
