"""The audit log for people: who did what to which object, when, from where, and what it was before."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.accounts.auditing.entries import AuditFilter, AuditRow, Log
from app.accounts.values import SignedIn
from app.lib import wording
from app.lib.zones import local

_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Changed:
    """A value before and after; ``before`` is empty where there was none."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One fact; ``person`` is what the log can be searched by for this actor."""

    at: str
    actor: str
    person: str
    verb: str
    object_type: str
    object_id: str
    client_address: str
    changes: tuple[Changed, ...]
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AuditPage:
    """The log as it was asked for; ``fields`` are those of the address, ``older`` where it goes on."""

    rows: tuple[EntryRow, ...]
    fields: Mapping[str, str]
    verbs: tuple[str, ...]
    object_types: tuple[str, ...]
    older: int | None


def audit_page(
    log: Log, rows: Sequence[AuditRow], asked: AuditFilter, reader: SignedIn, older: int | None
) -> AuditPage:
    """The page of these rows of the log."""
    entries = tuple(_entry(row, reader) for row in rows)
    return AuditPage(entries, asked.fields(), tuple(log.verbs), tuple(log.object_types), older)


def _entry(row: AuditRow, reader: SignedIn) -> EntryRow:
    there = local(row.at, reader.time_zone)
    detail = dict(row.detail or {})
    changes = detail.pop("changes", {})
    if not _are_changes(changes):
        detail, changes = detail | {"changes": changes}, {}
    return EntryRow(
        at=f"{wording.day_short(there.date(), reader.language)} {there.year}, {there:%H:%M:%S}",
        actor=row.name or row.actor,
        person=row.actor,
        verb=row.verb,
        object_type=row.object_type,
        object_id=row.object_id,
        client_address=row.client_address,
        changes=tuple(Changed(name, *map(_text, pair)) for name, pair in changes.items()),
        facts=tuple((name, _text(value)) for name, value in detail.items()),
    )


def _are_changes(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(pair, list) and len(pair) == 2 for pair in value.values()
    )


def _text(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
