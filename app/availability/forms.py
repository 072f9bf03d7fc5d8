"""The form of time off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.availability.pages import Problem, TimeOffForm
from app.customers.profiles import SpecialistProfile
from app.lib.text import UncleanText, one_line

_LONGEST = timedelta(days=366)
_TITLE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class TimeOff:
    """Time off as asked for; both days inclusive."""

    first_day: date
    last_day: date
    title: str
    stand_in: SpecialistProfile | None


def read_time_off(
    fields: MultiDict[str, str], today: date, people: Sequence[SpecialistProfile]
) -> tuple[TimeOff | None, TimeOffForm]:
    """What was asked for, None when there are problems; and the form as typed with them.

    Without a last day it is one day, without a title "Time off" in the specialist's language, without a
    stand-in among ``people`` it is left to the usual one.
    """
    typed = {name: fields.get(name, "").strip()[:400] for name in ("first_day", "last_day", "title")}
    asked = fields.get("stand_in", "").strip()[:40]
    stand_in = next((person for person in people if person.public_id == asked), None)
    problems: list[Problem] = []
    first = _day(typed["first_day"], "first_day", problems)
    last = _day(typed["last_day"], "last_day", problems) if typed["last_day"] else first
    if first and last:
        _check_days(first, last, today, problems)
    title = _title(typed["title"], problems)
    if asked and stand_in is None:
        problems.append(Problem("stand_in", _("Choose somebody from the list.")))
    form = TimeOffForm(typed["first_day"], typed["last_day"], typed["title"], tuple(problems), asked)
    if problems or first is None or last is None:
        return None, form
    return TimeOff(first, last, title, stand_in), form


def _day(typed: str, field: str, problems: list[Problem]) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        problems.append(Problem(field, _("Enter a day like 2026-12-24.") if typed else _("Enter a day.")))
        return None


def _check_days(first: date, last: date, today: date, problems: list[Problem]) -> None:
    if last < first:
        problems.append(Problem("last_day", _("Ends before it begins.")))
    elif last < today:
        problems.append(Problem("last_day", _("These days are over.")))
    elif last - first > _LONGEST or first - today > 5 * _LONGEST:
        problems.append(Problem("last_day", _("That is too long or too far ahead.")))


def _title(typed: str, problems: list[Problem]) -> str:
    try:
        return one_line(typed, _TITLE_LIMIT, required=False) or _("Time off")
    except UncleanText:
        problems.append(Problem("off-title", _("Use at most 200 characters, without control characters.")))
        return ""
