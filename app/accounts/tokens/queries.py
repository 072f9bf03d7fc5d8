"""Looking up API tokens."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import ApiToken, User
from app.accounts.queries import PERSON, signed_in
from app.accounts.tokens.tokens import TokenUse, TokenValue, read_scopes
from app.lib.db import fetch
from app.lib.tokens import token_hash

_USE: Select[*tuple[Any, ...]] = (
    select(ApiToken.id.label("token_id"), ApiToken.scopes, ApiToken.last_used_at, *PERSON)
    .join(User, User.id == ApiToken.user_id)
    .where(
        ApiToken.token_hash == bindparam("token_hash"),
        or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > bindparam("now")),
        User.is_active,
    )
)


def use_of(session: Session, now: datetime, token: str) -> TokenUse | None:
    """The living token that this is, with its active owner."""
    row = fetch(session, _USE, token_hash=token_hash(token), now=now).first()
    if row is None:
        return None
    return TokenUse(row.token_id, signed_in(row), frozenset(read_scopes(row.scopes)), row.last_used_at)


def tokens(
    session: Session, condition: ColumnElement[bool], *, before: int | None = None, limit: int
) -> Sequence[TokenValue]:
    """Tokens that fit, the newest first, those older than ``before`` (an id) if it is given."""
    wanted = (
        select(
            ApiToken.id,
            ApiToken.public_id,
            User.name.label("owner_name"),
            User.email.label("owner_email"),
            ApiToken.name,
            ApiToken.scopes,
            ApiToken.created_at,
            ApiToken.expires_at,
            ApiToken.last_used_at,
        )
        .join(User, User.id == ApiToken.user_id)
        .where(condition)
    )
    if before is not None:
        wanted = wanted.where(ApiToken.id < before)
    rows = session.execute(wanted.order_by(ApiToken.id.desc()).limit(limit))
    return [TokenValue(**{**row._mapping, "scopes": read_scopes(row.scopes)}) for row in rows]


def count_of(session: Session, user_id: int) -> int:
    """How many tokens a person has."""
    return session.scalar(select(func.count()).where(ApiToken.user_id == user_id)) or 0
