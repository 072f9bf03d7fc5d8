"""The settings that can be changed on pages: what each may be, and how it is stored as JSON.

A key is the name of its field in Settings (app/config.py), whose value, from the environment or built in,
holds until an administrator chooses another.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import time
from functools import partial
from typing import Any

from email_validator import EmailNotValidError, validate_email

from app.config import Settings
from app.lib.text import UncleanText, one_line
from app.lib.zones import is_zone
from app.settings.values import (
    MONDAY_TO_FRIDAY,
    SEVERITIES,
    Clock,
    Feature,
    ResponseTime,
    ServiceWindow,
    Term,
    Unit,
)

MOST_HOURS, MOST_DAYS = 240, 60


class Refused(ValueError):
    """A value that cannot be meant: ``part`` of setting ``key`` is wrong for ``reason``."""

    def __init__(self, reason: str, part: str = "", low: int = 0, high: int = 0) -> None:
        super().__init__(f"{part or 'value'}: {reason}")
        self.reason = reason
        self.part = part
        self.low = low
        self.high = high


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: ``read`` makes its value from JSON and raises Refused, ``write`` the other way round."""

    key: str
    read: Callable[[Any], Any]
    write: Callable[[Any], Any]


def _text(limit: int, required: bool, value: Any) -> str:
    try:
        return one_line(str(value), limit, required=required)
    except UncleanText as error:
        raise Refused(error.reason, high=limit) from None


def _mail(value: Any) -> str:
    text = _text(254, True, value)
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        raise Refused("address") from None


def _link(value: Any) -> str:
    text = _text(500, False, value)
    if text and not re.fullmatch(r"https://[^\s/<>\"']+\.[^\s<>\"']+", text):
        raise Refused("link")
    return text


def _whole(low: int, high: int, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise Refused("number", low=low, high=high)
    return value


def _zone(value: Any) -> str:
    if not is_zone(str(value)):
        raise Refused("zone")
    return str(value)


def _code(pattern: str, value: Any) -> str:
    if not re.fullmatch(pattern, str(value)):
        raise Refused("code")
    return str(value)


def _clock_time(part: str, value: Any) -> time:
    try:
        found = time.fromisoformat(str(value))
    except ValueError:
        raise Refused("time", part) from None
    if found.second or found.microsecond or found.tzinfo:
        raise Refused("time", part)
    return found


def _window(value: Any) -> ServiceWindow:
    opens, closes = _clock_time("opens", value["opens"]), _clock_time("closes", value["closes"])
    if opens >= closes:
        raise Refused("order", "closes")
    days = tuple(sorted(set(value["days"])))
    if not days or not set(days) <= set(MONDAY_TO_FRIDAY):
        raise Refused("days", "days")
    return ServiceWindow(opens, closes, days)


def _stored_window(value: ServiceWindow) -> dict[str, Any]:
    return {"opens": f"{value.opens:%H:%M}", "closes": f"{value.closes:%H:%M}", "days": list(value.days)}


def _term(part: str, value: Any) -> Term:
    try:
        amount, unit = str(value).split()
        term = Term(int(amount), Unit(unit))
    except ValueError:
        raise Refused("term", part) from None
    most = MOST_HOURS if term.unit is Unit.HOURS else MOST_DAYS
    if not 1 <= term.amount <= most:
        raise Refused("term", part)
    return term


def _stored_term(term: Term | None) -> str:
    return f"{term.amount} {term.unit}" if term else ""


def _response_times(value: Any) -> tuple[ResponseTime, ...]:
    found = []
    for severity in SEVERITIES:
        row = value[str(severity)]
        if row["clock"] not in set(Clock):
            raise Refused("clock", f"clock-{severity}")
        first = _term(f"first-{severity}", row["first_response"])
        then = _term(f"next-{severity}", row["next_step"]) if row["next_step"] else None
        found.append(ResponseTime(severity, Clock(row["clock"]), first, then))
    return tuple(found)


def _stored_times(value: tuple[ResponseTime, ...]) -> dict[str, Any]:
    return {
        str(item.severity): {
            "clock": str(item.clock),
            "first_response": _stored_term(item.first_response),
            "next_step": _stored_term(item.next_step),
        }
        for item in value
    }


def _features(value: Any) -> frozenset[Feature]:
    known = set(Feature)
    return frozenset(Feature(name) for name in value if name in known)


def _same(value: Any) -> Any:
    return value


_SETTINGS = (
    Setting("organisation", partial(_text, 100, True), _same),
    Setting("standard_chat_url", _link, _same),
    Setting("standard_email", _mail, _same),
    Setting("option_contact", _mail, _same),
    Setting("option_price", partial(_text, 100, False), _same),
    Setting("service_window", _window, _stored_window),
    Setting("service_time_zone", _zone, _same),
    Setting("service_country", partial(_code, "[A-Z]{2}"), _same),
    Setting("service_region", partial(_code, "[A-Za-z0-9-]{0,10}"), _same),
    Setting("response_times", _response_times, _stored_times),
    Setting("callback_hours", partial(_whole, 1, MOST_HOURS), _same),
    Setting("mail_retention_days", partial(_whole, 7, 3650), _same),
    Setting("audit_retention_days", partial(_whole, 31, 3650), _same),
    Setting("ended_session_days", partial(_whole, 1, 365), _same),
    Setting("features_off", _features, lambda value: sorted(value)),
)
REGISTRY: Mapping[str, Setting] = {setting.key: setting for setting in _SETTINGS}


def read_setting(key: str, stored: Any) -> Any:
    """The value of a setting from its JSON; raises Refused for nonsense of any kind."""
    try:
        return REGISTRY[key].read(stored)
    except (KeyError, TypeError, AttributeError) as error:
        raise Refused("form") from error


def stored_form(key: str, settings: Settings) -> Any:
    """How the value that holds would be stored."""
    return REGISTRY[key].write(getattr(settings, key))


def overlaid(environment: Settings, stored: Mapping[str, Any]) -> Settings:
    """The environment's settings with what is stored over them.

    What is stored under no name of ours, or cannot be read (any more), changes nothing.
    """
    chosen: dict[str, Any] = {}
    for key in stored.keys() & REGISTRY.keys():
        try:
            chosen[key] = read_setting(key, stored[key])
        except Refused:
            continue
    return replace(environment, **chosen)
