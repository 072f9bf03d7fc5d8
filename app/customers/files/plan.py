"""What a file of companies or contacts would change, compared with what is known; nothing is done yet."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from unicodedata import normalize

from app.accounts.auditing.changes import differences
from app.customers.companies.errors import OptionRuns, PlanWithoutOption, SpanBegun, SpansOverlap
from app.customers.companies.spans import check_apart, check_change, check_leaving, check_plan
from app.customers.entitlement import DaySpan
from app.customers.files.csv_text import Line, LineFault
from app.customers.typed.edited import read_company, read_contact, read_span
from app.customers.typed.faults import Edited
from app.customers.typed.reading import plain_address

COMPANY_COLUMNS = ("id", "name", "plan", "note", "option_from", "option_until", "option_price")
CONTACT_COLUMNS = ("id", "company", "email", "name", "phone", "time_zone", "language", "active")
REQUIRED = {"companies": ("name",), "contacts": ("email",)}
_SPAN_NAMES = {"starts_on": "option_from", "ends_on": "option_until", "price_cents": "option_price"}
_YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class KnownSpan:
    """A span of a company that exists."""

    id: int
    days: DaySpan
    price_cents: int


@dataclass(frozen=True, slots=True)
class Known:
    """A company or contact that exists, with its values by column of the file."""

    id: int
    public_id: str
    values: Mapping[str, Any]
    spans: tuple[KnownSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What a line would do: add (``id`` is None) or change what has this id.

    ``changes`` by column as ``[before, after]``; ``span`` are the columns of a span of the option, to be
    added, or changed where ``span_id`` is not None. Without either nothing is changed.
    """

    line: int
    name: str
    id: int | None
    changes: Mapping[str, Any]
    values: Mapping[str, Any]
    span: Mapping[str, Any] | None = None
    span_id: int | None = None

    @property
    def is_new(self) -> bool:
        """Whether it adds."""
        return self.id is None


