"""A request's clocks in words: how much is left or over, and by when; right without any script."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from flask_babel import gettext as _

from app.booking.in_words import Reader, service_time
from app.desk import sla
from app.desk.requests.values import ClockName, ClockValue, RequestValue
from app.lib import wording

ClockState = Literal["running", "soon", "overdue", "paused", "met", "missed", "ended", "tracked"]

_MINUTE = timedelta(minutes=1)
_SOON = timedelta(minutes=30)
_SOON_PERCENT = 25


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One clock as it stands: a large line and a small one; ``percent`` of it is left while it runs.

    ``ended``: the request was solved before it ran out. ``tracked``: there is no due moment.
    """

    name: str
    state: ClockState
    large: str
    small: str
    percent: int = 0


def clock_lines(
    request: RequestValue, policy: sla.Policy, now: datetime, reader: Reader
) -> tuple[ClockLine, ...]:
    """The first response, then the next step or that there is no due moment for it."""
    lines = [_line(request, request.clocks[ClockName.FIRST_RESPONSE], policy, now, reader)]
    if ClockName.NEXT_STEP in request.clocks:
        lines.append(_line(request, request.clocks[ClockName.NEXT_STEP], policy, now, reader))
    elif request.solved_at is None:
        large, small = _("We keep you informed"), _("No fixed time for the next step")
        lines.append(ClockLine(ClockName.NEXT_STEP, "tracked", large, small))
    return tuple(lines)


def first_clock(request: RequestValue, policy: sla.Policy, now: datetime, reader: Reader) -> ClockLine:
    """The clock that counts now: what runs out first, else what is paused, else the last that was met."""
    clocks = sorted(request.clocks.values(), key=lambda clock: (clock.due_at, clock.name))
    open_ones = [clock for clock in clocks if clock.met_at is None]
    running = [clock for clock in open_ones if clock.due_at == request.runs_out_at]
    chosen = (running or open_ones or clocks[::-1])[0]
    return _line(request, chosen, policy, now, reader)


def _line(
    request: RequestValue, clock: ClockValue, policy: sla.Policy, now: datetime, reader: Reader
) -> ClockLine:
    if clock.met_at is not None:
        return _met(request, clock, clock.met_at, policy, now, reader)
    if request.solved_at is not None:
        state: ClockState = "missed" if request.solved_at > clock.due_at else "ended"
        return ClockLine(clock.name, state, _("Ended when it was solved"), _due(clock, now, reader, state))
    waits_since = request.waiting_since if clock.name == ClockName.NEXT_STEP else None
    left = sla.left(policy, clock.severity, waits_since or now, clock.due_at)
    if waits_since is not None and waits_since < clock.due_at:
        since = _("Since %(time)s", time=moment(waits_since, reader, now))
        return ClockLine(clock.name, "paused", _("Paused, %(time)s left", time=length(left)), since)
    if clock.due_at <= now:
        over = _("%(time)s overdue", time=length(-left)) if -left >= _MINUTE else _("Overdue")
        return ClockLine(clock.name, "overdue", over, _due(clock, now, reader, "overdue"))
    return _running(request, clock, left, policy, now, reader)


def _running(
    request: RequestValue,
    clock: ClockValue,
    left: timedelta,
    policy: sla.Policy,
    now: datetime,
    reader: Reader,
) -> ClockLine:
    pauses = request.pauses if clock.name == ClockName.NEXT_STEP else ()
    whole = sla.taken(policy, clock.severity, request.opened_at, clock.due_at, pauses)
    percent = min(100, int(left / whole * 100)) if whole > timedelta(0) else 0
    words, small = length(left), _due(clock, now, reader, "running")
    resumes = sla.resumes_at(policy, clock.severity, now)
    if resumes is not None:
        when = moment(resumes, reader, now)
        small = _("%(due)s. Resumes %(time)s", due=small, time=when)
        return ClockLine(clock.name, "paused", _("Paused, %(time)s left", time=words), small, percent)
    is_soon = left < _SOON or percent < _SOON_PERCENT
    return ClockLine(
        clock.name, "soon" if is_soon else "running", _("%(time)s left", time=words), small, percent
    )


def _met(
    request: RequestValue,
    clock: ClockValue,
    met_at: datetime,
    policy: sla.Policy,
    now: datetime,
    reader: Reader,
) -> ClockLine:
    is_first = clock.name == ClockName.FIRST_RESPONSE
    if met_at > clock.due_at:
        late = length(-sla.left(policy, clock.severity, met_at, clock.due_at))
        words = _("Answered %(time)s late", time=late) if is_first else _("Done %(time)s late", time=late)
        return ClockLine(clock.name, "missed", words, _due(clock, now, reader, "missed"))
    pauses = () if is_first else request.pauses_until(met_at)
    taken = length(sla.taken(policy, clock.severity, request.opened_at, met_at, pauses))
    words = _("Answered in %(time)s", time=taken) if is_first else _("Done in %(time)s", time=taken)
    return ClockLine(clock.name, "met", words, _due(clock, now, reader, "met"))


def _due(clock: ClockValue, now: datetime, reader: Reader, state: ClockState) -> str:
    when, is_first = moment(clock.due_at, reader, now), clock.name == ClockName.FIRST_RESPONSE
    if state in {"overdue", "missed"}:
        if is_first:
            return _("First answer was due %(time)s", time=when)
        return _("Next step was due %(time)s", time=when)
    return first_answer_by(when) if is_first else next_step_by(when)


def first_answer_by(when: str) -> str:
    """ "First answer by 10:38"."""
    return _("First answer by %(time)s", time=when)


def next_step_by(when: str) -> str:
    """ "Next step by 11:59"."""
    return _("Next step by %(time)s", time=when)


def length(time: timedelta) -> str:
    """ "26 min", "1 h 47 min", "6 h": two units at most, begun minutes left out."""
    minutes = max(0, int(time / _MINUTE))
    hours, rest = divmod(minutes, 60)
    if not minutes:
        return _("less than 1 min")
    if not hours:
        return _("%(minutes)s min", minutes=minutes)
    return (
        _("%(hours)s h %(minutes)s min", hours=hours, minutes=rest) if rest else _("%(hours)s h", hours=hours)
    )


def moment(at: datetime, reader: Reader, now: datetime) -> str:
    """ "10:38", on another day "Thu 26 Nov, 10:00", with the service's time where it differs.

    It can stand after "by" and «до».
    """
    clock, day = wording.clock(at, reader.zone), wording.local_date(at, reader.zone)
    if day != wording.local_date(now, reader.zone):
        short = wording.day_short if reader.language == "en" else wording.day_and_month
        clock = f"{short(day, reader.language)}, {clock}"
    there = service_time(at, reader)
    return f"{clock} ({there})" if there else clock
