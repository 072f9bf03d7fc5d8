"""What is typed on the pages of the settings, as JSON of the registry, and the other way round."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.availability.holidays import regions
from app.config import Settings
from app.settings.registry import Refused, read_setting
from app.settings.values import MONDAY_TO_FRIDAY, SEVERITIES, Feature, Term, Unit

Form = Mapping[str, str]

KEYS: Mapping[str, tuple[str, ...]] = {
    "organisation": (
        "organisation", "standard_chat_url", "standard_email", "option_contact", "option_price"
    ),
    "hours": ("service_window", "service_time_zone", "service_country", "service_region"),
    "policies": ("response_times", "callback_hours"),
    "features": ("features_off",),
    "data": ("mail_retention_days", "audit_retention_days", "ended_session_days"),
}  # fmt: skip
_UNITS = {"h": Unit.HOURS, "ч": Unit.HOURS, "d": Unit.DAYS, "д": Unit.DAYS}
_SHORT = {"en": {Unit.HOURS: "h", Unit.DAYS: "d"}, "ru": {Unit.HOURS: "ч", Unit.DAYS: "дн."}}
_TERM = re.compile(r"(\d{1,4})\s*([a-zа-я]+)\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page asks for: the settings as JSON, and by field what cannot be meant."""

    wanted: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, Refused] = field(default_factory=dict)


def read_page(page: str, form: Form) -> Reading:
    """The settings of a page as typed."""
    reading = Reading()
    for key in KEYS[page]:
        try:
            value = _READ.get(key, _text)(form, key)
            read_setting(key, value)
            reading.wanted[key] = value
        except Refused as refused:
            reading.faults[refused.part or key] = refused
    return reading


def typed_page(page: str, settings: Settings, language: str) -> dict[str, str]:
    """The settings of a page as they would be typed."""
    typed: dict[str, str] = {}
    for key in KEYS[page]:
        value = getattr(settings, key)
        typed |= _TYPED[key](value, language) if key in _TYPED else {key: str(value)}
    return typed


def _text(form: Form, key: str) -> Any:
    return form.get(key, "").strip()


def _region(form: Form, key: str) -> Any:
    text = _text(form, key)
    if text and text not in regions().get(form.get("service_country", ""), ()):
        raise Refused("region", key)
    return text


def _country(form: Form, key: str) -> Any:
    if form.get(key, "") not in regions():
        raise Refused("country", key)
    return form[key]


def _number(form: Form, key: str) -> Any:
    text = _text(form, key)
    # Out of every bound, so that the bounds are what is told.
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else -1


def _window(form: Form, _key: str) -> Any:
    days = [day for day in MONDAY_TO_FRIDAY if form.get(f"day-{day}") == "1"]
    # "9:00" is as good as "09:00".
    opens, closes = (_text(form, name).rjust(5, "0") for name in ("opens", "closes"))
    return {"opens": opens, "closes": closes, "days": days}


def _typed_window(value: Any, _language: str) -> dict[str, str]:
    days = {f"day-{day}": "1" for day in value.days}
    return {"opens": f"{value.opens:%H:%M}", "closes": f"{value.closes:%H:%M}", **days}


def _term(text: str) -> str:
    """ "2 h" as it is stored; what is no such term is left for the registry to refuse."""
    found = _TERM.fullmatch(text)
    unit = _UNITS.get(found[2][0].lower()) if found else None
    return f"{int(found[1])} {unit}" if found and unit else text


def _times(form: Form, _key: str) -> Any:
    return {
        str(severity): {
            "clock": form.get(f"clock-{severity}", ""),
            "first_response": _term(_text(form, f"first-{severity}")),
            "next_step": _term(_text(form, f"next-{severity}")),
        }
        for severity in SEVERITIES
    }


def _typed_times(value: Any, language: str) -> dict[str, str]:
    typed = {}
    for item in value:
        typed[f"clock-{item.severity}"] = str(item.clock)
        typed[f"first-{item.severity}"] = term_text(item.first_response, language)
        typed[f"next-{item.severity}"] = term_text(item.next_step, language)
    return typed


def term_text(term: Term | None, language: str) -> str:
    """ "2 h", "1 d"; nothing for none."""
    return f"{term.amount} {_SHORT.get(language, _SHORT['en'])[term.unit]}" if term else ""


def _off(form: Form, _key: str) -> Any:
    return sorted(feature for feature in Feature if form.get(f"feature-{feature}") != "1")


def _typed_features(value: Any, _language: str) -> dict[str, str]:
    return {f"feature-{feature}": "1" for feature in Feature if feature not in value}


_READ: Mapping[str, Callable[[Form, str], Any]] = {
    "service_window": _window,
    "service_country": _country,
    "service_region": _region,
    "response_times": _times,
    "callback_hours": _number,
    "mail_retention_days": _number,
    "audit_retention_days": _number,
    "ended_session_days": _number,
    "features_off": _off,
}
_TYPED: Mapping[str, Callable[[Any, str], dict[str, str]]] = {
    "service_window": _typed_window,
    "response_times": _typed_times,
    "features_off": _typed_features,
}
