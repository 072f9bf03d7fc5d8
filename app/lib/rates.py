"""How often something may be done: the one table of limits, and how operators write them."""

from collections.abc import Mapping
from dataclasses import dataclass

from limits import RateLimitItem, parse_many


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit: its ``name``, what it is by default, and whom or what it counts.

    Of one that ``is_frequent`` each process writes down several at once (decision 12).
    """

    name: str
    default: str
    counts: str
    is_frequent: bool = False

    @property
    def setting(self) -> str:
        """The variable that changes it."""
        return f"LIMIT_{self.name.upper()}"


LINKS_PER_ADDRESS = Limit("links_per_address", "5 per hour", "sign-in links of a mail address")
LINKS_PER_CLIENT = Limit("links_per_client", "20 per hour", "sign-in links asked for by a client address")
PASSWORDS_PER_ADDRESS = Limit(
    "passwords_per_address", "10 per 15 minutes", "wrong passwords for a mail address"
)
PASSWORDS_PER_CLIENT = Limit(
    "passwords_per_client", "30 per 15 minutes", "wrong passwords of a client address"
)
SECOND_PROOFS = Limit("second_proofs", "10 per 15 minutes", "wrong second proofs of a person")
OPENID_PER_CLIENT = Limit(
    "openid_per_client", "30 per 15 minutes", "returns from the OpenID provider by a client address"
)
CALLBACKS = Limit("callbacks", "20 per hour", "callbacks asked for: of a person, of a client address")
BOOKINGS = Limit("bookings", "60 per minute", "holds, bookings, changes: of a person, of a client address")
MESSAGES = Limit("messages", "60 per minute", "requests and messages: of a person, of a client address")
LISTINGS = Limit(
    "listings", "600 per minute", "lists of free times: of a person, of a client address", is_frequent=True
)
POLLS_PER_FEED = Limit("polls_per_feed", "60 per minute", "polls of a calendar link", is_frequent=True)
POLLS_PER_CLIENT = Limit(
    "polls_per_client", "1200 per minute", "polls of calendar links by a client address", is_frequent=True
)
# So high that a browser in its own rhythm is never written down.
CHAT_POLLS = Limit(
    "chat_polls",
    "6000 per minute",
    "looks for new messages: of a person, of a client address",
    is_frequent=True,
)
UNSIGNED_PER_CLIENT = Limit(
    "unsigned_per_client", "30 per hour", "phone calls told of without a right signature by a client address"
)
LOOKUPS = Limit("lookups", "10 per hour", "calendar servers and files that a person has looked at")

LIMITS = (
    LINKS_PER_ADDRESS,
    LINKS_PER_CLIENT,
    PASSWORDS_PER_ADDRESS,
    PASSWORDS_PER_CLIENT,
    SECOND_PROOFS,
    OPENID_PER_CLIENT,
    BOOKINGS,
    CALLBACKS,
    MESSAGES,
    LISTINGS,
    POLLS_PER_FEED,
    POLLS_PER_CLIENT,
    CHAT_POLLS,
    UNSIGNED_PER_CLIENT,
    LOOKUPS,
)

# A process keeps at most a thirtieth of a frequent limit to itself.
_SHARE = 30


def read_limits(env: Mapping[str, str]) -> dict[str, RateLimitItem]:
    """The limits by name, as the variables say or by default.

    Raises ValueError, naming the variable, for what is not like ``60 per minute``.
    """
    return {limit.name: _read(limit, env.get(limit.setting) or limit.default) for limit in LIMITS}


def _read(limit: Limit, text: str) -> RateLimitItem:
    try:
        (rate,) = parse_many(text)
    except ValueError:
        raise ValueError(f"{limit.setting}={text!r} is not like '60 per minute'") from None
    if not (rate.amount > 0 and rate.multiples > 0):
        raise ValueError(f"{limit.setting}={text!r} allows nothing at all")
    return rate


def step_of(limit: Limit, rate: RateLimitItem) -> int:
    """How many uses a process writes down at once."""
    return max(1, rate.amount // _SHARE) if limit.is_frequent else 1
