"""API tokens in words: a person's own, and everybody's for the administrator."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from app.accounts.rights import Scope, offered_scopes
from app.accounts.tokens.tokens import DEFAULT_DAYS, MOST_DAYS, MOST_TOKENS, TokenValue
from app.accounts.values import SignedIn
from app.lib import wording


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token in a list; ``is_over`` when it has run out."""

    id: str
    owner: str
    email: str
    name: str
    scopes: str
    used: str
    expires: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class ScopeChoice:
    """A scope to tick."""

    value: str
    text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class TokensPage:
    """A person's own tokens; ``secret`` is the one that was made just now, ``problems`` go by field."""

    rows: tuple[TokenRow, ...]
    scopes: tuple[ScopeChoice, ...]
    name: str = ""
    days: str = str(DEFAULT_DAYS)
    secret: str = ""
    problems: tuple[tuple[str, str], ...] = ()

    def problem(self, field: str) -> str:
        """What is wrong with a field, if anything is."""
        return dict(self.problems).get(field, "")


@dataclass(frozen=True, slots=True)
class AllTokensPage:
    """Everybody's tokens; ``older`` is where the next page begins, None on the last one."""

    rows: tuple[TokenRow, ...]
    older: int | None


def tokens_page(
    tokens: Sequence[TokenValue],
    user: SignedIn,
    now: datetime,
    *,
    chosen: Collection[str] = (Scope.READ,),
    name: str = "",
    days: str = str(DEFAULT_DAYS),
    secret: str = "",
    problems: Sequence[tuple[str, str]] = (),
) -> TokensPage:
    """The page; what was typed comes back with its problems."""
    words = scope_words()
    choices = [ScopeChoice(scope, words[scope], scope in chosen) for scope in offered_scopes(user.role)]
    rows = token_rows(tokens, user, now)
    return TokensPage(rows, tuple(choices), name, days, secret, tuple(problems))


def token_rows(tokens: Sequence[TokenValue], reader: SignedIn, now: datetime) -> tuple[TokenRow, ...]:
    """The list, with days in the reader's zone."""
    return tuple(_row(token, reader, now) for token in tokens)


def _row(token: TokenValue, reader: SignedIn, now: datetime) -> TokenRow:
    is_over = token.expires_at is not None and token.expires_at <= now
    return TokenRow(
        id=token.public_id,
        owner=token.owner_name,
        email=token.owner_email,
        name=token.name or _("Without a name"),
        scopes=", ".join(token.scopes),
        used=_day(token.last_used_at, reader) if token.last_used_at else _("Never"),
        expires=_day(token.expires_at, reader) if token.expires_at else _("Never"),
        is_over=is_over,
    )


def _day(moment: datetime, reader: SignedIn) -> str:
    day = wording.local_date(moment, reader.time_zone)
    return f"{wording.day_plain(day, reader.language)} {day.year}"


def scope_words() -> dict[str, str]:
    """What each scope is for."""
    return {
        Scope.READ: _("Read: calls, free times, your own data"),
        Scope.BOOK: _("Book: also book, move and cancel calls"),
        Scope.ADMIN: _("Administer: everything that you may, the audit log too"),
    }


def refusal_words(reason: str) -> tuple[str, str]:
    """The field that a refusal is about, and what to do."""
    match reason:
        case "scopes":
            return "scopes", _("Choose at least one")
        case "days":
            return "days", _("Enter a number of days from 1 to %(most)s", most=MOST_DAYS)
    return "name", _("You have %(number)s tokens already. End one of them first.", number=MOST_TOKENS)
