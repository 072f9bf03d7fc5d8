"""Callbacks: asked for, taken, rung; each time with a line in the contact's conversation."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.values import SignedIn
from app.config import Settings
from app.customers.service import contact_profile
from app.desk import service as desk
from app.desk.callbacks import queries, service_letters
from app.desk.callbacks.due import due_at
from app.desk.callbacks.errors import CallbackClosed, CallbackTaken
from app.desk.callbacks.models import Callback, CallbackAttempt
from app.desk.callbacks.values import Asked, CallbackState, CallbackValue, Outcome
from app.desk.queries_hours import business_hours
from app.desk.values import Channel, Happening
from app.lib.phone_numbers import zone_of_number
from app.lib.tokens import new_public_id
from app.lib.wording import rfc3339

_CLOSES = {Outcome.REACHED: CallbackState.REACHED, Outcome.WRONG_NUMBER: CallbackState.WRONG_NUMBER}


def ask(session: Session, now: datetime, settings: Settings, asked: Asked) -> CallbackValue:
    """Somebody is to be rung: due by policy, and whoever serves is told; the same key again is that one.

    Needs a write transaction. A contact's goes with a line in their conversation.
    """
    due = promised_by(session, now, settings, asked)
    values = {
        "public_id": new_public_id(),
        "company_id": asked.company_id,
        "contact_id": asked.contact_id,
        "conversation_id": asked.conversation_id,
        "number": asked.number,
        "topic": asked.topic,
        "wished_at": asked.wished_at,
        "source": asked.source,
        "asked_at": now,
        "due_at": due,
        "key": asked.key,
    }
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    # A page that is sent twice, or a call that is reported twice, may come at the same moment.
    new = insert(Callback).values(**values).on_conflict_do_nothing(index_elements=[Callback.key])
    is_new = session.scalars(new.returning(Callback.id)).first() is not None
    row = session.scalars(select(Callback).where(Callback.key == asked.key)).one()
    if is_new:
        _give_conversation(session, now, row)
        facts = {"topic": row.topic, "due_at": rfc3339(due), "number": row.number, "callback": row.public_id}
        _note(session, now, settings, row, Happening.CALLBACK_ASKED, row.contact_id, facts)
        service_letters.tell_of_asked(session, now, settings, queries.callback(session, row.id))
    return queries.callback(session, row.id)


def promised_by(session: Session, now: datetime, settings: Settings, asked: Asked) -> datetime:
    """By when somebody is rung who asks this now."""
    zone = session.scalars(select(User.time_zone).where(User.id == asked.contact_id)).first()
    return promised_in(session, now, settings, zone or zone_of_number(asked.number), asked.wished_at)


def promised_in(
    session: Session, now: datetime, settings: Settings, zone: str, wished_at: datetime | None = None
) -> datetime:
    """The same of somebody in a zone, '' when nobody knows it."""
    hours, policy = business_hours(session, settings), timedelta(hours=settings.callback_hours)
    return due_at(hours, policy, now, wished_at, zone)


def take(
    session: Session, now: datetime, settings: Settings, user: SignedIn, public_id: str, shown: str
) -> CallbackValue:
    """Somebody of ours rings now; ``shown`` is the public id of who had it on their page, '' for nobody.

    Raises NotFound, CallbackClosed, and CallbackTaken when somebody else took it meanwhile.
    """
    row = locked(session, now, settings, user, public_id)
    holder = _holder(session, row)
    if holder is not None and holder.id != user.id and holder.public_id != shown:
        raise CallbackTaken(holder.name)
    row.taken_by_id, row.taken_at = user.id, now
    return queries.callback(session, row.id)


def note_outcome(
    session: Session,
    now: datetime,
    settings: Settings,
    user: SignedIn,
    public_id: str,
    outcome: Outcome,
    note: str,
) -> CallbackValue:
    """What came of ringing; without an answer it is free for others again.

    Raises NotFound, CallbackClosed, and CallbackTaken when it is not with this person.
    """
    row = locked(session, now, settings, user, public_id)
    holder = _holder(session, row)
    if holder is None or holder.id != user.id:
        raise CallbackTaken(holder.name if holder else "")
    session.add(CallbackAttempt(callback_id=row.id, by_id=user.id, made_at=now, outcome=outcome, note=note))
    if outcome not in _CLOSES:
        row.taken_by_id = row.taken_at = None
        return queries.callback(session, row.id)
    close(session, now, settings, row, _CLOSES[outcome], user.id)
    value = queries.callback(session, row.id)
    if outcome is Outcome.WRONG_NUMBER:
        service_letters.tell_of_wrong_number(session, now, settings, value)
    return value


def withdraw(
    session: Session, now: datetime, settings: Settings, user: SignedIn, public_id: str
) -> CallbackValue:
    """The contact wants no call any more; raises NotFound, and CallbackClosed when it is over."""
    row = locked(session, now, settings, user, public_id)
    close(session, now, settings, row, CallbackState.WITHDRAWN, user.id)
    return queries.callback(session, row.id)


def locked(session: Session, now: datetime, settings: Settings, user: SignedIn, public_id: str) -> Callback:
    """The callback, kept as it is until the transaction ends; raises NotFound and CallbackClosed."""
    found = queries.find(session, now, settings, user, public_id)
    row = session.get_one(Callback, found.id, populate_existing=True, with_for_update=True)
    if row.state != CallbackState.WAITING:
        raise CallbackClosed(row.state)
    return row


def _holder(session: Session, row: Callback) -> User | None:
    return session.get(User, row.taken_by_id) if row.taken_by_id else None


def close(
    session: Session,
    now: datetime,
    settings: Settings,
    row: Callback,
    state: CallbackState,
    by_id: int | None,
) -> None:
    """It is over; ``by_id`` is whose doing that is, None for nobody who is known any more."""
    row.state, row.closed_at = state, now
    session.flush()
    facts = {"state": str(state), "callback": row.public_id}
    _note(session, now, settings, row, Happening.CALLBACK_CLOSED, by_id, facts)


def _give_conversation(session: Session, now: datetime, row: Callback) -> None:
    if row.conversation_id is None and row.contact_id is not None:
        contact = contact_profile(session, row.contact_id)
        row.conversation_id = desk.standing_conversation(session, now, contact, Channel.PAGE).id
        session.flush()


def _note(
    session: Session,
    now: datetime,
    settings: Settings,
    row: Callback,
    happening: Happening,
    author_id: int | None,
    facts: Mapping[str, object],
) -> None:
    if row.conversation_id is None:
        return
    author_name = session.get_one(User, author_id).name if author_id else ""
    desk.note_happening(session, now, settings, row.conversation_id, happening, author_id, author_name, facts)
