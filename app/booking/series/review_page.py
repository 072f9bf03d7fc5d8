"""The pages before a series is booked: how often, and each of its calls to look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from flask_babel import gettext as _
from flask_babel import ngettext

from app.availability.pages import Problem
from app.booking.in_words import Reader, day_and_time, length_field, length_name, person, service_time, when
from app.booking.offers.lengths_page import begins, length_options
from app.booking.offers.times_page import other_serves_words, with_whom
from app.booking.series.pages import Option, PlannedRow, RepeatForm, RepeatPage, ReviewPage
from app.booking.series.plan import BEYOND, YOURS
from app.booking.series.values import CallWithAnother, PlannedCall, SeriesPlan
from app.booking.step_pages import question_fields
from app.booking.values import CallTypeValue
from app.customers.profiles import SpecialistProfile
from app.lib import wording
from app.lib.intervals import Interval
from app.words import refusal_words


@dataclass(frozen=True, slots=True)
class Review:
    """What the review of a series is made of.

    ``chosen`` are the starts that were sent by the planned ones (None: left out), None before anything was
    sent; ``told`` are the calls that turned out not to be free when they were to be booked, ``with_others``
    those that turned out to be with others than was shown. With ``asks_length`` it is planned with the usual
    one.
    """

    plan: SeriesPlan
    first: datetime
    zone: str
    key: str
    form: RepeatForm
    email: str
    repeat_url: str
    all_times_url: str
    chosen: Mapping[datetime, datetime | None] | None = None
    told: Mapping[datetime, PlannedCall] = field(default_factory=dict)
    with_others: Sequence[CallWithAnother] = ()
    problems: tuple[Problem, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    asks_length: bool = False


def repeat_page(
    span: Interval,
    form: RepeatForm,
    reader: Reader,
    now: datetime,
    *,
    zone: str,
    specialist: SpecialistProfile,
    call_type: CallTypeValue,
    all_times_url: str,
    senior: SpecialistProfile | None = None,
    asks_length: bool = False,
) -> RepeatPage:
    """The page that asks how often; with ``asks_length`` also how long, and the end is not known."""
    time = when(span, reader)
    return RepeatPage(
        slug=call_type.slug,
        when=begins(time, span.start, reader) if asks_length else time,
        zone=zone,
        specialist=person(specialist, reader, now),
        call_type=call_type.name(reader.language),
        length="" if asks_length else length_name(span.length),
        clock=wording.city(reader.service_zone, reader.language),
        form=form,
        all_times_url=all_times_url,
        minutes=length_field(call_type),
        senior=senior.name if senior else "",
        senior_id=senior.public_id if senior else "",
        lengths=length_options(call_type) if asks_length else (),
    )


def review_page(review: Review, reader: Reader, now: datetime) -> ReviewPage:
    """Every call of the series; those that are free are ticked, the others come with times near them."""
    plan, call_type = review.plan, review.plan.call_type
    calls = [(number, review.told.get(call.start, call)) for number, call in enumerate(plan.calls)]
    rows = tuple(_row(number, call, review, reader) for number, call in calls if call.why not in BEYOND)
    inside = [call.start for _number, call in calls if call.why not in BEYOND]
    conflicts = sum(bool(row.reason) for row in rows)
    count = sum(row.is_chosen for row in rows)
    return ReviewPage(
        slug=plan.call_type.slug,
        start=wording.rfc3339(review.first),
        zone=review.zone,
        place=place_words(reader),
        key=review.key,
        form=review.form,
        specialist=person(plan.specialist, reader, now),
        specialist_id=plan.specialist.public_id,
        call_type=plan.call_type.name(reader.language),
        length="" if review.asks_length else length_name(plan.call_type.rules.length),
        every=every(int(review.form.weeks)),
        email=review.email,
        rows=rows,
        beyond=tuple(_beyond(call, reader) for _number, call in calls if call.why in BEYOND),
        changes=time_changes(inside, reader),
        conflicts=conflicts,
        count=count,
        is_cut=plan.is_cut,
        room=room_words(plan.room) if plan.room is not None and plan.room < count else "",
        repeat_url=review.repeat_url,
        all_times_url=review.all_times_url,
        problems=review.problems
        + _with_others(review.with_others, rows, reader)
        + _conflicts(rows, review.told),
        minutes=length_field(call_type),
        ways=call_type.ways,
        questions=question_fields(call_type, review.answers, review.problems, reader),
        senior=plan.senior.name if plan.senior else "",
        senior_id=plan.senior.public_id if plan.senior else "",
        lengths=length_options(call_type) if review.asks_length else (),
    )


def every(weeks: int) -> str:
    """ "Every week" or "Every two weeks"."""
    return _("Every week") if weeks == 1 else _("Every two weeks")


def place_words(reader: Reader) -> str:
    """Where the times are shown for; offsets change with clocks, so a series names none."""
    return _("Times: %(place)s", place=wording.city(reader.zone, reader.language))


def room_words(room: int) -> str:
    """How many calls of the kind the company can still book."""
    if not room:
        return _("Your company has as many calls of this kind ahead as it can have.")
    return ngettext(
        "Only %(num)s more call of this kind can be booked now. Leave the others out.",
        "Only %(num)s more calls of this kind can be booked now. Leave the others out.",
        room,
    )


def time_changes(starts: Sequence[datetime], reader: Reader) -> tuple[str, ...]:
    """What becomes of the reader's own time in the weeks between the clock changes of two zones."""
    times = [(start, wording.clock(start, reader.zone)) for start in starts]
    return tuple(
        _(
            "Clocks change: from %(day)s on the call is at %(time)s in %(place)s.",
            day=wording.day_plain(wording.local_date(start, reader.zone), reader.language),
            time=time,
            place=wording.city(reader.zone, reader.language),
        )
        for (_start, before), (start, time) in pairwise(times)
        if time != before
    )


