"""Callbacks as values: a contact's own, those that somebody of ours sees to, those that run out."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, or_, select, true
from sqlalchemy.orm import Session, aliased

from app.accounts.errors import NotFound
from app.accounts.models import User
from app.accounts.values import ADMINISTRATOR, CONTACT, SignedIn
from app.booking.models import Booking
from app.config import Settings
from app.customers.models import Company
from app.customers.queries_served import served_by
from app.desk.callbacks.models import Callback, CallbackAttempt
from app.desk.callbacks.values import Attempt, CallbackState, CallbackValue, Outcome, Source
from app.lib.phone_numbers import zone_of_number
from app.lib.zones import local

MOST_SHOWN = 50
# So many wait for a call nowhere; what comes after these comes up as they are rung.
_MOST_OPEN = 1000

_taker = aliased(User, name="taker")
_CALLBACKS: Select[*tuple[Any, ...]] = (
    select(
        Callback.id,
        Callback.public_id,
        Callback.company_id,
        Company.name.label("company_name"),
        Callback.contact_id,
        User.name.label("contact_name"),
        User.time_zone.label("zone"),
        Callback.number,
        Callback.topic,
        Callback.wished_at,
        Callback.source,
        Callback.asked_at,
        Callback.due_at,
        Callback.state,
        Callback.taken_by_id,
        _taker.public_id.label("taken_by_public_id"),
        _taker.name.label("taken_by_name"),
        Callback.taken_at,
        Callback.closed_at,
        Booking.public_id.label("booking"),
        Callback.conversation_id,
    )
    .outerjoin(Company, Company.id == Callback.company_id)
    .outerjoin(User, User.id == Callback.contact_id)
    .outerjoin(_taker, _taker.id == Callback.taken_by_id)
    .outerjoin(Booking, Booking.id == Callback.booking_id)
)
_TEXTS = ("company_name", "contact_name", "zone", "taken_by_public_id", "taken_by_name", "booking")


def visible_to(session: Session, now: datetime, settings: Settings, user: SignedIn) -> ColumnElement[bool]:
    """The callbacks that somebody may see, as a condition.

    Contacts see their own; specialists and seniors those of the companies that they serve today, and callers
    whom nobody knows; administrators all.
    """
    if user.role == ADMINISTRATOR:
        return true()
    if user.role == CONTACT:
        return Callback.contact_id == user.id
    today = local(now, settings.service_time_zone).date()
    return or_(Callback.company_id.is_(None), served_by(session, user.id, today, Callback.company_id))


def find(
    session: Session, now: datetime, settings: Settings, user: SignedIn, public_id: str
) -> CallbackValue:
    """The callback with this public id; raises NotFound when there is none, or it is somebody else's."""
    if public_id.isprintable():
        seen = visible_to(session, now, settings, user)
        for value in callbacks(session, Callback.public_id == public_id, seen):
            return value
    raise NotFound(f"no callback {public_id!r}")


def callback(session: Session, callback_id: int) -> CallbackValue:
    """The callback with this id, as it is now; raises NotFound."""
    session.flush()
    for value in callbacks(session, Callback.id == callback_id):
        return value
    raise NotFound(f"no callback {callback_id}")


def open_callbacks(
    session: Session, now: datetime, settings: Settings, user: SignedIn
) -> list[CallbackValue]:
    """Those that somebody may see and that are still to be rung, what is due first comes first."""
    wanted = (Callback.state == CallbackState.WAITING, visible_to(session, now, settings, user))
    return callbacks(session, *wanted, limit=_MOST_OPEN)


def callbacks_of(
    session: Session, contact_id: int, after: tuple[datetime, int] | None = None
) -> list[CallbackValue]:
    """The contact's own, the last one first; one more than are shown, from behind ``after`` as before."""
    wanted = [Callback.contact_id == contact_id]
    if after is not None:
        asked, number = after
        wanted.append(or_(Callback.asked_at < asked, (Callback.asked_at == asked) & (Callback.id < number)))
    order = (Callback.asked_at.desc(), Callback.id.desc())
    return callbacks(session, *wanted, order=order, limit=MOST_SHOWN + 1)


def waiting_of(session: Session, contact_id: int) -> CallbackValue | None:
    """The contact's callback that is due first of those that they wait for; one query when there is none."""
    wanted = (Callback.contact_id == contact_id, Callback.state == CallbackState.WAITING)
    return next(iter(callbacks(session, *wanted, order=(Callback.due_at,), limit=1)), None)


def has_booked(session: Session) -> bool:
    """Whether a call was booked in place of one that is still open."""
    wanted = (Callback.state == CallbackState.WAITING, Callback.booking_id.is_not(None))
    return session.scalars(select(Callback.id).where(*wanted).limit(1)).first() is not None


def running_out(session: Session, after: datetime, until: datetime) -> list[CallbackValue]:
    """Those never rung yet whose due moment lies in between; after the first, up to the second.

    Who was rung and did not answer was promised nothing more; they stay in the queue.
    """
    between = (Callback.due_at > after, Callback.due_at <= until)
    was_rung = exists().where(CallbackAttempt.callback_id == Callback.id)
    return callbacks(session, Callback.state == CallbackState.WAITING, *between, ~was_rung)


def callbacks(
    session: Session,
    *conditions: ColumnElement[bool],
    order: Iterable[Any] = (Callback.due_at, Callback.id),
    limit: int | None = None,
) -> list[CallbackValue]:
    """The callbacks that meet the conditions with their attempts; two queries, one when there are none."""
    rows = session.execute(_CALLBACKS.where(*conditions).order_by(*order).limit(limit)).all()
    attempts = _attempts(session, [row.id for row in rows]) if rows else {}
    return [_value(row, tuple(attempts.get(row.id, ()))) for row in rows]


def _attempts(session: Session, ids: list[int]) -> dict[int, list[Attempt]]:
    found: dict[int, list[Attempt]] = {}
    wanted = (
        select(CallbackAttempt, User.name)
        .outerjoin(User, User.id == CallbackAttempt.by_id)
        .where(CallbackAttempt.callback_id.in_(ids))
        .order_by(CallbackAttempt.id)
    )
    for row, name in session.execute(wanted):
        made = Attempt(name or "", row.made_at, Outcome(row.outcome), row.note)
        found.setdefault(row.callback_id, []).append(made)
    return found


def _value(row: Row[*tuple[Any, ...]], attempts: tuple[Attempt, ...]) -> CallbackValue:
    values: dict[str, Any] = dict(row._mapping)
    values |= {name: values[name] or "" for name in _TEXTS}
    values |= {"source": Source(row.source), "state": CallbackState(row.state)}
    values["zone"] = values["zone"] or zone_of_number(row.number)
    return CallbackValue(**values, attempts=attempts)
