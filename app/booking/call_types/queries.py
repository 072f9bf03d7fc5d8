"""Call types with what is different for single specialists; each answer is one query."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.booking.models import CallType, CallTypeChange
from app.booking.questions import read_questions
from app.booking.rules import CHANGEABLE, call_type_of
from app.booking.values import CallTypeValue
from app.lib.db import fetch

_ALL = (
    select(*CallType.__table__.columns, CallTypeChange.specialist_id, CallTypeChange.rules)
    .outerjoin(CallTypeChange, CallTypeChange.call_type_id == CallType.id)
    .order_by(CallType.position, CallType.id)
)
_ACTIVE = _ALL.where(CallType.is_active)
_BY_SLUG = _ALL.where(CallType.slug == bindparam("slug"))
_BY_ID = _ALL.where(CallType.id == bindparam("call_type_id"))


def call_types(session: Session, *, even_inactive: bool = False) -> list[CallTypeValue]:
    """The active call types in their order, or all of them."""
    return _values(fetch(session, _ALL if even_inactive else _ACTIVE))


def call_type(session: Session, slug: str, *, even_inactive: bool = False) -> CallTypeValue:
    """The active call type with this slug; raises NotFound."""
    # Databases fail on NUL and lone surrogates instead of finding nothing.
    found = _values(fetch(session, _BY_SLUG, slug=slug)) if slug.isprintable() else []
    if not found or not (found[0].is_active or even_inactive):
        raise NotFound(f"no call type {slug!r}")
    return found[0]


def call_type_by_id(session: Session, call_type_id: int) -> CallTypeValue:
    """The call type with this id, which exists, active or not."""
    return _values(fetch(session, _BY_ID, call_type_id=call_type_id))[0]


def _values(rows: Iterable[Any]) -> list[CallTypeValue]:
    grouped = groupby(rows, key=lambda row: row.id)
    return [_value(list(group)) for _call_type_id, group in grouped]


def _value(rows: Sequence[Any]) -> CallTypeValue:
    """One call type from its row, which is repeated for each specialist who has changes."""
    row = rows[0]
    columns = {name: getattr(row, name) for name in CHANGEABLE}
    return call_type_of(
        columns,
        id=row.id,
        slug=row.slug,
        names=row.names,
        hints=row.hints,
        reminders=tuple(row.reminders),
        questions=read_questions(row.questions),
        is_active=row.is_active,
        changes={item.specialist_id: item.rules for item in rows if item.specialist_id is not None},
    )
