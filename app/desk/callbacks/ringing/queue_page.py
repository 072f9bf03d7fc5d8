"""The queue of callbacks in the words of whoever rings."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.values import SignedIn
from app.booking.in_words import Reader, first_name
from app.desk.callbacks.callbacks_page import attempt_lines, outcome_words
from app.desk.callbacks.pages import QueueRow, RingPage
from app.desk.callbacks.ringing.queue import Waiting
from app.desk.callbacks.values import CallbackState, CallbackValue, Source
from app.desk.hours import BusinessHours, is_open, time_between
from app.desk.requests.clock_page import ClockLine, ClockState, length, moment
from app.lib import wording
from app.lib.phone_numbers import international

_DAY = timedelta(days=1)
_SOON, _SOON_SHARE = timedelta(minutes=30), 0.25
_NAME = "callback"


def queue_row(
    waiting: Waiting, hours: BusinessHours, viewer: SignedIn, reader: Reader, now: datetime
) -> QueueRow:
    """One line of the queue."""
    value = waiting.value
    number = international(value.number) if value.number else ""
    is_named = bool(value.contact_name)
    after = moment(waiting.after, reader, now) if waiting.after else ""
    return QueueRow(
        id=value.public_id,
        place=waiting.place,
        name=value.contact_name or value.company_name or _("Unknown caller"),
        company=value.company_name if is_named else "",
        number=number or _("hidden number"),
        tel=value.number,
        topic=value.topic,
        facts=_facts(value, reader, now),
        clock=clock_line(waiting, hours, reader, now),
        after=_("Call after %(time)s", time=after) if after else "",
        shown=value.taken_by_public_id,
        taken=_taken(value, viewer, reader, now),
        is_mine=value.taken_by_id == viewer.id,
    )


def ring_page(
    waiting: Waiting, hours: BusinessHours, viewer: SignedIn, reader: Reader, now: datetime, problem: str
) -> RingPage:
    """The page of one callback."""
    value = waiting.value
    return RingPage(
        row=queue_row(waiting, hours, viewer, reader, now),
        attempts=attempt_lines(value.attempts, reader, now, for_staff=True),
        outcome="" if value.is_open else _state(value.state),
        problem=problem,
    )


def clock_line(waiting: Waiting, hours: BusinessHours, reader: Reader, now: datetime) -> ClockLine:
    """How much business time is left until the promise, or why it is too early to ring."""
    value, due = waiting.value, waiting.value.due_at
    promised = _("promised by %(time)s", time=moment(due, reader, now))
    if not value.is_open:
        return ClockLine(_NAME, "ended", _state(value.state), promised)
    if waiting.after is not None:
        return ClockLine(_NAME, "paused", _too_early(value, reader, now), promised)
    if value.attempts:
        if value.attempts[0].made_at <= due:
            return ClockLine(_NAME, "met", _("Rung in time, not reached yet"), promised)
        return ClockLine(_NAME, "missed", _("Rung too late, not reached yet"), promised)
    if due <= now:
        late = time_between(hours, due, now)
        return ClockLine(_NAME, "overdue", _("%(time)s overdue", time=length(late)), promised)
    left, whole = time_between(hours, now, due), time_between(hours, value.asked_at, due)
    share = left / whole if whole else 0.0
    if not is_open(hours, now):
        return ClockLine(_NAME, "paused", _("Paused, %(time)s left", time=length(left)), promised)
    state: ClockState = "soon" if left < _SOON or share < _SOON_SHARE else "running"
    return ClockLine(
        _NAME, state, _("%(time)s left", time=length(left)), promised, min(100, int(share * 100))
    )


def taken_words(name: str) -> str:
    """What whoever comes second is told."""
    if not name:
        return _("The callback is not with you any more. Look at the queue.")
    return _("%(name)s took it a moment ago.", name=first_name(name))


def noted_words(value: CallbackValue) -> str:
    """What is true after the outcome was noted."""
    if value.is_open:
        return _("Noted: no answer. %(name)s stays in the queue.", name=_who(value))
    return _("Noted. %(name)s is not in the queue any more.", name=_who(value))


def _who(value: CallbackValue) -> str:
    return value.contact_name or value.company_name or international(value.number) or _("Unknown caller")


def _too_early(value: CallbackValue, reader: Reader, now: datetime) -> str:
    if value.wished_at is not None and value.wished_at > now:
        return _("Not yet: asked for %(time)s", time=moment(value.wished_at, reader, now))
    return _("Not yet: it is %(time)s there", time=wording.clock(now, value.zone))


def _facts(value: CallbackValue, reader: Reader, now: datetime) -> tuple[str, ...]:
    facts = []
    if value.zone:
        there = {"time": wording.clock(now, value.zone), "city": wording.city(value.zone, reader.language)}
        facts.append(_("%(time)s there now, %(city)s", **there))
    since = now - value.asked_at
    facts.append(
        _("asked %(time)s ago", time=length(since))
        if since < _DAY
        else _("asked %(time)s", time=moment(value.asked_at, reader, now))
    )
    source = {Source.VOICEMAIL: _("left a voicemail"), Source.MISSED: _("rang, nobody answered")}
    if value.source in source:
        facts.append(source[value.source])
    if value.attempts:
        count = ngettext("%(num)s attempt", "%(num)s attempts", len(value.attempts))
        facts.append(f"{count}, {outcome_words(value.attempts[-1].outcome)}")
    return tuple(facts)


def _taken(value: CallbackValue, viewer: SignedIn, reader: Reader, now: datetime) -> str:
    if value.taken_by_id is None or value.taken_at is None:
        return ""
    at = moment(value.taken_at, reader, now)
    if value.taken_by_id == viewer.id:
        return _("You took it, %(time)s", time=at)
    return _("%(name)s took it, %(time)s", name=value.taken_by_name, time=at)


def _state(state: CallbackState) -> str:
    return {
        CallbackState.REACHED: _("Reached"),
        CallbackState.WRONG_NUMBER: _("Wrong number"),
        CallbackState.BOOKED: _("Booked a call instead"),
        CallbackState.WITHDRAWN: _("Withdrawn by the customer"),
    }.get(state, "")
