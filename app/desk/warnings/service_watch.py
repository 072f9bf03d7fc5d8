"""Keeps the moment at which there is something to tell of a clock; needs its conversation's lock."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.desk import sla
from app.desk.requests import queries
from app.desk.requests.models import Request, RequestClock
from app.desk.requests.values import ClockName
from app.desk.warnings.moments import News, Watched, tell_at
from app.mail.service import withdraw_all


def watch(session: Session, row: Request, policy: sla.Policy, clocks: Mapping[str, RequestClock]) -> None:
    """Write down when there is something to tell of each clock, by how they stand now.

    A warning that did not go out yet is not sent of a clock that stands still.
    """
    for name, clock in clocks.items():
        at = tell_at(watched(session, row, policy, name, clock))
        if at is None and clock.tell_at is not None and clock.breached_at is None:
            _withdraw(session, clock)
        clock.tell_at = at
    session.flush()


def begin_anew(session: Session, clock: RequestClock) -> None:
    """A clock has another due moment: it is warned of anew, and what was told before is not true any more."""
    _withdraw(session, clock)
    clock.warned_share_at = clock.warned_minutes_at = clock.breached_at = None
    clock.reason, clock.reason_by_id, clock.reason_at = "", None, None


def watched(session: Session, row: Request, policy: sla.Policy, name: str, clock: RequestClock) -> Watched:
    """A clock with its warnings; the first response is never paused."""
    is_paused = name == ClockName.NEXT_STEP
    stopped_at = clock.met_at or row.solved_at or (row.waiting_since if is_paused else None)
    share_at = minutes_at = clock.due_at
    if stopped_at is None:
        pauses = queries.ended_pauses(session, row.id) if is_paused else []
        share_at, minutes_at = sla.warn_at(policy, row.severity, row.opened_at, clock.due_at, pauses)
    return Watched(
        due_at=clock.due_at,
        share_at=share_at,
        minutes_at=minutes_at,
        stopped_at=stopped_at,
        is_share_told=clock.warned_share_at is not None,
        is_minutes_told=clock.warned_minutes_at is not None,
        is_breach_told=clock.breached_at is not None,
    )


def key_of(clock: RequestClock, what: News, now: datetime, person_id: int) -> str:
    """What a mail about a clock is known by; that it is written once is noted at the clock itself."""
    return f"{_start_of(clock, what)}{now:%Y%m%dT%H%M%S}:{person_id}"


def _withdraw(session: Session, clock: RequestClock) -> None:
    if clock.warned_share_at or clock.warned_minutes_at:
        withdraw_all(session, _start_of(clock, News.WARNING))


def _start_of(clock: RequestClock, what: News) -> str:
    return f"clock:{clock.request_id}:{clock.name}:{what}:"
