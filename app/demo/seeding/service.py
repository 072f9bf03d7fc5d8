"""Fills a database with many companies and contacts, to see what its pages cost."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.values import CONTACT, SPECIALIST
from app.booking.call_types.queries import call_types
from app.booking.models import Booking
from app.booking.rules import stored_rules
from app.customers.models import Assignment, Company, Contact, Entitlement, Specialist
from app.demo.seeding.made_up import made_companies, made_contacts
from app.lib.errors import DomainError


class SeededAlready(DomainError):
    """What this seed makes is there."""

    code = "seeded_already"


_PEOPLE = 40
_CALLS_A_PERSON = 10
_AT_ONCE = 5_000


def seed(
    session: Session, now: datetime, *, companies: int, contacts: int, number: int, tag: str
) -> dict[str, int]:
    """Make so many companies and contacts with specialists and coming calls; how many there are of each.

    The same for the same ``number``; ``tag`` keeps ids and addresses of several runs apart. The calls are in
    no calendar, which ``verify`` says. Raises SeededAlready.
    """
    if session.scalars(select(User.id).where(User.public_id == f"{tag}-s0")).first() is not None:
        raise SeededAlready(f"seed {number} is here already, choose another --seed")
    today = now.date()
    people = _make_people(session, now, tag)
    ids = _make_companies(session, today, companies, number, people, tag)
    contact_ids = _make_contacts(session, now, contacts, number, ids, tag)
    calls = _make_calls(session, now, people, ids, contact_ids, tag)
    return {"companies": len(ids), "contacts": len(contact_ids), "specialists": len(people), "calls": calls}


def _make_people(session: Session, now: datetime, tag: str) -> list[int]:
    rows = [
        {
            "public_id": f"{tag}-s{n}",
            "email": f"{tag}-specialist{n}@seeded.example",
            "name": f"Seeded Specialist {n:02}",
            "role": SPECIALIST,
            "time_zone": "Europe/Bratislava",
            "created_at": now,
        }
        for n in range(_PEOPLE)
    ]
    ids = _inserted(session, User, rows)
    specialists = [{"user_id": user_id, "country": "SK"} for user_id in ids]
    session.execute(insert(Specialist), specialists)
    return ids


def _make_companies(
    session: Session, today: date, count: int, number: int, people: Sequence[int], tag: str
) -> list[int]:
    made = list(made_companies(number, count, today))
    rows = [
        {"public_id": f"{tag}-c{n}", "name": f"{it.name} {tag}", "plan": it.plan} for n, it in enumerate(made)
    ]
    ids = _inserted(session, Company, rows)
    spans = [
        {"company_id": company_id, "starts_on": it.starts_on, "ends_on": it.ends_on}
        for company_id, it in zip(ids, made, strict=True)
        if it.starts_on is not None
    ]
    _insert_all(session, Entitlement, spans)
    assigned = [
        {
            "company_id": span["company_id"],
            "specialist_id": people[n % len(people)],
            "starts_on": span["starts_on"],
        }
        for n, span in enumerate(spans)
        # A few have nobody.
        if n % 100
    ]
    _insert_all(session, Assignment, assigned)
    return ids


def _make_contacts(
    session: Session, now: datetime, count: int, number: int, companies: Sequence[int], tag: str
) -> list[int]:
    made = list(made_contacts(number, count, len(companies)))
    rows = [
        {
            "public_id": f"{tag}-u{n}",
            "email": f"{tag}-{it.email}",
            "name": it.name,
            "role": CONTACT,
            "language": it.language,
            "time_zone": it.time_zone,
            "created_at": now,
        }
        for n, it in enumerate(made)
    ]
    ids = _inserted(session, User, rows)
    contacts = [
        {"user_id": user_id, "company_id": companies[it.company], "phone": it.phone}
        for user_id, it in zip(ids, made, strict=True)
    ]
    _insert_all(session, Contact, contacts)
    return ids


def _make_calls(
    session: Session,
    now: datetime,
    people: Sequence[int],
    companies: Sequence[int],
    contacts: Sequence[int],
    tag: str,
) -> int:
    """Some coming calls of each specialist, an hour apart; no calendar has them."""
    offered = call_types(session)
    if not offered or not contacts:
        return 0
    call_type = offered[0]
    rules, rows = stored_rules(call_type), list[dict[str, Any]]()
    first = now.replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    for place, person_id in enumerate(people):
        for n in range(_CALLS_A_PERSON):
            number = len(rows)
            start = first + timedelta(days=n, hours=place % 6)
            rows.append(
                {
                    "public_id": f"{tag}-b{number}",
                    "reference": f"{tag}-{number}",
                    "company_id": companies[number % min(len(companies), len(contacts))],
                    "contact_id": contacts[number % min(len(companies), len(contacts))],
                    "specialist_id": person_id,
                    "call_type_id": call_type.id,
                    "status": "confirmed",
                    "starts_at": start,
                    "ends_at": start + call_type.rules.length,
                    "rules": rules,
                    "uid": f"{tag}-{number}@seeded.example",
                    "created_at": now,
                    "changed_at": now,
                    "confirmed_at": now,
                }
            )
    _insert_all(session, Booking, rows)
    return len(rows)


def _insert_all(session: Session, model: Any, rows: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(rows), _AT_ONCE):
        session.execute(insert(model), rows[start : start + _AT_ONCE])


def _inserted(session: Session, model: Any, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Insert rows with public ids; their ids, in order."""
    _insert_all(session, model, rows)
    found: dict[str, int] = {}
    names = [row["public_id"] for row in rows]
    for start in range(0, len(names), _AT_ONCE):
        some = names[start : start + _AT_ONCE]
        wanted = select(model.public_id, model.id).where(model.public_id.in_(some))
        found |= {row.public_id: row.id for row in session.execute(wanted)}
    return [found[name] for name in names]
