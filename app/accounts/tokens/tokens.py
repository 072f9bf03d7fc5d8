"""API tokens as values: what they may be used for, for how long, and which are offered to whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.accounts.rights import Scope
from app.accounts.values import SignedIn

DEFAULT_DAYS = 90
MOST_DAYS = 365
MOST_TOKENS = 20
NAME_LIMIT = 100
# Last use is written down at most this often: a call of the API is not worth a write.
USED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class TokenWish:
    """A token that somebody wants; ``days`` is how long it lasts."""

    name: str
    scopes: frozenset[Scope] = frozenset({Scope.READ, Scope.BOOK})
    days: int = DEFAULT_DAYS


@dataclass(frozen=True, slots=True)
class TokenUse:
    """A living token that came with a request; ``user`` is its owner."""

    id: int
    user: SignedIn
    scopes: frozenset[Scope]
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class TokenValue:
    """A token in a list, without its secret; ``expires_at`` None is for ever (tokens of before)."""

    id: int
    public_id: str
    owner_name: str
    owner_email: str
    name: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


def read_scopes(text: str) -> tuple[Scope, ...]:
    """The scopes that stand in a column, by comma; words that are none are worth nothing."""
    return tuple(scope for scope in Scope if scope.value in text.split(","))


def write_scopes(scopes: Iterable[Scope]) -> str:
    """Scopes as they stand in a column."""
    wanted = set(scopes)
    return ",".join(scope.value for scope in Scope if scope in wanted)


def is_due(use: TokenUse, now: datetime) -> bool:
    """Whether this use is to be written down."""
    return use.last_used_at is None or now - use.last_used_at >= USED_EVERY
