"""Where somebody is signed in, and was lately, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from app.accounts.browsers.user_agent import read_agent
from app.accounts.browsers.values import OwnSession
from app.accounts.values import SignedIn, Visit
from app.lib import wording


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session in the list; ``is_own`` is the one that asks."""

    id: str
    browser: str
    address: str
    began: str
    method: str
    last: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class SessionsPage:
    """The page; ``older`` is where the next page of those that ended begins, None on the last one."""

    living: tuple[SessionRow, ...]
    ended: tuple[SessionRow, ...]
    older: int | None
    is_first: bool
    saved: str = ""

    @property
    def has_others(self) -> bool:
        """Whether there is another one to end."""
        return any(not row.is_own for row in self.living)


def session_rows(
    sessions: Sequence[OwnSession], visit: Visit, language: str, *, is_living: bool
) -> tuple[SessionRow, ...]:
    """The list, in the person's zone."""
    user = visit.user
    return tuple(
        SessionRow(
            id=item.public_id,
            browser=browser_words(item.user_agent),
            address=item.client_address,
            began=moment_words(item.created_at, user, language),
            method=method_words(item.method),
            last=moment_words(item.last_seen_at if is_living else item.over_since(user.role), user, language),
            is_own=item.id == visit.id,
        )
        for item in sessions
    )


def browser_words(user_agent: str) -> str:
    """Browser and system as people call them."""
    agent = read_agent(user_agent)
    if agent.browser and agent.system:
        return _("%(browser)s on %(system)s", browser=agent.browser, system=agent.system)
    return agent.browser or agent.system or _("Unknown browser")


def moment_words(moment: datetime, user: SignedIn, language: str) -> str:
    """Day and time in the person's zone."""
    day = wording.local_date(moment, user.time_zone)
    return f"{wording.day_short(day, language)}, {wording.clock(moment, user.time_zone)}"


def method_words(method: str) -> str:
    """How somebody proved who they are."""
    words = {
        "link": _("link by e-mail"),
        "password": _("password"),
        "totp": _("authenticator app"),
        "recovery": _("recovery code"),
        "passkey": _("passkey"),
        "oidc": _("account of your organisation"),
    }
    return ", ".join(words.get(part, part) for part in method.split("+"))


def saved_words(key: str) -> str:
    """What was just done; empty for what was not done here."""
    return {
        "session": _("That session is ended."),
        "sessions": _("You are signed out everywhere else."),
    }.get(key, "")
