# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What to do in each assistant to connect it. To add an assistant, write a method and name it in ``_guides``.

Steps are Markdown: ``**what to click**``, `` `what to type` ``, ``[links](https://…)``.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from odoo import _, api, models

SERVER = "odoo"
"""The name of this server in the settings of programs."""


@dataclass(frozen=True)
class Way:
    """How to connect one assistant in one way.

    :param steps: what to do, in order
    :param snippet: what to paste: a command, a part of a settings file, a header
    :param remark: what else is good to know
    """

    steps: list[str]
    snippet: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Guide:
    """How to connect one assistant.

    :param code: its value in the wizard
    :param login: the way in which the user allows it in the browser, if it has one
    :param key: the way with a key
    :param hosted: whether, after a login, its calls come from the internet instead of the user's computer
    """

    code: str
    name: str
    login: Way | None
    key: Way
    hosted: bool = False


def _block(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=2)


def _bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


class McpNativeConnectGuides(models.AbstractModel):
    """The table of the guides. Other addons may add theirs."""

    _name = "mcp_native.connect.guides"
    _description = "How to Connect Assistants"

    @api.model
    def _guides(self, url: str, key: str = "") -> dict[str, Guide]:
        """Return the guides by code, in the order in which they are offered.

        :param url: the address of this server
        :param key: the key to write into the ways that need one
        """
        makers = (
            self._claude,
            self._claude_desktop,
            self._claude_code,
            self._chatgpt,
            self._codex,
            self._cursor,
            self._vscode,
            self._gemini,
            self._n8n,
            self._other,
        )
        guides = [make(url, key) for make in makers]
        return {guide.code: guide for guide in guides}

    @api.model
    def _allow(self) -> str:
        """Return the step with which every login ends."""
        return _("Odoo opens in your browser. Log in if it asks, choose what the assistant may do, and allow it.")

    @api.model
    def _claude(self, url: str, key: str) -> Guide:
        start = [
            _("In Claude, open [Customize › Connectors](https://claude.ai/customize/connectors)."),
            _("Click **+**, then **Add custom connector**."),
        ]
        login = [
            *start,
            _("Enter a name, for example `Odoo`, paste the address from above, and click **Add**."),
            _("Click **Connect**."),
            self._allow(),
            _("In a chat, click **+**, then **Connectors**, and switch Odoo on."),
        ]
        with_key = [
            *start,
            _("Enter a name, for example `Odoo`, and paste the address from above."),
            _("Under **Request headers**, add the header `Authorization` with the value below, and click **Add**."),
            _("In a chat, click **+**, then **Connectors**, and switch Odoo on."),
        ]
        shared = _(
            "With a Team or Enterprise plan, an owner first adds the connector once for everybody, in "
            "**Organization settings › Connectors**. You then find it in your list: go on with **Connect**."
        )
        missing = _(
            "If there are no **Request headers**, your plan does not offer them. Log in with the browser instead."
        )
        return Guide(
            "claude", _("Claude"), Way(login, remark=shared), Way(with_key, f"Bearer {key}", missing), hosted=True
        )

    @api.model
    def _claude_desktop(self, url: str, key: str) -> Guide:
        login = [
            _("In Claude Desktop, open **Customize › Connectors**."),
            _("Click **+**, then **Add custom connector**."),
            _("Enter a name, for example `Odoo`, paste the address from above, and click **Add**."),
            _("Click **Connect**."),
            self._allow(),
            _("In a chat, click **+**, then **Connectors**, and switch Odoo on."),
        ]
        with_key = [
            _("Install [Node.js](https://nodejs.org) on your computer, if it is not there yet."),
            _("In Claude Desktop, open **Settings › Developer** and click **Edit Config**."),
            _(
                "Put the block below into the file that opens. If the file has `mcpServers` already, add only `odoo` "
                "to them."
            ),
            _("Save the file, quit Claude Desktop, and start it again."),
        ]
        arguments = ["-y", "mcp-remote", url, "--header", "Authorization:${AUTHORIZATION}"]
        arguments += ["--allow-http"] if url.startswith("http:") else []
        bridge = {"command": "npx", "args": arguments, "env": {"AUTHORIZATION": f"Bearer {key}"}}
        remark = _("What you connect here also works in Claude on the web and on your phone.")
        inside = _("This way also reaches an Odoo that is only available inside your network.")
        return Guide(
            "claude_desktop",
            _("Claude Desktop"),
            Way(login, remark=remark),
            Way(with_key, _block({"mcpServers": {SERVER: bridge}}), inside),
            hosted=True,
        )

    @api.model
    def _claude_code(self, url: str, key: str) -> Guide:
        command = f"claude mcp add --transport http --scope user {SERVER} {url}"
        run = _("Run the command below in a terminal.")
        login = [run, _("Start `claude`, type `/mcp`, choose **odoo**, then **Authenticate**."), self._allow()]
        with_key = [run, _("Start `claude` and type `/mcp`: **odoo** is shown as connected.")]
        return Guide(
            "claude_code",
            _("Claude Code"),
            Way(login, command),
            Way(with_key, f'{command} --header "Authorization: Bearer {key}"'),
        )

    @api.model
    def _chatgpt(self, url: str, key: str) -> Guide:
        login = [
            _(
                "Open [ChatGPT](https://chatgpt.com) in your browser. In **Settings › Security and login**, switch "
                "**Developer mode** on."
            ),
            _("Open [Plugins](https://chatgpt.com/plugins), click **+**, then **Add custom MCP server**."),
            _(
                "Enter a name, for example `Odoo`, paste the address from above as **Server URL**, and choose "
                "**OAuth**."
            ),
            _("Tick **I understand and want to continue**, and click **Create as a plugin**."),
            self._allow(),
            _("Open the new plugin and click **+** to install it. In a chat, type `@` and choose it."),
        ]
        with_key = [
            _("In the ChatGPT app for computers, open **Settings › MCP servers** and click **Add server**."),
            _("Enter a name, for example `odoo`, choose **Streamable HTTP**, and paste the address from above."),
            _(
                "Paste the key as the bearer token. If there is no place for it, put the block below into the file "
                "`.codex/config.toml` of your home folder instead."
            ),
            _("Save, and start the app again."),
        ]
        company = _("In a company's workspace, an administrator may first have to allow custom MCP servers.")
        web = _("ChatGPT in the browser cannot use a key: it needs the login.")
        return Guide(
            "chatgpt",
            _("ChatGPT"),
            Way(login, remark=company),
            Way(with_key, self._codex_settings(url, key), web),
            hosted=True,
        )

    @api.model
    def _codex_settings(self, url: str, key: str) -> str:
        headers = f'{{ Authorization = "Bearer {key}" }}'
        return f'[mcp_servers.{SERVER}]\nurl = "{url}"\nhttp_headers = {headers}'

    @api.model
    def _codex(self, url: str, key: str) -> Guide:
        commands = f"codex mcp add {SERVER} --url {url}\ncodex mcp login {SERVER}"
        login = [
            _("Run the two commands below in a terminal. Leave the second out if the first one opens your browser."),
            self._allow(),
            _("Start `codex` and type `/mcp`: **odoo** is shown with its tools."),
        ]
        with_key = [
            _("Put the block below at the end of the file `.codex/config.toml` in your home folder."),
            _("Start `codex` and type `/mcp`: **odoo** is shown with its tools."),
        ]
        return Guide("codex", _("Codex"), Way(login, commands), Way(with_key, self._codex_settings(url, key)))

    @api.model
    def _cursor(self, url: str, key: str) -> Guide:
        entry = {"url": url}
        config = quote(base64.b64encode(json.dumps(entry).encode()).decode())
        link = f"cursor://anysphere.cursor-deeplink/mcp/install?name={SERVER}&config={config}"
        login = [
            _("Click [Add to Cursor](%s) and confirm in Cursor.", link),
            _("In Cursor, open **Customize › MCPs** and click **Connect** at **odoo**."),
            self._allow(),
        ]
        with_key = [
            _(
                "Put the block below into the file `.cursor/mcp.json` of your home folder. If the file has "
                "`mcpServers` already, add only `odoo` to them."
            ),
            _("Start Cursor again. **Customize › MCPs** shows **odoo** with its tools."),
        ]
        remark = _(
            "If the link does nothing, put the block above into the file `.cursor/mcp.json` of your home folder, and "
            "start Cursor again."
        )
        ignored = _("Cursor may ignore the key and ask you to log in, as long as this server offers the login too.")
        return Guide(
            "cursor",
            _("Cursor"),
            Way(login, _block({"mcpServers": {SERVER: entry}}), remark),
            Way(with_key, _block({"mcpServers": {SERVER: {**entry, "headers": _bearer(key)}}}), ignored),
        )

    @api.model
    def _vscode(self, url: str, key: str) -> Guide:
        entry = {"type": "http", "url": url}
        link = "vscode:mcp/install?" + quote(json.dumps({"name": SERVER, **entry}))
        login = [
            _("Click [Add to VS Code](%s) and confirm with **Install**.", link),
            _("VS Code asks whether the server may log in. Click **Allow**."),
            self._allow(),
            _("Open the chat and choose **Agent**: Odoo's tools are there."),
        ]
        with_key = [
            _(
                "In VS Code, open the command palette (`F1`), run **MCP: Open User Configuration**, and put the block "
                "below into the file that opens. If the file has `servers` already, add only `odoo` to them."
            ),
            _("Click **Start** above the new lines."),
            _("Open the chat and choose **Agent**: Odoo's tools are there."),
        ]
        remark = _(
            "If the link does nothing, open the command palette (`F1`), run **MCP: Open User Configuration**, put the "
            "block above into the file that opens, and click **Start** above the new lines."
        )
        return Guide(
            "vscode",
            _("VS Code"),
            Way(login, _block({"servers": {SERVER: entry}}), remark),
            Way(with_key, _block({"servers": {SERVER: {**entry, "headers": _bearer(key)}}})),
        )

    @api.model
    def _gemini(self, url: str, key: str) -> Guide:
        command = "gemini mcp add --scope user --transport http"
        run = _("Run the command below in a terminal.")
        login = [run, _("Start `gemini` and type `/mcp auth odoo`."), self._allow()]
        with_key = [run, _("Start `gemini` and type `/mcp`: **odoo** is shown with its tools.")]
        remark = _("On a computer without a browser, use a key.")
        return Guide(
            "gemini",
            _("Gemini CLI"),
            Way(login, f"{command} {SERVER} {url}", remark),
            Way(with_key, f'{command} --header "Authorization: Bearer {key}" {SERVER} {url}'),
        )

    @api.model
    def _n8n(self, url: str, key: str) -> Guide:
        with_key = [
            _("In n8n, create a credential of the type **Bearer Auth** and paste the key as **Bearer Token**."),
            _("Add the node **MCP Client Tool** to an AI agent, or the node **MCP Client** to a workflow."),
            _("Paste the address from above as the endpoint, and choose **HTTP Streamable** as **Server Transport**."),
            _("Choose **Bearer Auth** as **Authentication**, and the new credential."),
        ]
        return Guide("n8n", _("n8n"), None, Way(with_key))

    @api.model
    def _other(self, url: str, key: str) -> Guide:
        entry = {"type": "http", "url": url}
        add = _(
            "In the settings of your assistant, look for **MCP servers**, **Connectors** or **Tools**, and add a "
            "server."
        )
        address = _("Paste the address from above. If it asks for the transport, choose **Streamable HTTP**.")
        login = [add, address, _("If it asks how to log in, choose **OAuth**. No client ID is needed."), self._allow()]
        paste = _(
            "Paste the key as the bearer token, or as a header: `Authorization`, with `Bearer`, a space and the key."
        )
        with_key = [add, address, paste]
        remark = _("Many programs read a settings file instead. They take a block like this one.")
        return Guide(
            "other",
            _("Another one"),
            Way(login, _block({"mcpServers": {SERVER: entry}}), remark),
            Way(with_key, _block({"mcpServers": {SERVER: {**entry, "headers": _bearer(key)}}}), remark),
        )
