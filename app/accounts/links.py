"""The rules of sign-in links: how long, how often, with which code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.accounts.values import SignedIn
from app.lib.tokens import keyed_digest

LINK_LIFETIME = timedelta(minutes=10)
WRONG_CODES = 5
LIMIT_WINDOW = timedelta(hours=1)
LINKS_PER_ADDRESS = 5
LINKS_PER_CLIENT = 20
# No person has this id; whoever asks for a link takes its write lock.
LOCK_OF_LINKS = 0


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """What a browser asks for; ``browser`` is its pre-session secret, ``code`` the six digits it is shown."""

    email: str
    browser: str
    code: str
    client_address: str
    language: str


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """A link that still works; without ``code_hash`` it needs no code wherever it is opened."""

    id: int
    user_id: int
    email: str
    browser_hash: str | None
    code_hash: str | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A press on the button of a link's page; ``old_session`` is the token of the session it replaces."""

    token: str
    browser: str
    code: str
    old_session: str
    client_address: str = ""


class State(StrEnum):
    """How an attempt ended."""

    SIGNED_IN = "signed_in"
    CODE_MISSING = "code_missing"
    CODE_WRONG = "code_wrong"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of an attempt; when signed in, who, and the new session's token and last moment."""

    state: State
    user: SignedIn | None = None
    session_token: str = ""
    ends_at: datetime | None = None


def code_digest(key: str, code: str, browser_hash: str) -> str:
    """What is kept of a code: keyed, because a million codes are quickly tried."""
    return keyed_digest(key, "sign-in code", "".join(code.split()), browser_hash)


def wait_for(asked_at: Sequence[datetime], limit: int, now: datetime) -> timedelta | None:
    """How long until one more may be asked for; None when it may be now.

    ``asked_at`` are the times of asking; only those within LIMIT_WINDOW before ``now`` count.
    """
    recent = sorted(at for at in asked_at if at > now - LIMIT_WINDOW)
    if len(recent) < limit:
        return None
    return recent[-limit] + LIMIT_WINDOW - now