def _row(number: int, call: PlannedCall, review: Review, reader: Reader) -> PlannedRow:
    sent = None if review.chosen is None else review.chosen.get(call.start)
    is_plain = not call.why and sent in {None, call.start}
    options = () if is_plain else _options(call, sent, review, reader)
    is_ticked = review.chosen is None or sent is not None
    return PlannedRow(
        field=f"call-{number}",
        start=wording.rfc3339(call.start),
        day=_day(call.start, reader),
        time=wording.clock(call.start, reader.zone),
        service=service_time(call.start, reader),
        is_chosen=is_ticked if is_plain else any(item.start and item.is_chosen for item in options),
        reason=reason_words(call.why),
        options=options,
        **_whose(call.start, review.plan),
    )


def _whose(start: datetime, plan: SeriesPlan) -> dict[str, str]:
    """Whom a call then is with, for its reader and for the form."""
    turn = plan.wishes.turn_at(start)
    whom = with_whom(turn, plan.specialist)
    return {"with_whom": whom, "specialist": turn.wish.specialist.public_id if turn else ""}


def reason_words(why: str) -> str:
    """What speaks against a time; '' when nothing does."""
    return refusal_words(why) if why else ""


def _options(call: PlannedCall, sent: datetime | None, review: Review, reader: Reader) -> tuple[Option, ...]:
    """The times to choose from, and leaving the call out; what was chosen stays so while it is free."""
    is_told = call.start in review.told
    starts = {span.start for span in call.near}
    if not call.why:
        starts.add(call.start)
    if sent is not None and not is_told and sent != call.start:
        starts.add(sent)
    chosen = sent if sent in starts else None
    if chosen is None and starts and (review.chosen is None or is_told) and call.why != YOURS:
        chosen = min(starts, key=lambda start: abs(start - call.start))
    times = [
        Option(
            start=wording.rfc3339(start),
            day=_day(start, reader),
            time=wording.clock(start, reader.zone),
            service=service_time(start, reader),
            is_chosen=start == chosen,
            **_whose(start, review.plan),
        )
        for start in sorted(starts)
    ]
    return (*times, Option("", "", "", "", is_chosen=chosen is None))


def _day(start: datetime, reader: Reader) -> str:
    return wording.day_long(wording.local_date(start, reader.zone), reader.language)


def _beyond(call: PlannedCall, reader: Reader) -> str:
    return f"{day_and_time(call.start, reader)}: {refusal_words(call.why)}"


def _conflicts(rows: Sequence[PlannedRow], told: Mapping[datetime, PlannedCall]) -> tuple[Problem, ...]:
    """The calls that were not free when they were to be booked, for the summary on top."""
    names = {wording.rfc3339(start) for start in told}
    return tuple(
        Problem(row.field, f"{row.day}, {row.time}: {row.reason}") for row in rows if row.start in names
    )


def _with_others(
    with_others: Sequence[CallWithAnother], rows: Sequence[PlannedRow], reader: Reader
) -> tuple[Problem, ...]:
    """Who takes which calls in place of whom was shown, once for each person."""
    fields = {row.start: row.field for row in rows}
    theirs: dict[str, list[CallWithAnother]] = {}
    for item in with_others:
        theirs.setdefault(item.specialist.name, []).append(item)
    return tuple(
        Problem(
            fields.get(wording.rfc3339(items[0].call.start), "calls"),
            _with_others_words(name, [_day(item.start, reader) for item in items]),
        )
        for name, items in theirs.items()
    )


def _with_others_words(name: str, days: Sequence[str]) -> str:
    if len(days) == 1:
        return f"{days[0]}: {other_serves_words(name)}"
    return _(
        "%(name)s takes calls on these days now: %(days)s. Nothing is booked until you confirm again.",
        name=name,
        days=", ".join(days),
    )
