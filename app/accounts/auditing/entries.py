"""The audit log as values: what is asked of it, what it says, and a line of its export."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from app.lib.text import scrubbed
from app.lib.wording import rfc3339
from app.lib.zones import to_utc


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What is asked for; empty texts and None ask for everything. ``person`` is an address or a name.

    ``first_day`` and ``last_day`` are days of ``zone``, both inside.
    """

    person: str = ""
    verb: str = ""
    object_type: str = ""
    object_id: str = ""
    client_address: str = ""
    first_day: date | None = None
    last_day: date | None = None
    zone: str = "UTC"

    @property
    def since(self) -> datetime | None:
        """The first moment of the days."""
        return to_utc(self.first_day, time(0), self.zone) if self.first_day else None

    @property
    def until(self) -> datetime | None:
        """The moment at which the days are over."""
        return to_utc(self.last_day + timedelta(days=1), time(0), self.zone) if self.last_day else None

    def fields(self) -> dict[str, str]:
        """As the fields of an address, without those that are empty (see ``read_filter``)."""
        days = {"from": self.first_day, "until": self.last_day}
        texts = {
            "person": self.person,
            "verb": self.verb,
            "type": self.object_type,
            "object": self.object_id,
            "address": self.client_address,
        } | {name: day.isoformat() for name, day in days.items() if day}
        return {name: text for name, text in texts.items() if text}


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One fact; ``name`` is what the actor is called today, empty for actors who are no person."""

    id: int
    at: datetime
    actor: str
    name: str
    verb: str
    object_type: str
    object_id: str
    client_address: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Log:
    """A part of the log, and by what it can be searched."""

    rows: Sequence[AuditRow]
    verbs: Sequence[str]
    object_types: Sequence[str]


def read_filter(fields: Mapping[str, str], zone: str) -> AuditFilter:
    """What an address or a form asks for; nonsense is left out."""

    def text(name: str) -> str:
        return scrubbed(fields.get(name, ""), 254)

    return AuditFilter(
        person=text("person"),
        verb=text("verb"),
        object_type=text("type"),
        object_id=text("object"),
        client_address=text("address"),
        first_day=_day(text("from")),
        last_day=_day(text("until")),
        zone=zone,
    )


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    # Beyond, the day in UTC is none that a calendar has.
    return found if 1970 <= found.year <= 9000 else None


def as_item(row: AuditRow) -> dict[str, Any]:
    """A fact for programs."""
    return {
        "id": row.id,
        "at": row.at,
        "actor": row.actor,
        "verb": row.verb,
        "object_type": row.object_type,
        "object_id": row.object_id,
        "client_address": row.client_address,
        "detail": row.detail,
    }


def as_line(row: AuditRow) -> str:
    """A fact as one line of JSON; whatever it holds, there is no second line in it (RFC 8259, 7)."""
    item = as_item(row) | {"at": rfc3339(row.at)}
    return json.dumps(item, ensure_ascii=True, separators=(",", ":")) + "\n"
