"""How often something was done, in the database that all processes share (decision 12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from limits import RateLimitItem
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.accounts import service
from app.accounts.errors import TooMany
from app.accounts.models_proofs import RateCount
from app.accounts.values import SignedIn
from app.config import Settings
from app.lib.rates import Limit
from app.lib.tokens import token_hash


@dataclass(frozen=True, slots=True)
class Use:
    """So many uses of what a limit counts, by ``whom``: an address, a token, ``person 5``."""

    limit: Limit
    whom: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Refusal:
    """A limit is used up until then; ``is_news`` is true for one refusal in each window."""

    use: Use
    until: datetime
    is_news: bool


class CountStorage(Storage):
    """The library's storage: rows of the table ``rate_count``, in the transaction of its user.

    A window begins with its first use. ``incr`` is one statement, so of any number at once each has its
    own count.
    """

    STORAGE_SCHEME = None

    def __init__(self, session: Session, now: datetime) -> None:
        super().__init__()
        self._session, self._now = session, now
        self.last_count = 0

    @property
    def base_exceptions(self) -> type[Exception]:
        """What goes wrong with a database."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count ``amount`` more within a window of ``expiry`` seconds; how many they are now."""
        is_sqlite = self._session.get_bind().dialect.name == "sqlite"
        ends = self._now + timedelta(seconds=expiry)
        new = (sqlite.insert if is_sqlite else postgresql.insert)(RateCount).values(
            key=key, count=amount, expires_at=ends
        )
        is_over = RateCount.expires_at <= self._now
        counted = new.on_conflict_do_update(
            index_elements=[RateCount.key],
            set_={
                "count": case((is_over, amount), else_=RateCount.count + amount),
                "expires_at": case((is_over, ends), else_=RateCount.expires_at),
            },
        ).returning(RateCount.count)
        self.last_count = self._session.execute(counted).scalar_one()
        return self.last_count

    def get(self, key: str) -> int:
        """How many were counted in the window that is open."""
        is_open = RateCount.expires_at > self._now
        return self._session.scalar(select(RateCount.count).where(RateCount.key == key, is_open)) or 0

    def get_expiry(self, key: str) -> float:
        """When the window ends, in seconds since the epoch."""
        until = self._session.scalar(select(RateCount.expires_at).where(RateCount.key == key))
        return (until or self._now).timestamp()

    def check(self) -> bool:
        """Whether the database answers."""
        return self._session.scalar(select(1)) == 1

    def reset(self) -> int | None:
        """Forget everything."""
        self._session.execute(delete(RateCount))
        return None

    def clear(self, key: str) -> None:
        """Forget a key."""
        self._session.execute(delete(RateCount).where(RateCount.key == key))


def rate_of(settings: Settings, limit: Limit) -> RateLimitItem:
    """What the operator allows."""
    return settings.limits[limit.name]


def key_of(settings: Settings, use: Use) -> str:
    """What is counted, without saying whom: addresses and tokens are hashed."""
    return rate_of(settings, use.limit).key_for(use.limit.name, token_hash(use.whom))


def count(session: Session, now: datetime, settings: Settings, uses: Sequence[Use]) -> Refusal | None:
    """Count all uses up to the first that is too many; a refused one counts, too."""
    storage = CountStorage(session, now)
    limiter = FixedWindowRateLimiter(storage)
    for use in uses:
        rate, key = rate_of(settings, use.limit), (use.limit.name, token_hash(use.whom))
        if not limiter.hit(rate, *key, cost=use.count):
            is_news = storage.last_count - use.count <= rate.amount
            return Refusal(use, _end(limiter, rate, key, now), is_news)
    return None


def record_refusal(
    session: Session, now: datetime, actor: SignedIn | str, client_address: str, refusal: Refusal
) -> None:
    """Write down that a limit was hit: once for each window."""
    facts = {"client_address": client_address, "counts": refusal.use.limit.counts}
    service.record(session, now, actor, "hit a limit", "limit", refusal.use.limit.name, **facts)


def check(session: Session, now: datetime, settings: Settings, use: Use) -> None:
    """Nothing while one more may be counted.

    Raises TooMany.
    """
    limiter, rate = FixedWindowRateLimiter(CountStorage(session, now)), rate_of(settings, use.limit)
    key = (use.limit.name, token_hash(use.whom))
    if not limiter.test(rate, *key, cost=use.count):
        raise TooMany(
            datetime.fromtimestamp(limiter.get_window_stats(rate, *key).reset_time, now.tzinfo) - now
        )


def give_back(session: Session, settings: Settings, use: Use) -> None:
    """Take back what was counted before it was known to be right."""
    some = (RateCount.key == key_of(settings, use), RateCount.count >= use.count)
    session.execute(update(RateCount).where(*some).values(count=RateCount.count - use.count))


def _end(
    limiter: FixedWindowRateLimiter, rate: RateLimitItem, key: tuple[str, str], now: datetime
) -> datetime:
    """When the open window ends."""
    return datetime.fromtimestamp(limiter.get_window_stats(rate, *key).reset_time, now.tzinfo)
