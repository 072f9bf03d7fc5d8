"""Looking up people, sessions and links."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from app.accounts.links import WRONG_CODES, LinkFacts
from app.accounts.models import AuditEntry, SignInLink, User, UserSession
from app.accounts.sessions import is_over
from app.accounts.values import SignedIn, Visit
from app.lib.db import fetch
from app.lib.tokens import token_hash

PERSON = (User.id, User.public_id, User.name, User.email, User.role, User.language, User.time_zone)
_VISIT: Select[*tuple[Any, ...]] = (
    select(
        UserSession.id.label("session_id"),
        UserSession.created_at,
        UserSession.proven_at,
        UserSession.last_seen_at,
        UserSession.ends_at,
        *PERSON,
    )
    .join(User, User.id == UserSession.user_id)
    .where(UserSession.token_hash == bindparam("token_hash"), UserSession.ended_at.is_(None), User.is_active)
)


def person(session: Session, condition: ColumnElement[bool]) -> SignedIn | None:
    """The one active user that fits."""
    row = session.execute(select(*PERSON).where(condition, User.is_active)).first()
    return None if row is None else signed_in(row)


def by_email(session: Session, email: str) -> SignedIn | None:
    """The active user with this address, however it is capitalised."""
    return person(session, User.email == email.strip().lower())


def visit(session: Session, now: datetime, token: str) -> Visit | None:
    """The session that a browser's token stands for, unless it or the account has ended."""
    row = fetch(session, _VISIT, token_hash=token_hash(token)).first()
    if row is None or is_over(row.role, row.last_seen_at, row.ends_at, now):
        return None
    moments = (row.created_at, row.proven_at, row.last_seen_at, row.ends_at)
    return Visit(row.session_id, signed_in(row), *moments)


def living_link(session: Session, now: datetime, token: str) -> LinkFacts | None:
    """The link of a token, if it still works.

    It does not once it was used, is over ten minutes old, had five wrong codes, is not the newest of its
    address, or its owner has another address by now or is disabled.
    """
    row = session.execute(
        select(
            SignInLink.id,
            User.id.label("user_id"),
            SignInLink.email,
            SignInLink.browser_hash,
            SignInLink.code_hash,
        )
        .join(User, User.id == SignInLink.user_id)
        .where(
            SignInLink.token_hash == token_hash(token),
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > now,
            SignInLink.wrong_codes < WRONG_CODES,
            SignInLink.email == User.email,
            is_newest(),
            User.is_active,
        )
    ).first()
    return None if row is None else LinkFacts(**row._mapping)


def is_newest() -> ColumnElement[bool]:
    """That no later link was asked for with the same address: that one is the one that works."""
    other = aliased(SignInLink)
    newest = select(func.max(other.id)).where(other.email == SignInLink.email).scalar_subquery()
    return SignInLink.id == newest


def was_recorded(
    session: Session, since: datetime, actor_id: int, verb: str, object_type: str, object_id: str
) -> bool:
    """Whether the audit log has this fact of this person since then."""
    about = (AuditEntry.object_type == object_type, AuditEntry.object_id == object_id)
    by_them = (AuditEntry.actor_id == actor_id, AuditEntry.verb == verb, AuditEntry.at > since)
    return session.scalars(select(AuditEntry.id).where(*about, *by_them).limit(1)).first() is not None


def signed_in(row: Row[*tuple[Any, ...]]) -> SignedIn:
    """The person of a row that has the columns PERSON."""
    fields = row._mapping
    return SignedIn(**{column.key: fields[column.key] for column in PERSON})