@dataclass(slots=True)
class Plan:
    """All that a file would do; with faults it is not done."""

    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0
    faults: list[LineFault] = field(default_factory=list)

    def digest(self) -> str:
        """The same for the same outcome: what would be added and changed, from what to what."""
        told = [[it.line, it.id, it.changes, it.span_id] for it in self.changes]
        text = json.dumps([told, self.unchanged], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


def plan_companies(lines: Sequence[Line], known: Iterable[Known], today: date) -> Plan:
    """What a file of companies would do; ``today`` is the day of the service zone."""
    plan, index = Plan(), Index(known, "name")
    names, ids = dict[str, int](), dict[str, int]()
    for line in lines:
        target = index.find(plan, line)
        before = target.values if target else {}
        typed = _filled(line, before, {"plan": "standard"})
        edited = read_company(typed)
        name = edited.values.get("name", "")
        span, span_id, faults = _span(line, target, edited, today)
        plan.faults += [*_of(line, edited), *faults]
        _once(plan, line, "name", name, names)
        _once(plan, line, "id", target.public_id if target else "", ids)
        if target is not None and name != before["name"] and index.has(name):
            plan.faults.append(LineFault(line.number, "name", "taken", name))
        _keep(plan, line, target, name, edited.values, span, span_id)
    return plan


def plan_contacts(
    lines: Sequence[Line], known: Iterable[Known], companies: Iterable[str], service_zone: str
) -> Plan:
    """What a file of contacts would do, of the companies with these names.

    ``known`` are all users by address; those who are no contacts have no company.
    """
    plan, index, there = Plan(), Index(known, "email"), set(companies)
    addresses, ids = dict[str, int](), dict[str, int]()
    for line in lines:
        target = index.find(plan, line)
        before = target.values if target else {}
        defaults = {"company": "", "time_zone": service_zone, "language": "en", "active": "yes"}
        typed = _filled(line, before, defaults)
        edited = read_contact(typed)
        values = {**edited.values, "company": as_kept("company", typed.get("company", ""))}
        plan.faults += [*_of(line, edited), *_of_company(line, target, values["company"], there)]
        if (active := _YES_NO.get(typed["active"].strip().lower())) is None:
            plan.faults.append(LineFault(line.number, "active", "choice", typed["active"][:100]))
        else:
            values["active"] = "yes" if active else "no"
        email = edited.values.get("email", "")
        _once(plan, line, "email", email, addresses)
        _once(plan, line, "id", target.public_id if target else "", ids)
        if target is not None and email != before["email"] and index.has(email):
            plan.faults.append(LineFault(line.number, "email", "taken", email))
        _keep(plan, line, target, email, values, None, None)
    return plan


def as_kept(column: str, text: str) -> str:
    """A cell as it is compared with what is known: names composed (NFC), addresses as they are kept."""
    return plain_address(text) if column == "email" else normalize("NFC", text.strip())


class Index:
    """What is known, by its id in the file and by the column that tells it apart."""

    def __init__(self, known: Iterable[Known], key: str) -> None:
        self._key = key
        self._by_key: dict[str, Known] = {}
        self._by_id: dict[str, Known] = {}
        for item in known:
            self._by_key[item.values[key]] = item
            self._by_id[item.public_id] = item

    def has(self, value: str) -> bool:
        """Whether somebody is called so."""
        return value in self._by_key

    def find(self, plan: Plan, line: Line) -> Known | None:
        """Whom a line is about, None for somebody new; an id that nobody has is a fault."""
        public_id = line.cells.get("id", "").strip()
        if public_id:
            if public_id not in self._by_id:
                plan.faults.append(LineFault(line.number, "id", "no_such_id", public_id[:100]))
            return self._by_id.get(public_id)
        return self._by_key.get(as_kept(self._key, line.cells.get(self._key, "")))


def _filled(line: Line, before: Mapping[str, Any], defaults: Mapping[str, str]) -> dict[str, str]:
    """The cells; what the file does not have stays as it is, and so do empty cells with a default."""
    told = {name: str(value) for name, value in {**defaults, **before}.items()}
    cells = {name: cell for name, cell in line.cells.items() if cell.strip() or name not in defaults}
    return {**told, **cells}


def _of(line: Line, edited: Edited) -> list[LineFault]:
    return [LineFault(line.number, it.field, it.reason, it.value, it.limit) for it in edited.faults]


def _of_company(line: Line, target: Known | None, name: str, there: set[str]) -> list[LineFault]:
    if target is not None and not target.values["company"]:
        return [LineFault(line.number, "email", "taken", target.values["email"])]
    if target is not None and name != target.values["company"]:
        return [LineFault(line.number, "company", "moved", name[:100])]
    if name not in there:
        return [LineFault(line.number, "company", "no_company" if name else "empty", name[:100])]
    return []


def _once(plan: Plan, line: Line, column: str, value: str, seen: dict[str, int]) -> None:
    """A value, or what has this id, whatever the line calls it by, is in one line alone."""
    if value and (first := seen.setdefault(value, line.number)) != line.number:
        plan.faults.append(LineFault(line.number, column, "twice", value, first))


def _keep(
    plan: Plan,
    line: Line,
    target: Known | None,
    name: str,
    values: Mapping[str, Any],
    span: Mapping[str, Any] | None,
    span_id: int | None,
) -> None:
    changes = differences(target.values if target else {}, values)
    if span:
        changes |= {_SPAN_NAMES[key]: _in_file(key, pair) for key, pair in span["changes"].items()}
    if target is not None and not changes:
        plan.unchanged += 1
        return
    number = target.id if target else None
    plan.changes.append(
        Change(line.number, name, number, changes, values, span["values"] if span else None, span_id)
    )


def _in_file(key: str, pair: Sequence[Any]) -> list[Any]:
    """What changes of a span, as the file writes it: prices in whole money, not in cents."""
    if key != "price_cents":
        return list(pair)
    return [None if cents is None else f"{cents / 100:.2f}" for cents in pair]


def _span(
    line: Line, target: Known | None, edited: Edited, today: date
) -> tuple[Mapping[str, Any] | None, int | None, list[LineFault]]:
    """The span that a line is about: the one that begins on its day, else a new one."""
    plan_name, spans = edited.values.get("plan", ""), target.spans if target else ()
    if target is not None and plan_name and plan_name != target.values["plan"]:
        try:
            check_leaving(plan_name, (span.days for span in spans), today)
        except OptionRuns:
            return None, None, [LineFault(line.number, "plan", "runs", plan_name)]
    if not line.cells.get("option_from", "").strip():
        return None, None, _alone(line)
    return _read_span(line, spans, plan_name, today)


def _alone(line: Line) -> list[LineFault]:
    """A price or an end without a start says nothing."""
    names = ("option_until", "option_price")
    has_more = any(line.cells.get(name, "").strip() for name in names)
    return [LineFault(line.number, "option_from", "empty")] if has_more else []


def _read_span(
    line: Line, spans: Sequence[KnownSpan], plan_name: str, today: date
) -> tuple[Mapping[str, Any] | None, int | None, list[LineFault]]:
    cells = {key: line.cells.get(column, "") for key, column in _SPAN_NAMES.items()}
    known = next((it for it in spans if it.days.first.isoformat() == cells["starts_on"].strip()), None)
    if known and known.days.last and "option_until" not in line.cells:
        cells["ends_on"] = known.days.last.isoformat()
    default = f"{known.price_cents / 100:.2f}" if known else "1000"
    read = read_span({**cells, "price": cells["price_cents"] or default})
    if read.faults:
        named = [(_SPAN_NAMES.get(it.field, it.field), it) for it in read.faults]
        return None, None, [LineFault(line.number, name, it.reason, it.value) for name, it in named]
    values = {key: read.values[key] for key in _SPAN_NAMES}
    before: dict[str, Any] = {}
    if known is not None:
        before = {"starts_on": known.days.first, "ends_on": known.days.last, "price_cents": known.price_cents}
    changes = differences(before, values)
    if not changes:
        return None, None, []
    wanted = DaySpan(values["starts_on"], values["ends_on"])
    reason = _refusal(wanted, known, spans, plan_name, today)
    if reason:
        return None, None, [LineFault(line.number, "option_from", reason, cells["starts_on"])]
    return {"values": values, "changes": changes}, known.id if known else None, []


def _refusal(
    wanted: DaySpan, known: KnownSpan | None, spans: Sequence[KnownSpan], plan_name: str, today: date
) -> str:
    try:
        check_plan(plan_name)
        check_apart(wanted, (it.days for it in spans if it is not known))
        if known is not None and wanted != known.days:
            check_change(known.days, wanted, today)
    except PlanWithoutOption:
        return "plan"
    except SpansOverlap:
        return "overlap"
    except SpanBegun:
        return "begun"
    return ""
