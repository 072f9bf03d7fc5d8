"""Who may do what: the one table of rights, by role, and of what an API token's scopes allow of them.

A right opens a kind of page or call. Whether the thing asked for belongs to whoever asks is looked at
where it is read, and what is somebody else's is answered like what does not exist.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from app.accounts.values import ADMINISTRATOR, CONTACT, ROLES, SENIOR, SPECIALIST


class Right(StrEnum):
    """What a route asks for."""

    OWN_ACCOUNT = "own_account"
    SEE_CALLS = "see_calls"
    CHANGE_CALLS = "change_calls"
    BOOK = "book"
    SEE_TIMES = "see_times"
    OWN_DATA = "own_data"
    KEEP_FEEDS = "keep_feeds"
    SEE_DESK = "see_desk"
    WRITE_DESK = "write_desk"
    ASK_DESK = "ask_desk"
    RUN_DESK = "run_desk"
    ANSWER_ESCALATIONS = "answer_escalations"
    SETTLE_CALLS = "settle_calls"
    OWN_SCHEDULE = "own_schedule"
    OWN_CALENDAR = "own_calendar"
    TAKE_OVER = "take_over"
    SEE_OVERVIEW = "see_overview"
    KEEP_COMPANIES = "keep_companies"
    KEEP_PEOPLE = "keep_people"
    KEEP_CALL_TYPES = "keep_call_types"
    KEEP_SETTINGS = "keep_settings"
    KEEP_TOKENS = "keep_tokens"
    HANDLE_PERSONAL_DATA = "handle_personal_data"
    READ_AUDIT = "read_audit"


_EVERYBODY = frozenset(ROLES)
_CUSTOMERS = frozenset({CONTACT})
_ENGINEERS = frozenset({SPECIALIST, SENIOR})
_ADMINISTRATORS = frozenset({ADMINISTRATOR})

RIGHTS: Mapping[Right, frozenset[str]] = {
    Right.OWN_ACCOUNT: _EVERYBODY,
    Right.SEE_CALLS: _EVERYBODY,
    Right.CHANGE_CALLS: _EVERYBODY,
    Right.BOOK: _CUSTOMERS,
    Right.SEE_TIMES: _CUSTOMERS,
    Right.OWN_DATA: _CUSTOMERS,
    Right.KEEP_FEEDS: _CUSTOMERS | _ENGINEERS,
    Right.SEE_DESK: _EVERYBODY,
    Right.WRITE_DESK: _CUSTOMERS | _ENGINEERS,
    Right.ASK_DESK: _CUSTOMERS,
    Right.RUN_DESK: _ENGINEERS | _ADMINISTRATORS,
    Right.ANSWER_ESCALATIONS: frozenset({SENIOR}),
    Right.SETTLE_CALLS: _ENGINEERS | _ADMINISTRATORS,
    Right.OWN_SCHEDULE: _ENGINEERS,
    Right.OWN_CALENDAR: _ENGINEERS,
    Right.TAKE_OVER: _ENGINEERS | _ADMINISTRATORS,
    Right.SEE_OVERVIEW: _ADMINISTRATORS,
    Right.KEEP_COMPANIES: _ADMINISTRATORS,
    Right.KEEP_PEOPLE: _ADMINISTRATORS,
    Right.KEEP_CALL_TYPES: _ADMINISTRATORS,
    Right.KEEP_SETTINGS: _ADMINISTRATORS,
    Right.KEEP_TOKENS: _ADMINISTRATORS,
    Right.HANDLE_PERSONAL_DATA: _ADMINISTRATORS,
    Right.READ_AUDIT: _ADMINISTRATORS,
}


class Scope(StrEnum):
    """What an API token may be used for, at most: its owner's rights still decide."""

    READ = "read"
    BOOK = "book"
    ADMIN = "admin"


_READING = frozenset({Right.SEE_CALLS, Right.SEE_DESK, Right.SEE_TIMES, Right.OWN_DATA, Right.OWN_ACCOUNT})
_BOOKING = frozenset({Right.BOOK, Right.CHANGE_CALLS, Right.SETTLE_CALLS, Right.WRITE_DESK})

SCOPES: Mapping[Scope, frozenset[Right]] = {
    Scope.READ: _READING,
    Scope.BOOK: _READING | _BOOKING,
    Scope.ADMIN: frozenset(Right),
}

# What a scope is asked for: it is offered to those whose role has one of these rights.
_ADDS: Mapping[Scope, frozenset[Right]] = {
    Scope.READ: _READING,
    Scope.BOOK: _BOOKING,
    Scope.ADMIN: frozenset(right for right, roles in RIGHTS.items() if roles == _ADMINISTRATORS),
}


def may(role: str, right: Right) -> bool:
    """Whether somebody of this role has the right; unknown roles have none."""
    return role in RIGHTS[right]


def covers(scopes: Iterable[Scope], right: Right) -> bool:
    """Whether one of a token's scopes reaches so far."""
    return any(right in SCOPES[scope] for scope in scopes)


def needed_scope(right: Right) -> Scope:
    """The least scope that reaches so far."""
    return next(scope for scope in Scope if right in SCOPES[scope])


def offered_scopes(role: str) -> tuple[Scope, ...]:
    """The scopes of which somebody of this role has a use."""
    return tuple(scope for scope in Scope if any(may(role, right) for right in _ADDS[scope]))
