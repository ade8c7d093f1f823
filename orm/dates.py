# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Dates and times between an assistant and Odoo.

Odoo stores datetimes in UTC, without a zone. An assistant reads and writes them in the user's zone; the zone is named
beside every answer that holds a time. Dates have no zone.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime, time, timedelta, timezone, tzinfo

import pytz

from odoo import api, fields

from .errors import ToolError

_ISO = re.compile(
    r"(?P<day>\d{4}-\d\d?-\d\d?)"
    r"(?:[T ]\s*(?P<hour>\d\d?):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?\s*(?P<zone>\S+)?)?",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"(?P<sign>[+-])(?P<hours>\d\d?):?(?P<minutes>\d\d)?")
_EXAMPLES = {
    "date": "2026-11-21",
    "datetime": "2026-11-21 14:30 (the user's time, {zone}) or 2026-11-21T14:30:00Z",
}


def zone(env: api.Environment) -> str:
    """Return the name of the zone in which this user reads and writes times.

    The context's ``tz`` comes first, then the user's own setting, then UTC. A name that pytz does not know counts as
    not set, as in Odoo.
    """
    name = env.context.get("tz")
    if name not in pytz.all_timezones_set:
        name = env.user.tz  # costs two queries
    return name if name in pytz.all_timezones_set else "UTC"


def today(env: api.Environment) -> date:
    """Return the current day in the user's zone."""
    return pytz.utc.localize(fields.Datetime.now()).astimezone(pytz.timezone(zone(env))).date()


def to_user(value: date | datetime, env: api.Environment) -> str:
    """Return a date as ``2026-11-21``, a UTC datetime of Odoo as ``2026-11-21 14:30`` in the user's zone.

    Seconds are written when there are any; the zone is not written.
    """
    if not isinstance(value, datetime):
        return value.isoformat()
    return formatted(in_zone(value, pytz.timezone(zone(env))))


def in_zone(value: datetime, target: tzinfo) -> datetime:
    """Return a naive UTC datetime as a naive datetime of ``target``."""
    try:
        return pytz.utc.localize(value).astimezone(target).replace(tzinfo=None)
    except OverflowError:  # the first or the last day of the calendar
        return value


def with_offset(value: datetime, target: tzinfo) -> str:
    """Return a naive UTC datetime as a program reads it: ``2026-11-21T14:30:00+01:00``, in the zone ``target``."""
    moment = pytz.utc.localize(value)
    with suppress(OverflowError):  # the first or the last day of the calendar
        moment = moment.astimezone(target)
    return moment.isoformat(timespec="seconds")


def formatted(value: datetime) -> str:
    """Return a naive datetime as text, without seconds when they are zero."""
    return value.strftime("%Y-%m-%d %H:%M:%S" if value.second else "%Y-%m-%d %H:%M").rjust(16, "0")


def from_user(value: str | date | datetime, env: api.Environment, kind: str, *, end_of_day: bool = False) -> str:
    """Return what an assistant wrote as the text Odoo stores.

    :param value: ISO 8601: a day, or a day and a time separated by ``T`` or a space, with ``Z``, an offset or the name
        of a zone, or none for the user's zone
    :param kind: ``date`` gives ``YYYY-MM-DD`` (of a time: its day in the user's zone); ``datetime`` gives
        ``YYYY-MM-DD HH:MM:SS`` in UTC (of a day: its first second in the user's zone)
    :param end_of_day: of a day without a time, take the last second: what ``<=`` and ``>`` mean
    :raise ToolError: not a date, with the form that is accepted
    """
    if isinstance(value, date):
        value = value.isoformat()
    try:
        day, moment = _parsed(value, env)
        if kind == "date":
            return _day(day, moment, env).isoformat()
        if moment is None:
            moment = _first_or_last_second(day, env, end_of_day)
        return fields.Datetime.to_string(moment.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0))
    except (ValueError, OverflowError) as error:
        example = _EXAMPLES[kind].format(zone=zone(env))
        raise ToolError(f"{value!r} is not a {kind}. Write it as {example}; today is {today(env)}.") from error


def _parsed(value: str, env: api.Environment) -> tuple[date, datetime | None]:
    """Return the day as written and, when there is a time, the moment with its zone; ``ValueError`` otherwise."""
    match = _ISO.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match:
        raise ValueError(value)
    day = date(*map(int, match["day"].split("-")))
    if match["hour"] is None:
        return day, None
    clock = time(int(match["hour"]), int(match["minute"]), int(match["second"] or 0))
    return day, _localized(datetime.combine(day, clock), _zone_of(match["zone"], env))


def _zone_of(text: str | None, env: api.Environment) -> tzinfo:
    if not text:
        return pytz.timezone(zone(env))
    if offset := _OFFSET.fullmatch(text):
        minutes = int(offset["hours"]) * 60 + int(offset["minutes"] or 0)
        return timezone(timedelta(minutes=-minutes if offset["sign"] == "-" else minutes))
    name = text.strip("()[]")
    if name.upper() in ("Z", "UTC", "GMT"):
        return timezone.utc
    if name not in pytz.all_timezones_set:
        raise ValueError(text)
    return pytz.timezone(name)


def _localized(naive: datetime, target: tzinfo) -> datetime:
    """Attach a zone. An hour that summer time skips or repeats is read in standard time, as Odoo's own forms do."""
    return target.localize(naive) if hasattr(target, "localize") else naive.replace(tzinfo=target)


def _day(day: date, moment: datetime | None, env: api.Environment) -> date:
    return day if moment is None else moment.astimezone(pytz.timezone(zone(env))).date()


def _first_or_last_second(day: date, env: api.Environment, last: bool) -> datetime:
    clock = time(23, 59, 59) if last else time(0, 0, 0)
    return _localized(datetime.combine(day, clock), pytz.timezone(zone(env)))
