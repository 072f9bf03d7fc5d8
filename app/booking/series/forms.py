"""How often a call is to be repeated, read from a form or an address."""

from datetime import UTC, date, datetime, time
from typing import Literal

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.availability.pages import Problem
from app.booking.series.pages import RepeatForm
from app.booking.series.plan import FEWEST, MOST
from app.booking.series.values import Repeat
from app.lib.zones import day_interval, is_in_reach
from app.words import refusal_words


def read_repeat(fields: MultiDict[str, str], zone: str) -> tuple[Repeat | None, RepeatForm]:
    """What was asked for, None when there are problems; and the form as typed with them.

    The last day is one of ``zone``, the reader's.
    """
    typed = {name: fields.get(name, "").strip()[:40] for name in ("weeks", "count", "until")}
    problems: list[Problem] = []
    if typed["weeks"] not in {"1", "2"}:
        problems.append(Problem("weeks", refusal_words("series_weeks")))
    ends: Literal["count", "until"] = "until" if fields.get("ends") == "until" else "count"
    until = _end_of_day(typed["until"], zone, problems) if ends == "until" else None
    count = _count(typed["count"], problems) if ends == "count" else None
    form = RepeatForm(typed["weeks"], ends, typed["count"], typed["until"], tuple(problems))
    return None if problems else Repeat(int(typed["weeks"]), count, until), form


def _count(text: str, problems: list[Problem]) -> int | None:
    if text.isascii() and text.isdecimal() and FEWEST <= int(text) <= MOST:
        return int(text)
    problems.append(Problem("count", refusal_words("series_count")))
    return None


def _end_of_day(text: str, zone: str, problems: list[Problem]) -> datetime | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        problems.append(Problem("until", _("Enter a day like 2026-12-24.") if text else _("Enter a day.")))
        return None
    if not is_in_reach(datetime.combine(day, time(12), tzinfo=UTC)):
        problems.append(Problem("until", _("That is too long or too far ahead.")))
        return None
    return day_interval(day, zone).end
