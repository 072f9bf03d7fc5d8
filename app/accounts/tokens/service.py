"""Making, using and ending API tokens."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, true, update
from sqlalchemy.orm import Session

from app.accounts import rights
from app.accounts.errors import NotFound
from app.accounts.models import ApiToken
from app.accounts.service import find_person, record
from app.accounts.tokens import queries
from app.accounts.tokens.errors import TokenRefused
from app.accounts.tokens.tokens import (
    MOST_DAYS,
    MOST_TOKENS,
    TokenUse,
    TokenValue,
    TokenWish,
    write_scopes,
)
from app.accounts.values import SignedIn
from app.lib.tokens import new_token, token_hash

BY_OPERATOR = TokenWish("Command line")


def find_use(session: Session, now: datetime, token: str) -> TokenUse | None:
    """The token that came with a request; None when it is unknown, ran out, or the account is disabled."""
    return queries.use_of(session, now, token)


def note_use(session: Session, now: datetime, use: TokenUse) -> None:
    """Write down that a token was used just now."""
    session.execute(update(ApiToken).where(ApiToken.id == use.id).values(last_used_at=now))


def make_api_token(session: Session, now: datetime, email: str, wish: TokenWish = BY_OPERATOR) -> str:
    """A new token for somebody, made by an operator (see ``make_token``).

    Raises NotFound when nobody active has the address, TokenRefused.
    """
    return make_token(session, now, find_person(session, email), wish, actor="operator")


def make_token(
    session: Session, now: datetime, owner: SignedIn, wish: TokenWish, actor: SignedIn | str | None = None
) -> str:
    """A new token for the API; only its hash is kept, so it is shown this once.

    Raises TokenRefused for scopes that the owner's role cannot use, for none, for a time of less than a day
    or more than a year, and when the owner has too many.
    """
    offered = rights.offered_scopes(owner.role)
    if not wish.scopes or not wish.scopes <= set(offered):
        names = ", ".join(offered)
        raise TokenRefused("scopes", f"a token of the role {owner.role} can have the scopes {names}")
    if not 1 <= wish.days <= MOST_DAYS:
        raise TokenRefused("days", f"a token lasts from 1 to {MOST_DAYS} days")
    if queries.count_of(session, owner.id) >= MOST_TOKENS:
        raise TokenRefused("many", f"{owner.email} has {MOST_TOKENS} tokens already")
    token, expires_at = new_token(), now + timedelta(days=wish.days)
    row = ApiToken(
        user_id=owner.id,
        token_hash=token_hash(token),
        name=wish.name,
        scopes=write_scopes(wish.scopes),
        created_at=now,
        expires_at=expires_at,
    )
    session.add(row)
    session.flush()
    facts = _facts(row) | {"expires": expires_at.isoformat()}
    record(session, now, actor or owner, "api_token_made", "user", owner.id, **facts)
    return token


def tokens_of(session: Session, owner: SignedIn) -> Sequence[TokenValue]:
    """A person's own tokens, the newest first."""
    return queries.tokens(session, ApiToken.user_id == owner.id, limit=MOST_TOKENS)


def all_tokens(session: Session, before: int | None, limit: int) -> Sequence[TokenValue]:
    """Everybody's tokens, the newest first, those older than ``before`` (an id) if it is given."""
    return queries.tokens(session, true(), before=before, limit=limit)


def end_token(session: Session, now: datetime, actor: SignedIn, public_id: str, *, own: bool) -> None:
    """End a token: from now on it is worth nothing. With ``own`` only one's own can be ended.

    Raises NotFound.
    """
    wanted = select(ApiToken).where(ApiToken.public_id == public_id)
    row = session.scalars(wanted.where(ApiToken.user_id == actor.id) if own else wanted).first()
    if row is None:
        raise NotFound(f"no API token {public_id}")
    facts, owner_id = _facts(row), row.user_id
    session.execute(delete(ApiToken).where(ApiToken.id == row.id))
    record(session, now, actor, "api_token_ended", "user", owner_id, **facts)


def _facts(row: ApiToken) -> dict[str, str]:
    return {"token": row.public_id, "name": row.name, "scopes": row.scopes}
