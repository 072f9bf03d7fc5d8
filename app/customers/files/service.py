"""Export of companies and contacts, and taking a file in: looked at first, then all of it or nothing."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.people.errors import AddressTaken
from app.accounts.retention.service import Rule
from app.accounts.service import record
from app.accounts.values import SignedIn
from app.config import Settings
from app.customers.companies.errors import NameTaken
from app.customers.files import queries
from app.customers.files.csv_text import CsvFile, from_csv, to_csv
from app.customers.files.errors import FileFaulty, FileOvertaken
from app.customers.files.plan import (
    COMPANY_COLUMNS,
    CONTACT_COLUMNS,
    REQUIRED,
    KnownSpan,
    Plan,
    as_kept,
    plan_companies,
    plan_contacts,
)
from app.customers.files.service_taking import take_companies, take_contacts
from app.customers.models_files import ImportFile

COLUMNS = {"companies": COMPANY_COLUMNS, "contacts": CONTACT_COLUMNS}
_KEPT_FOR = timedelta(days=1)


def export(session: Session, now: datetime, today: date, actor: SignedIn, kind: str) -> bytes:
    """All ``companies`` or ``contacts`` as a file that can be taken in again; that it was made is kept.

    Of a company's spans of the option the one of ``today`` (service zone), else the next, else the last.
    """
    record(session, now, actor, "exported", kind, "all")
    if kind == "contacts":
        rows = [
            (item.public_id, *(item.values[name] for name in CONTACT_COLUMNS[1:]))
            for item in queries.all_contacts(session)
        ]
        return to_csv(CONTACT_COLUMNS, rows)
    spans = queries.spans_of(session)
    companies = [
        (row.public_id, row.name, row.plan, row.note, *_option(spans.get(row.id, []), today))
        for row in queries.all_companies(session)
    ]
    return to_csv(COMPANY_COLUMNS, companies)


def keep_file(session: Session, now: datetime, actor: SignedIn, kind: str, content: bytes) -> str:
    """Keep a file to be looked at; its public id. One that nobody took in within a day goes."""
    row = ImportFile(kind=kind, content=content, sent_at=now, sent_by_id=actor.id)
    session.add(row)
    session.flush()
    return row.public_id


def retention_rules(_settings: Settings, now: datetime) -> tuple[Rule, ...]:
    """How long files are kept."""
    return (Rule(ImportFile.id, ImportFile.sent_at <= now - _KEPT_FOR),)


def look(
    session: Session, today: date, settings: Settings, actor: SignedIn, file_id: str
) -> tuple[str, Plan]:
    """What a kept file of one's own is of, and what it would do now. Raises NotFound."""
    row = _file(session, actor, file_id)
    return row.kind, _plan(session, today, settings, row)


def take(
    session: Session,
    now: datetime,
    today: date,
    settings: Settings,
    actor: SignedIn,
    file_id: str,
    digest: str,
) -> Plan:
    """Do all that a kept file would do, which is what was looked at when ``digest`` was its plan's.

    Raises NotFound, FileFaulty and FileOvertaken; nothing is done then.
    """
    row = _file(session, actor, file_id, locked=True)
    plan = _plan(session, today, settings, row, locked=True)
    if plan.faults:
        raise FileFaulty(f"{len(plan.faults)} faults")
    if plan.digest() != digest:
        raise FileOvertaken(file_id)
    try:
        if row.kind == "companies":
            take_companies(session, now, actor, plan)
        else:
            take_contacts(session, now, settings, actor, plan)
    except (NameTaken, AddressTaken) as error:
        raise FileOvertaken(file_id) from error
    added = sum(change.is_new for change in plan.changes)
    counts: dict[str, Any] = {
        "added": added,
        "changed": len(plan.changes) - added,
        "unchanged": plan.unchanged,
    }
    record(session, now, actor, "imported", row.kind, "all", **counts)
    session.delete(row)
    session.flush()
    return plan


def _file(session: Session, actor: SignedIn, file_id: str, *, locked: bool = False) -> ImportFile:
    own = (ImportFile.public_id == file_id, ImportFile.sent_by_id == actor.id)
    wanted = select(ImportFile).where(*own)
    row = session.scalars(wanted.with_for_update() if locked else wanted).first()
    if row is None:
        raise NotFound(f"no file {file_id!r} of {actor.id}")
    return row


def _plan(
    session: Session, today: date, settings: Settings, row: ImportFile, *, locked: bool = False
) -> Plan:
    read = from_csv(row.content, COLUMNS[row.kind], REQUIRED[row.kind])
    if read.faults:
        return Plan(faults=list(read.faults))
    ids = _cells(read, "id")
    if row.kind == "companies":
        found = queries.companies(session, _cells(read, "name"), ids, locked=locked)
        return plan_companies(read.lines, found, today)
    known = queries.users(session, _cells(read, "email"), ids)
    names = _cells(read, "company") | {str(item.values["company"]) for item in known}
    there = queries.company_ids(session, names)
    return plan_contacts(read.lines, known, there, settings.service_time_zone)


def _cells(read: CsvFile, column: str) -> set[str]:
    """What a column names, as it is kept."""
    return {text for line in read.lines if (text := as_kept(column, line.cells.get(column, "")))}


def _option(spans: list[KnownSpan], today: date) -> tuple[str, str, str]:
    if not spans:
        return "", "", ""
    standing = [span for span in spans if span.days.holds(today)]
    ahead = [span for span in spans if span.days.first > today]
    span = (standing or ahead or spans[-1:])[0]
    last = span.days.last.isoformat() if span.days.last else ""
    return span.days.first.isoformat(), last, f"{span.price_cents // 100}.{span.price_cents % 100:02d}"
