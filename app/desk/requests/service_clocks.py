"""What messages and decisions do to a request's clocks; every function needs its conversation's lock."""

import hashlib
import json
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.availability.queries import own_days
from app.config import Settings
from app.desk import sla
from app.desk.escalations.service_again import want_again
from app.desk.requests import queries
from app.desk.requests.models import PolicyVersion, Request, RequestClock, RequestPause
from app.desk.requests.values import ClockName
from app.desk.values import Happening, Side, Written
from app.desk.warnings.service_watch import begin_anew, watch
from app.lib.intervals import Interval


def current_policy(session: Session, now: datetime, settings: Settings) -> tuple[int, sla.Policy]:
    """What is promised today, kept as a version of its own when it is new; its id and itself."""
    policy = sla.policy_of(settings, own_days(session))
    content = sla.to_stored(policy)
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    wanted = select(PolicyVersion.id).where(PolicyVersion.digest == digest)
    found = session.scalars(wanted).first()
    if found is None:
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        new = insert(PolicyVersion).values(digest=digest, content=content, made_at=now)
        # Somebody may keep the same version at the same moment.
        session.execute(new.on_conflict_do_nothing(index_elements=[PolicyVersion.digest]))
        found = session.scalars(wanted).one()
    return found, policy


def start_clocks(session: Session, row: Request, policy: sla.Policy) -> None:
    """Give a new request its clocks."""
    targets = sla.targets(policy, row.severity, row.opened_at)
    _set(session, row, ClockName.FIRST_RESPONSE, targets.first_response)
    _set(session, row, ClockName.NEXT_STEP, targets.next_step)
    _settle(session, row.opened_at, row, policy, is_news=False)


def note_message(
    session: Session, now: datetime, settings: Settings, conversation_id: int, written: Written
) -> list[Happening]:
    """Let a message have its effect on its conversation's request, if there is one; what happened by that.

    Ours that the customer sees: the first response, perhaps the next step, perhaps a pause. The customer's:
    the end of a pause, and a solved request is open again; an urgent one wants a senior again. What the
    service says, or our people among themselves, does nothing.
    """
    row = queries.row_of(session, conversation_id)
    if row is None or written.is_internal or written.happening or written.side is Side.SERVICE:
        return []
    policy = queries.policy(session, row.policy_id)
    if written.side is Side.CUSTOMER:
        news = {
            Happening.REOPENED: row.solved_at is not None,
            Happening.RESUMED: row.waiting_since is not None,
        }
        if row.solved_at is not None:
            row.solved_at = None
            want_again(session, now, conversation_id, row.severity)
        resume(session, now, row, policy)
    else:
        meet(session, now, row, ClockName.FIRST_RESPONSE)
        is_step = written.is_next_step and meet(session, now, row, ClockName.NEXT_STEP)
        is_pause = written.waits and pause(session, now, row)
        news = {Happening.NEXT_STEP: is_step, Happening.WAITING: is_pause}
    _settle(session, now, row, policy, is_news=written.side is Side.STAFF)
    return [happening for happening, is_new in news.items() if is_new]


def meet(session: Session, now: datetime, row: Request, name: ClockName) -> bool:
    """A clock is met, unless it was before or there is none; whether it is news."""
    clock = queries.clock_rows(session, row.id).get(name)
    if clock is None or clock.met_at is not None:
        return False
    if name is ClockName.NEXT_STEP and row.waiting_since is not None:
        # The clock stood still meanwhile, and no pause moves it once it is met.
        policy, span = queries.policy(session, row.policy_id), Interval(row.waiting_since, now)
        clock.due_at = sla.moved_by_pause(policy, row.severity, clock.due_at, span)
    clock.met_at = now
    session.flush()
    return True


def pause(session: Session, now: datetime, row: Request) -> bool:
    """From now on we wait for the customer; whether it is news."""
    if row.waiting_since is not None or row.solved_at is not None:
        return False
    row.waiting_since = now
    session.add(RequestPause(request_id=row.id, since=now, until=None))
    session.flush()
    return True


