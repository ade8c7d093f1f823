# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What no assistant gets unless an administrator opens it knowingly: models by pattern, fields by their names.

The lists hold for 17.0, 18.0 and 19.0 together. A rule of a profile that names a model exactly opens it for the
operations that it speaks of; ``shown`` of such a rule opens fields.
"""

from __future__ import annotations

import re
from fnmatch import translate

from .rules import ALLOW, CALL, CREATE, DENY, READ, UNLINK, WRITE, Rules

SECRET_MODELS = (
    # This addon's own: keys, grants, tokens, codes, profiles, limits, confirmations…
    "mcp_native.*",
    # How people and machines prove who they are
    "res.users.apikeys*",
    "res.users.identitycheck",
    "res.users.log",
    "res.users.deletion",
    "res.device*",
    "auth.oauth.*",
    "auth.passkey.*",
    "auth_*",
    "auth.*",
    "change.password.*",
    "certificate.*",
    "key.*",
    # Settings of the database, and what stands for them in forms
    "ir.config_parameter",
    "res.config",
    "res.config.*",
    "ir.mail_server",
    "fetchmail.server",
    "iap.*",
    "google.*.mixin",
    "google.calendar.*",
    "microsoft.calendar.*",
    "payment.provider",
    "payment.token",
    "payment.provider.onboarding.wizard",
    "account_edi_proxy_client.user",
    "calendar.provider.config",
    "l10n_*.certificate",
    "peppol.config.*",
    "pos_mercury.configuration",
    "cloud.storage.*",
    # Code, and what runs it
    "ir.actions.server*",
    "ir.actions.todo",
    "ir.cron*",
    "base.automation*",
    "ir.rule",
    "ir.model.access",
    "ir.module.*",
    "base.module.*",
    "base.import.module",
    "base_import.*",
    "base.language.*",
    "base.update.translations",
    "ir.profile",
    "ir.logging",
    "ir.websocket",
    "bus.*",
    # Copies of values and of what other models are made of
    "ir.property",
    "ir.default",
    "ir.model.data",
    "ir.model.fields",
    "ir.model.fields.selection",
    "ir.model.constraint",
    "ir.model.relation",
    "ir.model.inherit",
    "ir.exports*",
    "mail.tracking.value",
    "mail.template.preview",
    "sms.template.preview",
    "mail.push*",
    "mail.partner.device",
    "mail.gateway.allowed",
    "discuss.gif.*",
    "mail.ice.server",
    "mail.link.preview",
    "privacy.lookup.wizard*",
    "privacy.log",
    "portal.wizard*",
    "portal.share",
)
"""Neither read nor anything else."""

READABLE = frozenset({"mcp_native.access.log"})
"""Exceptions of ``SECRET_MODELS``, for reading only. Approvals and changes have tools of their own."""

COPIES = {"mcp_native.access.log": frozenset({"arguments", "result"})}
"""Fields that hold what other calls, of other connections, sent and were answered."""

GUARDED_MODELS = (
    # Rights and identities
    "res.users",
    "res.users.settings*",
    "res.groups*",
    # What everything else is made of
    "ir.model",
    "ir.ui.*",
    "ir.asset",
    "ir.actions.*",
    "ir.filters",
    "ir.sequence*",
    "ir.embedded.actions",
    "ir.qweb*",
    "res.lang",
    "website",
    "website.page*",
    "theme.*",
    # Templates hold expressions that are evaluated on any record
    "mail.template",
    "sms.template",
    "mail.compose.message",
    "mail.alias*",
    "payment.method",
)
"""Read as far as the user may, never changed or called."""

CHANGES = frozenset({CREATE, WRITE, UNLINK, CALL})

_SECRET_WORDS = (
    "password", "passwd", "passphrase", "pwd", "secret", "token", "apikey", "api_key", "private_key", "secret_key",
    "access_key", "encryption_key", "signing_key", "otp", "totp", "cvv", "cvc", "credentials", "client_key", "rtoken",
    "hash_key", "license_key", "webhook_key", "hmac_key", "merchant_key", "merchant_salt", "signature_key",
    "transaction_key", "notification_key", "pos_key", "shared_key", "googlemap_key", "search_key", "kiosk_key",
    "website_key", "app_key", "verification_key", "server_key", "session_key", "proxy_key", "hashkey", "hashiv",
    "migration_key", "account_key", "shakey_in", "shakey_out", "callback_hash", "jwt", "mnemonic", "bearer",
)  # fmt: skip
_SECRET_FIELD = re.compile(r"(?:^|_)(?:" + "|".join(_SECRET_WORDS) + r")s?(?:$|_)")
_SECRET_NAMES = frozenset(
    {
        "pin", "pin_code", "signup_url", "pem_key", "pem_certificate", "smtp_pass", "pkcs12",
        "l10n_tw_edi_ecpay_hashIV",
        "google_gmail_authorization_code", "microsoft_outlook_authorization_code",
    }
)  # fmt: skip
SECRET_TYPES = frozenset({"char", "text", "html", "binary", "image", "json", "serialized", "properties"})
"""A number, a choice or a link is no secret by its name: what a link leads to has rights of its own."""

_INNOCENT = re.compile(r"(?:^public_|_public_|_(?:policy|length|filename|type|expiration|expiry|validity|date|state)$)")


def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(translate(name) for name in names))


_SECRET_MODEL, _GUARDED_MODEL = _pattern(SECRET_MODELS), _pattern(GUARDED_MODELS)


def is_closed(model: str, operation: str) -> bool:
    """Whether an operation on a model is denied to assistants unless a profile names the model."""
    if model in READABLE:
        return operation != READ
    if _SECRET_MODEL.match(model):
        return True
    return operation in CHANGES and bool(_GUARDED_MODEL.match(model))


def sounds_secret(field: str, kind: str = "char") -> bool:
    """Whether a field is a password, a key or a token, by its name and type."""
    if kind not in SECRET_TYPES:
        return False
    if field in _SECRET_NAMES:
        return True
    return bool(_SECRET_FIELD.search(field)) and not _INNOCENT.search(field)


def decision(rules: Rules, model: str, operation: str) -> str:
    """Return what rules and the lists here say together, of ``rules.DECISIONS``; reading is allowed or denied."""
    found = rules.decided.get((model, operation))
    if found is None:
        found = rules.decided[model, operation] = _decision(rules, model, operation)
    return found


def _decision(rules: Rules, model: str, operation: str) -> str:
    opened = any(rule.is_exact and operation in rule.decisions for rule in rules.speaking_of(model))
    if not opened and is_closed(model, operation):
        return DENY
    said = rules.decision(model, operation)
    return ALLOW if operation == READ and said != DENY else said
