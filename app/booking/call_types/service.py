"""Making and changing call types, and what is different for single specialists; for administrators."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.accounts.auditing.changes import differences
from app.accounts.errors import NotFound
from app.accounts.service import record
from app.accounts.values import SignedIn
from app.booking.call_types.edited_questions import new_key
from app.booking.errors import LastCallType
from app.booking.models import CallType, CallTypeChange

_COLUMNS = frozenset(CallType.__table__.columns.keys()) - {"id", "slug", "position"}
# An address of the pages of its own (app/admin/views_call_types.py).
_RESERVED = frozenset({"new"})


def make_call_type(session: Session, now: datetime, actor: SignedIn, values: Mapping[str, Any]) -> str:
    """Add a call type, last in order, with these columns (app/booking/call_types/edited.py); its slug."""
    used = {*session.scalars(select(CallType.slug)), *_RESERVED}
    last = session.scalar(select(func.max(CallType.position)))
    slug = new_key(values["names"]["en"], used, limit=60)
    session.add(CallType(slug=slug, position=0 if last is None else last + 1, **_known(values)))
    _record(session, now, actor, "call_type_made", slug, differences({}, values))
    return slug


def change_call_type(
    session: Session, now: datetime, actor: SignedIn, slug: str, values: Mapping[str, Any]
) -> None:
    """Give a call type these columns; calls that are booked keep the rules that they were made under.

    Raises NotFound, and LastCallType when no other would be offered.
    """
    row = _row(session, slug)
    if row.is_active and not values.get("is_active", True):
        others = select(CallType.id).where(CallType.is_active, CallType.id != row.id)
        if session.scalars(others).first() is None:
            raise LastCallType(slug)
    after = _known(values)
    changes = differences({name: getattr(row, name) for name in after}, after)
    for name in changes:
        setattr(row, name, after[name])
    if changes:
        _record(session, now, actor, "call_type_changed", slug, changes)


def change_for_specialist(
    session: Session,
    now: datetime,
    actor: SignedIn,
    slug: str,
    specialist: tuple[int, str],
    rules: Mapping[str, Any],
) -> None:
    """Say what is different when this specialist (id and name) takes such a call; nothing takes it back.

    Raises NotFound.
    """
    row = _row(session, slug)
    person_id, name = specialist
    known = session.scalars(
        select(CallTypeChange).where(
            CallTypeChange.call_type_id == row.id, CallTypeChange.specialist_id == person_id
        )
    ).first()
    changes = differences(known.rules if known else {}, rules)
    if not changes:
        return
    if known is not None:
        session.execute(delete(CallTypeChange).where(CallTypeChange.id == known.id))
    if rules:
        session.add(CallTypeChange(call_type_id=row.id, specialist_id=person_id, rules=dict(rules)))
    _record(session, now, actor, "call_type_changed", slug, changes, specialist=name)


def _row(session: Session, slug: str) -> CallType:
    wanted = select(CallType).where(CallType.slug == slug)
    found = session.scalars(wanted).first() if slug.isprintable() else None
    if found is None:
        raise NotFound(f"no call type {slug!r}")
    return found


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in _COLUMNS}


def _record(
    session: Session,
    now: datetime,
    actor: SignedIn,
    verb: str,
    slug: str,
    changes: Mapping[str, Any],
    **detail: str,
) -> None:
    """The audit log has each column as ``[before, after]``."""
    record(session, now, actor, verb, "call_type", slug, changes=dict(changes), **detail)
