"""Lists of requests, page by page: the queue of our people, and what a customer's company has asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, exists, func, literal, select, tuple_
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.customers.models import Company
from app.customers.people.queries import latest_assignments
from app.customers.queries_roster import all_serving
from app.customers.roster import Served
from app.desk.models import Conversation
from app.desk.requests.models import PolicyVersion, Request, RequestClock
from app.desk.requests.queries import REQUESTS, values_of
from app.desk.requests.values import ClockName, Listed, Only
from app.desk.sla import Policy, from_stored
from app.lib.paging import PAGE_SIZE, Place, Slice, cut, key_of, parts_of

_HOUR = timedelta(hours=1)
# Before and after every clock that runs.
_FIRST, _NEVER = datetime(1900, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


_LISTED: Select[*tuple[Any, ...]] = REQUESTS.add_columns(PolicyVersion.content).join(
    PolicyVersion, PolicyVersion.id == Request.policy_id
)


def queue(
    session: Session,
    now: datetime,
    seen: ColumnElement[bool],
    only: Only,
    place: Place,
    size: int = PAGE_SIZE,
) -> Slice[Listed]:
    """A page of the requests among those ``seen``: whose clock runs out first, then those without one.

    Three queries. Solved ones come the newest first.
    """
    wanted = (seen, _conditions(now)[only])
    if only is Only.SOLVED:
        return _page(session, wanted, _NEWEST, place, size)
    return _page(session, wanted, _FIRST_TO_RUN_OUT, place, size)


def newest(session: Session, seen: ColumnElement[bool], place: Place, size: int = PAGE_SIZE) -> Slice[Listed]:
    """A page of the requests among those ``seen``: the open ones, then the solved, the newest first."""
    return _page(session, (seen,), _NEWEST, place, size)


def counts(session: Session, now: datetime, seen: ColumnElement[bool]) -> Mapping[Only, int]:
    """How many open requests among those ``seen`` each filter shows; solved ones are not counted."""
    row = session.execute(counting(now).where(seen)).one()
    return {name: getattr(row, name.name) or 0 for name in Only if name is not Only.SOLVED}


def counting(now: datetime) -> Select[*tuple[Any, ...]]:
    """One row, with a column for each filter by its name: how many open requests it shows, None for none."""
    rules = {name: rule for name, rule in _conditions(now).items() if name is not Only.SOLVED}
    return (
        select(*(func.sum(case((rule, 1), else_=0)).label(name.name) for name, rule in rules.items()))
        .select_from(Request)
        .join(Conversation, Conversation.id == Request.conversation_id)
        .where(Request.solved_at.is_(None))
    )


def owners(session: Session, today: date, company_ids: set[int]) -> Mapping[int, Served]:
    """Who serves each of these companies on a day, by the companies' ids; two queries."""
    assigned = latest_assignments(today).subquery()
    rows = session.execute(
        select(assigned.c.company_id, assigned.c.specialist_id).where(assigned.c.company_id.in_(company_ids))
    ).all()
    served = all_serving(session, today)
    return {row.company_id: served[row.specialist_id] for row in rows if row.specialist_id in served}


def _conditions(now: datetime) -> Mapping[Only, ColumnElement[bool]]:
    is_open, runs_out = Request.solved_at.is_(None), Request.runs_out_at
    is_unanswered = exists().where(
        RequestClock.request_id == Request.id,
        RequestClock.name == ClockName.FIRST_RESPONSE,
        RequestClock.met_at.is_(None),
    )
    return {
        Only.OPEN: is_open,
        Only.OVERDUE: is_open & (runs_out <= now),
        Only.SOON: is_open & (runs_out > now) & (runs_out <= now + _HOUR),
        Only.WAITING: is_open & Request.waiting_since.is_not(None),
        Only.NEW: is_open & Request.waiting_since.is_(None) & is_unanswered,
        Only.SOLVED: Request.solved_at.is_not(None),
    }


@dataclass(frozen=True, slots=True)
class _Order:
    """By ``first`` and then by id, which falls when ``is_newest_first``.

    ``read`` makes a value of ``first`` of a key's text.
    """

    first: ColumnElement[Any]
    read: Callable[[str], Any]
    is_newest_first: bool

    @property
    def number(self) -> ColumnElement[int]:
        return -Request.id if self.is_newest_first else Request.id + 0

    def after(self, place: str) -> ColumnElement[Any]:
        number, text = parts_of(place)
        first = literal(self.read(text), self.first.type)
        return tuple_(first, literal(-number if self.is_newest_first else number))


def find_listed(session: Session, seen: ColumnElement[bool], public_id: str) -> Listed:
    """The request with its conversation's public id among those ``seen``; three queries.

    Raises NotFound when there is none.
    """
    wanted = _LISTED.where(Conversation.public_id == public_id, seen)
    found = _values(session, wanted) if public_id.isprintable() else []
    if not found:
        raise NotFound(f"no request {public_id!r}")
    return found[0][1]


def open_of_company(session: Session, company: str, seen: ColumnElement[bool]) -> list[tuple[Listed, bool]]:
    """The open requests of a company (by public id), and whether each is among those ``seen``; three queries.

    Whose clock runs out first comes first.
    """
    order = _FIRST_TO_RUN_OUT
    wanted = _LISTED.add_columns(seen.label("is_seen")).order_by(order.first, order.number)
    found = _values(session, wanted.where(Company.public_id == company, Request.solved_at.is_(None)))
    return [(listed, row.is_seen) for row, listed in found]


def _page(
    session: Session, conditions: tuple[ColumnElement[bool], ...], order: _Order, place: Place, size: int
) -> Slice[Listed]:
    first, number = order.first, order.number
    wanted = _LISTED.add_columns(first.label("first")).where(*conditions).limit(size + 1)
    if place.after:
        wanted = wanted.where(tuple_(first, number) > order.after(place.after))
    elif place.before:
        falling = tuple_(first, number) < order.after(place.before)
        wanted = wanted.where(falling).order_by(first.desc(), number.desc())
    found = _values(session, wanted.order_by(first, number))
    return cut([(_key(row), value) for row, value in found], place, size)


def _values(session: Session, wanted: Select[*tuple[Any, ...]]) -> list[tuple[Row[*tuple[Any, ...]], Listed]]:
    rows = session.execute(wanted).all()
    policies: dict[int, Policy] = {}
    for row in rows:
        if row.Request.policy_id not in policies:
            policies[row.Request.policy_id] = from_stored(row.content)
    values = values_of(session, rows)
    return [(row, Listed(value, policies[value.policy_id])) for row, value in zip(rows, values, strict=True)]


def _key(row: Row[*tuple[Any, ...]]) -> str:
    first = row.first.isoformat() if isinstance(row.first, datetime) else row.first
    return key_of(row.Request.id, first)


def _moment(text: str) -> datetime:
    """The moment of a key; the first of all for what is none."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else _FIRST
    except (ValueError, OverflowError):
        return _FIRST


def _flag(text: str) -> int:
    return 1 if text == "1" else 0


_FIRST_TO_RUN_OUT = _Order(
    func.coalesce(Request.runs_out_at, literal(_NEVER, Request.runs_out_at.type)), _moment, False
)
_NEWEST = _Order(case((Request.solved_at.is_(None), 0), else_=1), _flag, True)
