"""Warnings and breaches of clocks, the reasons given for these, and reminders of tracked requests."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.values import SignedIn
from app.config import Settings
from app.desk import service as desk
from app.desk.models import Conversation
from app.desk.requests import queries as requests
from app.desk.requests.errors import CannotChange
from app.desk.requests.models import Request, RequestClock
from app.desk.requests.values import ClockName
from app.desk.sla import news_due
from app.desk.values import Happening
from app.desk.warnings import queries
from app.desk.warnings.letter import Tidings, write_reminder, write_tidings
from app.desk.warnings.moments import News, Watched, news
from app.desk.warnings.service_watch import key_of, watch, watched
from app.lib.wording import rfc3339
from app.mail.service import post


def tell(session: Session, now: datetime, settings: Settings, conversation_id: int, name: str) -> None:
    """Tell what there is to tell of a clock now, once, to whoever serves today and to the administrators."""
    row = _locked(session, conversation_id)
    clock = requests.clock_rows(session, row.id).get(name) if row else None
    if row is None or clock is None:
        return
    policy = requests.policy(session, row.policy_id)
    known = watched(session, row, policy, name, clock)
    what = news(known, now)
    if what is News.WARNING:
        _note_warning(clock, known, now)
    elif what is News.BREACH:
        clock.breached_at = now
        facts = {"clock": name, "due_at": rfc3339(clock.due_at)}
        desk.note_happening(
            session, now, settings, conversation_id, Happening.BREACHED, facts=facts, is_internal=True
        )
    watch(session, row, policy, {name: clock})
    if what is not None:
        _post_tidings(session, now, settings, row, clock, what)


def give_reason(
    session: Session,
    now: datetime,
    settings: Settings,
    user: SignedIn,
    conversation_id: int,
    name: ClockName,
    reason: str,
) -> None:
    """Say why a clock was not met in time; the same again changes nothing, another one replaces it.

    ``reason`` is clean and not empty (app.lib.text). Raises CannotChange when the clock did not run out.
    """
    row = _locked(session, conversation_id)
    clock = requests.clock_rows(session, row.id).get(name) if row else None
    if clock is None or clock.breached_at is None:
        raise CannotChange("the clock did not run out")
    if clock.reason == reason:
        return
    clock.reason, clock.reason_by_id, clock.reason_at = reason, user.id, now
    facts = {"clock": name.value, "reason": reason}
    desk.note_happening(
        session,
        now,
        settings,
        conversation_id,
        Happening.REASON_GIVEN,
        user.id,
        user.name,
        facts,
        is_internal=True,
    )


def remind(session: Session, now: datetime, settings: Settings, conversation_id: int) -> None:
    """Remind whoever serves of a tracked request without news, once for each business day without any.

    The administrators where nobody is assigned.
    """
    row = _locked(session, conversation_id)
    if row is None or row.news_due_at is None or row.news_due_at > now:
        return
    due_at, policy = row.news_due_at, requests.policy(session, row.policy_id)
    following = news_due(policy, due_at)
    # What a worker missed that slept for days is not made up for day by day.
    row.news_due_at = following if following > now else news_due(policy, now)
    request = requests.request_of(session, conversation_id)
    serving = queries.whoever_serves(session, now, settings, request.conversation.company_id)
    for reader in queries.readers(session, serving, with_administrators=not serving):
        key = f"news:{row.id}:{due_at:%Y%m%dT%H%M%S}:{reader.id}"
        draft = write_reminder(request, reader, settings)
        post(session, now, key, _thread(row, reader), draft, useful_until=row.news_due_at)


def _note_warning(clock: RequestClock, known: Watched, now: datetime) -> None:
    if known.share_at <= now and not known.is_share_told:
        clock.warned_share_at = now
    if known.minutes_at <= now and not known.is_minutes_told:
        clock.warned_minutes_at = now


def _post_tidings(
    session: Session, now: datetime, settings: Settings, row: Request, clock: RequestClock, what: News
) -> None:
    request = requests.request_of(session, row.conversation_id)
    told = Tidings(what, ClockName(clock.name), clock.due_at, clock.met_at is not None)
    serving = queries.whoever_serves(session, now, settings, request.conversation.company_id)
    useful_until = clock.due_at if what is News.WARNING else None
    for reader in queries.readers(session, serving, with_administrators=True):
        key, draft = key_of(clock, what, now, reader.id), write_tidings(request, told, reader, settings)
        post(session, now, key, _thread(row, reader), draft, useful_until)


def _thread(row: Request, reader: SignedIn) -> str:
    return f"clocks:{row.id}:{reader.id}"


def _locked(session: Session, conversation_id: int) -> Request | None:
    session.get_one(Conversation, conversation_id, populate_existing=True, with_for_update=True)
    return requests.row_of(session, conversation_id)