def resume(session: Session, now: datetime, row: Request, policy: sla.Policy) -> bool:
    """We wait no more, and the next step is due later by what the pause took; whether it is news."""
    if row.waiting_since is None:
        return False
    span = Interval(row.waiting_since, max(now, row.waiting_since))
    wanted = select(RequestPause).where(RequestPause.request_id == row.id, RequestPause.until.is_(None))
    for open_pause in session.scalars(wanted):
        open_pause.until = span.end
    row.waiting_since = None
    clock = queries.clock_rows(session, row.id).get(ClockName.NEXT_STEP)
    if clock is not None and clock.met_at is None:
        _move(session, clock, sla.moved_by_pause(policy, row.severity, clock.due_at, span))
    session.flush()
    return True


def set_severity(session: Session, now: datetime, row: Request, severity: int) -> None:
    """The clocks anew from the opening moment, under the request's own policy; what is met stays as it is.

    A pause that is under way goes on.
    """
    policy, clocks = queries.policy(session, row.policy_id), queries.clock_rows(session, row.id)
    first, step = clocks[ClockName.FIRST_RESPONSE], clocks.get(ClockName.NEXT_STEP)
    targets = sla.retargeted(
        policy,
        severity,
        row.opened_at,
        queries.ended_pauses(session, row.id),
        sla.Targets(first.due_at, step.due_at if step else None),
        is_answered=first.met_at is not None,
        is_step_done=step is not None and step.met_at is not None,
    )
    row.severity = severity
    _set(session, row, ClockName.FIRST_RESPONSE, targets.first_response)
    _set(session, row, ClockName.NEXT_STEP, targets.next_step)
    _settle(session, now, row, policy, is_news=False)


def settle(session: Session, now: datetime, row: Request, *, is_news: bool) -> None:
    """Write down anew what follows from the clocks; ``is_news``: the customer was told something now."""
    _settle(session, now, row, queries.policy(session, row.policy_id), is_news=is_news)


def _set(session: Session, row: Request, name: ClockName, due_at: datetime | None) -> None:
    """A clock's due moment; one that changes is warned of anew, and None takes the clock away."""
    clock = queries.clock_rows(session, row.id).get(name)
    if due_at is None:
        if clock is not None:
            begin_anew(session, clock)
            session.delete(clock)
    elif clock is None:
        session.add(RequestClock(request_id=row.id, name=name, severity=row.severity, due_at=due_at))
    elif clock.met_at is None:
        clock.severity = row.severity
        _move(session, clock, due_at)
    session.flush()


def _move(session: Session, clock: RequestClock, due_at: datetime) -> None:
    if clock.due_at != due_at:
        clock.due_at = due_at
        begin_anew(session, clock)


def _settle(session: Session, now: datetime, row: Request, policy: sla.Policy, *, is_news: bool) -> None:
    clocks = queries.clock_rows(session, row.id)
    running = [clock.due_at for name, clock in clocks.items() if _runs(row, name, clock)]
    row.runs_out_at = min(running, default=None)
    is_open = row.solved_at is None and row.waiting_since is None
    # Until the first response that clock warns, and nobody needs a reminder besides.
    is_tracked = ClockName.NEXT_STEP not in clocks and clocks[ClockName.FIRST_RESPONSE].met_at is not None
    if not is_tracked or not is_open:
        row.news_due_at = None
    elif is_news or row.news_due_at is None:
        row.news_due_at = sla.news_due(policy, now)
    watch(session, row, policy, clocks)


def _runs(row: Request, name: str, clock: RequestClock) -> bool:
    """The first response runs until it is given; the next step not while we wait for the customer."""
    if clock.met_at is not None or row.solved_at is not None:
        return False
    return name == ClockName.FIRST_RESPONSE or row.waiting_since is None
