"""Import and export in an administrator's words."""

from dataclasses import dataclass

from flask_babel import gettext as _

from app.admin.record_words_page import fault_words
from app.customers.files.csv_text import LineFault
from app.customers.files.plan import COMPANY_COLUMNS, CONTACT_COLUMNS, Change, Plan
from app.customers.typed.faults import Fault

_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file, and what goes into it."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file that is written and read."""

    name: str
    title: str
    columns: tuple[Column, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class FilesPage:
    """What can be written and read; ``done`` says what was taken in just now."""

    kinds: tuple[FileKind, ...]
    done: str = ""
    has_errors: bool = False


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """What a line would do."""

    line: int
    name: str
    is_new: bool
    text: str


@dataclass(frozen=True, slots=True)
class FaultRow:
    """What is wrong with a line."""

    line: int
    column: str
    text: str
    value: str


@dataclass(frozen=True, slots=True)
class PlanPage:
    """What a file would do; ``digest`` names exactly that."""

    file_id: str
    title: str
    summary: str
    digest: str
    changes: tuple[ChangeRow, ...]
    more_changes: int
    faults: tuple[FaultRow, ...]
    more_faults: int
    can_take: bool
    problem: str = ""


def files_page(*, missing: str = "", done: str = "") -> FilesPage:
    """The page; of the kind ``missing`` no file was chosen."""
    columns = {"companies": COMPANY_COLUMNS, "contacts": CONTACT_COLUMNS}
    words = _columns()
    kinds = tuple(
        FileKind(
            name,
            kind_name(name),
            tuple(Column(column, words[column]) for column in names),
            _("Choose a file") if name == missing else "",
        )
        for name, names in columns.items()
    )
    return FilesPage(kinds, done, bool(missing))


def kind_name(kind: str) -> str:
    """What a kind of file is called."""
    return _("Companies") if kind == "companies" else _("Contacts")


def plan_page(file_id: str, kind: str, plan: Plan, problem: str = "") -> PlanPage:
    """What a file would do, or what is wrong with it."""
    changes = tuple(_change(change) for change in plan.changes[:_SHOWN]) if not plan.faults else ()
    faults = sorted(plan.faults, key=lambda fault: (fault.line, fault.column))
    return PlanPage(
        file_id=file_id,
        title=_("Import: %(kind)s", kind=kind_name(kind)),
        summary=summary(plan),
        digest=plan.digest(),
        changes=changes,
        more_changes=max(0, len(plan.changes) - _SHOWN) if not plan.faults else 0,
        faults=tuple(_fault(fault) for fault in faults[:_SHOWN]),
        more_faults=max(0, len(faults) - _SHOWN),
        can_take=bool(plan.changes) and not plan.faults,
        problem=problem,
    )


def summary(plan: Plan) -> str:
    """ "12 added, 3 changed, 40 unchanged"."""
    added = sum(change.is_new for change in plan.changes)
    told = (
        _("added: %(count)s", count=added),
        _("changed: %(count)s", count=len(plan.changes) - added),
        _("unchanged: %(count)s", count=plan.unchanged),
    )
    return ", ".join(told)


def _change(change: Change) -> ChangeRow:
    told = []
    for name, (before, after) in change.changes.items():
        if change.is_new and after in (None, ""):
            continue
        told.append(f"{name}: {after}" if change.is_new else f"{name}: {_side(before)} → {_side(after)}")
    return ChangeRow(change.line, change.name, change.is_new, "; ".join(told))


def _side(value: object) -> str:
    return "–" if value in (None, "") else str(value)


def _fault(fault: LineFault) -> FaultRow:
    return FaultRow(fault.line, fault.column, _fault_text(fault), fault.value)


def _fault_text(fault: LineFault) -> str:
    limit = fault.limit
    match fault.reason:
        case "cells":
            return _("The line has another number of cells than the first one (%(count)s)", count=limit)
        case "lines":
            return _("A file has at most %(count)s lines", count=limit)
        case "twice":
            return _("Line %(line)s has the same value", line=limit)
        case "missing_column":
            return _("This column is missing")
        case "unknown_column":
            return _("There is no such column")
    words = _fixed()
    if fault.reason in words:
        return words[fault.reason]
    return fault_words(Fault(fault.column, fault.reason, fault.value, limit))


def _fixed() -> dict[str, str]:
    return {
        "encoding": _("The file is not UTF-8 here; save it as “CSV UTF-8”"),
        "no_header": _("The first line has to name the columns"),
        "column_twice": _("This column is there twice"),
        "quotes": _("A quotation mark is not closed, or stands where none can be"),
        "taken": _("This belongs to somebody else already"),
        "no_company": _("There is no company with this name; add it first"),
        "no_such_id": _("Nothing has this id; leave it empty for something new"),
        "moved": _("A contact stays with their company"),
        "plan": _("Only the plan all_inclusive can have the option"),
        "overlap": _("The option is paid for on some of these days already"),
        "begun": _("Days that lie behind us stay as they are"),
        "runs": _("The option is paid for beyond today; end it first"),
    }


def _columns() -> dict[str, str]:
    must, name, email = _("has to be there"), _("up to 200 characters"), _("tells contacts apart")
    return {
        "id": _("ours, as it is exported; empty for something new"),
        "name": f"{name}; {must}",
        "plan": "standard, all_inclusive",
        "note": _("up to 2,000 characters"),
        "option_from": _("first day of the option, like 2026-11-24; a day that is known changes that span"),
        "option_until": _("last day of the option; empty for no end"),
        "option_price": _("EUR a month, like 1000 or 1000.50"),
        "company": _("name of a company that is there; a contact stays with their company"),
        "email": f"{email}; {must}",
        "phone": _("with country code; empty takes it away"),
        "time_zone": _("like Europe/Berlin; empty for the service's"),
        "language": "en, ru",
        "active": "yes, no",
    }
