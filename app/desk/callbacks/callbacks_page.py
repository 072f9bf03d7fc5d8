"""Callbacks in the words of the contact who asked for them."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from app.booking.in_words import Reader
from app.desk.callbacks.pages import CallbackPage, CallbackRow, Fact
from app.desk.callbacks.values import Attempt, CallbackState, CallbackValue, Outcome
from app.desk.hours import BusinessHours, next_opening
from app.desk.requests.clock_page import moment
from app.lib import wording
from app.lib.phone_numbers import international
from app.lib.zones import wall_interval


def promise_words(due: datetime, reader: Reader, now: datetime) -> str:
    """What is promised to whoever asks now."""
    return _("Ask now, and we ring you by %(time)s.", time=moment(due, reader, now))


def hours_words(hours: BusinessHours, now: datetime, reader: Reader) -> str:
    """When we are there: the hours of the next business day on the reader's clock and on ours."""
    day = wording.local_date(next_opening(hours, now), hours.zone)
    span = wall_interval(day, hours.window.opens, hours.window.closes, hours.zone)
    ours = wording.service_abbreviation(span.start, hours.zone)
    there = wording.span(span, hours.zone)
    if not reader.is_elsewhere(span.start):
        return _("Our hours on business days: %(span)s.", span=there)
    words = {"here": wording.span(span, reader.zone), "there": f"{there} {ours}"}
    return _("Our hours on business days: %(here)s your time (%(there)s).", **words)


def policy_words(hours: int) -> str:
    """The promise without a moment, for pages on which nothing is asked yet."""
    return ngettext("within %(num)s business hour", "within %(num)s business hours", hours)


def callback_row(value: CallbackValue, reader: Reader, now: datetime) -> CallbackRow:
    """A line of the list."""
    asked = _("Asked %(time)s", time=moment(value.asked_at, reader, now))
    detail = " · ".join(part for part in (value.topic, international(value.number), asked) if part)
    return CallbackRow(value.public_id, title_of(value, reader, now), detail, value.is_open)


def callback_page(value: CallbackValue, reader: Reader, now: datetime) -> CallbackPage:
    """One callback, without what can be booked instead."""
    facts = [Fact(_("Phone number"), international(value.number))] if value.number else []
    if value.topic:
        facts.append(Fact(_("What is it about?"), value.topic))
    if value.wished_at is not None:
        facts.append(Fact(_("Not before"), moment(value.wished_at, reader, now)))
    facts.append(Fact(_("Asked"), moment(value.asked_at, reader, now)))
    facts.append(Fact(_("Promised by"), moment(value.due_at, reader, now)))
    return CallbackPage(
        id=value.public_id,
        title=title_of(value, reader, now),
        is_open=value.is_open,
        facts=tuple(facts),
        attempts=attempt_lines(value.attempts, reader, now),
        booking=value.booking,
    )


def title_of(value: CallbackValue, reader: Reader, now: datetime) -> str:
    """How it stands, in a sentence."""
    match value.state:
        case CallbackState.REACHED:
            return _("We rang and reached you")
        case CallbackState.WRONG_NUMBER:
            return _("The number was wrong")
        case CallbackState.BOOKED:
            return _("You booked a call instead")
        case CallbackState.WITHDRAWN:
            return _("You want no call back any more")
    if value.attempts:
        return _("We rang and did not reach you. We try again")
    if value.due_at < now:
        return _("We were to ring you by %(time)s and are late", time=moment(value.due_at, reader, now))
    return _("We ring you by %(time)s", time=moment(value.due_at, reader, now))


def attempt_lines(
    attempts: Sequence[Attempt], reader: Reader, now: datetime, *, for_staff: bool = False
) -> tuple[str, ...]:
    """What came of ringing, the first attempt first; who rang and their notes for our side alone."""
    lines = []
    for item in attempts:
        line = f"{moment(item.made_at, reader, now)}: {outcome_words(item.outcome)}"
        if for_staff:
            line = ", ".join(part for part in (line, item.by_name) if part)
            line = f"{line}. {item.note}" if item.note else line
        lines.append(line)
    return tuple(lines)


def outcome_words(outcome: Outcome) -> str:
    """ "no answer"."""
    return {
        Outcome.REACHED: _("reached"),
        Outcome.NO_ANSWER: _("no answer"),
        Outcome.WRONG_NUMBER: _("wrong number"),
    }[outcome]
