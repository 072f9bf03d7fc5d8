"""How long a signed-in browser stays signed in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.accounts.values import CONTACT

# Last use is written down at most this often: a page view is not worth a write.
SEEN_EVERY = timedelta(minutes=5)
# What needs a fresh sign-in takes a proof that is at most this old.
FRESH_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Lifetime:
    """A session ends after ``idle`` without use, and after ``whole`` in any case."""

    idle: timedelta
    whole: timedelta


_CUSTOMERS = Lifetime(timedelta(hours=12), timedelta(days=30))
_STAFF = Lifetime(timedelta(hours=1), timedelta(hours=12))


def lifetime(role: str) -> Lifetime:
    """The lifetime for a role: short for everybody who can see more than their own calls."""
    return _CUSTOMERS if role == CONTACT else _STAFF


def is_over(role: str, last_seen_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Whether a session has ended, by idleness or by age."""
    return now >= ends_at or now - last_seen_at >= lifetime(role).idle


def is_fresh(proven_at: datetime, now: datetime) -> bool:
    """Whether somebody proved who they are just now."""
    return now - proven_at <= FRESH_FOR
