"""Names and sentences that the pages about companies, contacts and people share."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from flask_babel import gettext as _

from app.accounts.values import ADMINISTRATOR, SENIOR, AuditFact
from app.admin.record_pages import Choice, Field, FormPage, OptionWords, PastLine
from app.availability.pages import Problem
from app.booking.in_words import Reader, day_and_time
from app.customers.entitlement import PLAN_WITH_OPTION, Option, entitled_until, is_entitled
from app.customers.typed.faults import Fault
from app.lib import wording
from app.lib.zones import COMMON_ZONES, is_zone
from app.words import error_words

LANGUAGE_NAMES = {"en": "English", "ru": "Русский"}
_SOON = timedelta(days=30)


def plan_name(plan: str) -> str:
    """What a plan is called."""
    return {PLAN_WITH_OPTION: _("All inclusive"), "standard": _("Standard")}.get(plan, plan)


def role_name(role: str) -> str:
    """What a role of ours is called."""
    return {ADMINISTRATOR: _("Administrator"), SENIOR: _("Senior engineer")}.get(role, _("Specialist"))


def day_words(day: date, language: str) -> str:
    """ "24 November 2026"."""
    return f"{wording.day_plain(day, language)} {day.year}"


def option_words(option: Option, today: date, language: str) -> OptionWords:
    """How the option stands on a day of the service zone."""
    if is_entitled(option, today):
        last = entitled_until(option, today)
        if last is None:
            return OptionWords("ok", _("With the option"))
        text = _("With the option until %(day)s", day=day_words(last, language))
        return OptionWords("warn" if last < today + _SOON else "ok", text)
    ahead = [span.first for span in option.spans if span.first > today]
    if ahead and option.plan == PLAN_WITH_OPTION:
        return OptionWords("", _("Option from %(day)s", day=day_words(min(ahead), language)))
    return OptionWords("", _("Without the option"))


def price_words(cents: int) -> str:
    """ "1,000.00 EUR" as it is typed: digits and a point."""
    return f"{cents // 100}.{cents % 100:02d}" if cents % 100 else str(cents // 100)


def fault_words(fault: Fault) -> str:
    """What is wrong with a field and what to write."""
    match fault.reason:
        case "empty":
            return _("This is left empty")
        case "long":
            return _("Write at most %(count)s characters", count=fault.limit)
        case "characters":
            return _("Control characters cannot be taken")
        case "address":
            return _("Enter an e-mail address like name@company.com")
        case "phone":
            example = "+7 727 350 0000"
            return _("Enter a phone number with country code, like %(example)s", example=example)
        case "zone":
            return _("Choose a time zone like Europe/Berlin")
        case "day":
            return _("Write a day like 2026-11-24")
        case "order":
            return _("The last day lies before the first one")
        case "past":
            return _("Choose today or a later day")
        case "price":
            return _("Write an amount like 1000 or 1000.50")
        case "link":
            return _("Write an address that begins with https://")
        case "languages":
            return _("Write language codes with commas, like en, ru")
    return _("Choose one of the entries offered")


def form_page(page: FormPage, faults: Sequence[Fault], extra: Mapping[str, str] | None = None) -> FormPage:
    """The page with what is wrong at each field; ``extra`` are problems that are no field's own fault."""
    told = dict(extra or {})
    for fault in faults:
        told.setdefault(fault.field, fault_words(fault))
    fields = tuple(replace(item, problem=told.get(item.name, "")) for item in page.fields)
    labels = {item.name: item.label for item in page.fields}
    problems = tuple(
        Problem(name, f"{labels[name]}: {text}" if name in labels else text) for name, text in told.items()
    )
    return replace(page, fields=fields, problems=problems)


def sentence(code: str) -> str:
    """The words of a domain error in one text."""
    return " ".join(f"{text.rstrip('.')}." for text in error_words(code))


def zone_field(value: str, now: datetime) -> Field:
    """The list of zones with their offsets; one that is chosen already is in it in any case."""
    names = sorted({*COMMON_ZONES, *([value] if is_zone(value) else [])})
    choices = tuple(_zone_choice(name, now.replace(minute=0, second=0, microsecond=0)) for name in names)
    return Field("time_zone", _("Time zone"), value, "select", choices=choices)


# Zones change at full hours: the list of all of them costs forty milliseconds once an hour.
@lru_cache(maxsize=1000)
def _zone_choice(name: str, hour: datetime) -> Choice:
    return Choice(name, f"{name.replace('_', ' ')} ({wording.offset(hour, name)})")


def language_field(value: str) -> Field:
    """The languages of pages and mails."""
    choices = tuple(Choice(code, name) for code, name in LANGUAGE_NAMES.items())
    return Field("language", _("Language"), value, "select", _("For pages and mails"), choices=choices)


def past_lines(facts: Sequence[AuditFact], reader: Reader) -> tuple[PastLine, ...]:
    """What happened to a company or a person, the latest first."""
    return tuple(
        PastLine(day_and_time(fact.at, reader), f"{fact.actor}: {_happened(fact, reader.language)}")
        for fact in reversed(facts)
    )


def _happened(fact: AuditFact, language: str) -> str:
    names = {
        "company_added": _("added the company"),
        "company_changed": _("changed the company"),
        "option_added": _("added the option"),
        "option_changed": _("changed the option"),
        "option_removed": _("removed days of the option"),
        "option_ended": _("ended the option"),
        "contact_added": _("added a contact"),
        "assigned": _("changed who serves them"),
        "assignment_taken_back": _("took a planned change of who serves them back"),
        "imported": _("imported a file"),
        "hand_over_planned": _("planned a hand-over"),
        "hand_over_confirmed": _("confirmed the hand-over"),
        "hand_over_declined": _("declined the hand-over"),
        "hand_over_called_off": _("called the hand-over off"),
        "hand_over_noted": _("left a note for whoever takes over"),
        "hand_over_told": _("told the contacts of the hand-over"),
        "hand_over_done": _("finished the hand-over"),
    }
    changes = fact.detail.get("changes") or {}
    told = ", ".join(f"{name}: {_side(pair[0])} → {_side(pair[1])}" for name, pair in changes.items())
    if fact.verb.startswith("hand_over_"):
        told = _passed(fact, language)
    name = names.get(fact.verb, fact.verb.replace("_", " "))
    return f"{name} ({told})" if told else name


def _passed(fact: AuditFact, language: str) -> str:
    """From whom to whom, from which day, or why not."""
    parts = [_side(fact.detail["reason"])] if fact.detail.get("reason") else []
    if "after" in fact.detail:
        parts.append(f"{fact.detail['before']} → {fact.detail['after']}")
    if "starts_on" in fact.detail:
        first = day_words(date.fromisoformat(fact.detail["starts_on"]), language)
        parts.append(_("from %(first)s", first=first))
    return ", ".join(parts)


def _side(value: object) -> str:
    text = "–" if value in (None, "") else str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
