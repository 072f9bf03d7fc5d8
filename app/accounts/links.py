"""The rules of sign-in links: how long, and with which code."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.accounts.values import SignedIn
from app.lib.tokens import keyed_digest

LINK_LIFETIME = timedelta(minutes=10)
WRONG_CODES = 5


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
class Client:
    """Where somebody signs in; ``session`` is the token of the session that the new one replaces.

    ``devices`` are the tokens by which a browser is known for long, one for each person who uses it.
    """

    session: str = ""
    user_agent: str = ""
    address: str = ""
    devices: tuple[str, ...] = ()


NO_CLIENT = Client()


@dataclass(frozen=True, slots=True)
class Attempt:
    """A press on the button of a link's page; ``browser`` is the secret of the one that it is pressed in.

    ``onward`` is the local path to go to afterwards, wished when ``asked_for`` was the address.
    """

    token: str
    browser: str
    code: str
    client: Client
    asked_for: str = ""
    onward: str = ""


class State(StrEnum):
    """How an attempt ended; ``PROVEN`` is a first proof, after which staff owe the second."""

    SIGNED_IN = "signed_in"
    PROVEN = "proven"
    SECOND_OWED = "second_owed"
    CODE_MISSING = "code_missing"
    CODE_WRONG = "code_wrong"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of an attempt, and of whom; ``token`` is what the browser gets, until ``ends_at``.

    It is that of the new session or, when a second proof is owed, of the step towards it. ``onward`` is the
    local path to go to when signed in, ``device`` the token by which the browser is known from now on.
    """

    state: State
    user: SignedIn | None = None
    token: str = ""
    ends_at: datetime | None = None
    onward: str = ""
    device: str = ""


def code_digest(key: str, code: str, browser_hash: str) -> str:
    """What is kept of a code: keyed, because a million codes are quickly tried."""
    return keyed_digest(key, "sign-in code", "".join(code.split()), browser_hash)
