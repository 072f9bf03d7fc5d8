"""The availability editor in the words of its specialist."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Literal

from flask_babel import gettext as _
from flask_babel import ngettext

from app.availability.hours_edit import ADD_TIME_OFF, WEEK, Edit
from app.availability.hours_place import HoursPlace
from app.availability.hours_plan import Existing
from app.availability.offer import CalendarStatus
from app.availability.pages import (
    CalendarState,
    ConflictDay,
    ConflictPage,
    HoursDay,
    HoursRange,
    Problem,
    StandInChoice,
)
from app.availability.typed_times import minutes, read_time, shown
from app.availability.weekly import KEYS, Row, RowProblem, Week, Wrong, fields_of, week_of
from app.customers.profiles import SpecialistProfile
from app.ical.hours import WeeklyRange
from app.lib import wording
from app.lib.text import scrubbed

Colour = Literal["ok", "info", "bad"]

_A_MONDAY = date(2026, 11, 23)


def weekday_name(weekday: int, language: str) -> str:
    """ "Monday", "Понедельник"; 0 is Monday."""
    name = wording.weekday_long(_A_MONDAY + timedelta(days=weekday), language)
    return name[:1].upper() + name[1:]


def length_words(total: int) -> str:
    """ "7 h", "7 h 30 min", "45 min" for minutes."""
    hours, rest = divmod(total, 60)
    if not rest:
        return _("%(hours)s h", hours=hours)
    if not hours:
        return _("%(minutes)s min", minutes=rest)
    return _("%(hours)s h %(minutes)s min", hours=hours, minutes=rest)


def week_total(ranges: Iterable[WeeklyRange]) -> str:
    """ "35 h a week"."""
    return _("%(total)s a week", total=length_words(_minutes(ranges)))


def _minutes(ranges: Iterable[WeeklyRange]) -> int:
    return sum(minutes(item.end, is_end=True) - minutes(item.start) for item in ranges)


def hours_days(
    week: Week, ranges: Sequence[WeeklyRange], problems: Sequence[RowProblem], language: str
) -> tuple[HoursDay, ...]:
    """The seven days of the form, what was typed in order, and with what is wrong beside it."""
    wrong = {(item.weekday, item.index): item for item in problems}
    days = []
    for weekday, rows in enumerate(week):
        own = [item for item in ranges if item.weekday == weekday]
        is_sound = not any(item.weekday == weekday for item in problems)
        days.append(
            HoursDay(
                key=KEYS[weekday],
                name=weekday_name(weekday, language),
                is_working=bool(rows),
                ranges=tuple(_range(n, row, wrong.get((weekday, n))) for n, row in enumerate(rows)),
                total=length_words(_minutes(own)) if own and is_sound else "",
            )
        )
    return tuple(days)


def _range(index: int, row: Row, problem: RowProblem | None) -> HoursRange:
    start, end = _tidy(row.start), _tidy(row.end)
    if problem is None:
        return HoursRange(index, start, end)
    return HoursRange(index, start, end, problem_text(problem), "start" if problem.at == "start" else "end")


def _tidy(typed: str) -> str:
    read = read_time(typed)
    return typed if read is None else shown(read)


def problem_text(problem: RowProblem) -> str:
    """What is wrong with a row and what may be meant."""
    match problem.wrong:
        case Wrong.BACKWARDS:
            text = _("Ends before it starts.")
        case Wrong.OVERLAP if problem.other is not None:
            text = _("Overlaps %(range)s.", range=range_words(problem.other))
        case Wrong.UNREADABLE:
            text = _("Enter a time like 9:30.")
        case _:
            text = _("Enter hours like 9:00 to 17:00, or untick the day.")
    if problem.proposal is None:
        return text
    return f"{text} {_('Did you mean %(time)s?', time=shown(problem.proposal))}"


def problem_list(problems: Sequence[RowProblem], language: str) -> tuple[Problem, ...]:
    """The error summary: "Tue: Ends before it starts. Did you mean 17:00?"."""
    days = [wording.weekday_short(_A_MONDAY + timedelta(days=n), language) for n in range(7)]
    return tuple(
        Problem(f"{KEYS[item.weekday]}-{item.index}-{item.at}", f"{days[item.weekday]}: {problem_text(item)}")
        for item in problems
    )


def other_titles(left_alone: Iterable[Existing]) -> tuple[str, ...]:
    """What hours that the form leaves alone are called in the calendar."""
    titles = (title for item in left_alone for title in item.hours.others or (item.hours.summary,))
    return tuple(scrubbed(title, 80) or _("without a title") for title in titles)


def place_words(place: HoursPlace | None) -> str:
    """Where the hours live and what that means for whoever edits them; empty when nowhere."""
    if place is None:
        return ""
    if place.is_kept:
        return _(
            "These hours are kept here only: no calendar program shows them. Time off is entered into your "
            "calendar as an all-day event."
        )
    if place.is_calendar:
        return _(
            "These hours stand in your calendar “%(name)s”. You can change them there, too, with any "
            "calendar program; an all-day event in it is time off.",
            name=scrubbed(place.name, 80),
        )
    return _(
        "These hours are the availability on your calendar server. You can change them there, too, in the "
        "settings of Nextcloud or Apple Calendar. Time off is entered into your calendar as an all-day event."
    )


def stand_in_choices(people: Sequence[SpecialistProfile], usual_id: int | None) -> tuple[StandInChoice, ...]:
    """Those who can stand in, the usual one first."""
    usual = next((person.name for person in people if person.user_id == usual_id), "")
    first = _("The usual one: %(name)s", name=usual) if usual else _("Nobody in particular")
    return (StandInChoice("", first), *(StandInChoice(item.public_id, item.name) for item in people))


def range_words(item: WeeklyRange) -> str:
    """ "09:00–12:30"."""
    return f"{shown(item.start)}–{shown(item.end)}"


def conflict_page(
    mine: Sequence[WeeklyRange], theirs: Sequence[WeeklyRange], version: str, language: str
) -> ConflictPage:
    """Both states beside each other, day by day; ``version`` is that of ``theirs``."""
    days = []
    for weekday in range(7):
        own, other = (_day_words(ranges, weekday) for ranges in (mine, theirs))
        days.append(ConflictDay(weekday_name(weekday, language), own, other, own != other))
    return ConflictPage(tuple(days), version, tuple(fields_of(week_of(mine))))


def _day_words(ranges: Iterable[WeeklyRange], weekday: int) -> str:
    found = [range_words(item) for item in sorted(ranges) if item.weekday == weekday]
    return ", ".join(found) or _("Not working")


def outcome_words(edit: Edit, calls_inside: int = 0) -> tuple[str, Colour]:
    """What became of a saved change, and the colour of the note (ok, info, bad)."""
    match edit.state:
        case "waiting":
            return _("Saved here. It is written into your calendar as soon as the calendar answers."), "info"
        case "done":
            return " ".join(filter(None, (_done_words(edit), calls_words(calls_inside)))), "ok"
        case "conflict":
            return _(
                "This was changed elsewhere meanwhile, so nothing was written. Look and try again."
            ), "bad"
    return _failed_words(edit.detail), "bad"


def _failed_words(detail: str) -> str:
    match detail:
        case "no_account" | "nothing_chosen" | "no_hours_calendar":
            return _("Not saved: no calendar for working hours is connected.")
        case "no_booking_calendar":
            return _("Not saved: choose a calendar for bookings first; time off is written into it.")
        case "not_kept":
            return _(
                "Not saved: the server does not keep availability. Choose another place for your hours on "
                "the page of your calendars."
            )
        case "unreadable":
            return _(
                "Not saved: what stands on the server cannot be read, so it was not overwritten. Set your "
                "hours anew in the program that wrote them."
            )
    return _("Not saved: your calendar server does not let us write into this calendar.")


def _done_words(edit: Edit) -> str:
    if edit.kind == WEEK:
        return _("Your hours stand in the calendar.")
    if edit.kind == ADD_TIME_OFF:
        return _("Your time off stands in the calendar.")
    return _("The time off is removed from the calendar.")


def calls_words(count: int) -> str:
    """That booked calls lie inside a time off; empty without any."""
    if not count:
        return ""
    return ngettext(
        "%(num)s booked call lies in it and stays booked until you decide about it.",
        "%(num)s booked calls lie in it and stay booked until you decide about them.",
        count,
    )


def calendar_pill(status: CalendarStatus, zone: str) -> CalendarState:
    """How the copy of the calendar stands: "In step, 10:11", or what to do."""
    if status.state == "no_calendar":
        return CalendarState("bad", _("No calendar is connected: customers see no times"))
    time = wording.clock(status.as_of, zone) if status.as_of else ""
    if status.state == "ok":
        return CalendarState("ok", _("In step, %(time)s", time=time))
    if not time:
        return CalendarState("bad", _("Your calendar was never reached: customers see no times"))
    return CalendarState("bad", _("Not reached since %(time)s: customers see no times", time=time))
