"""Does what the plan of a file says, in few statements, with one fact in the audit log for each line."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry, User
from app.accounts.people.errors import AddressTaken
from app.accounts.people.service import change_user, switch_user
from app.accounts.values import CONTACT, SignedIn
from app.config import Settings
from app.customers.companies.errors import NameTaken
from app.customers.files.plan import Change, Plan
from app.customers.files.queries import company_ids
from app.customers.models import Company, Contact, Entitlement
from app.lib.db import unique
from app.lib.tokens import new_public_id

_COMPANY = ("name", "plan", "note")


def take_companies(session: Session, now: datetime, actor: SignedIn, plan: Plan) -> None:
    """Add and change the companies and their spans; raises NameTaken for one that came between."""
    new = [change for change in plan.changes if change.id is None]
    rows = [{**_some(change, _COMPANY), "public_id": new_public_id()} for change in new]
    with unique("company", "name", NameTaken("of the file")):
        if rows:
            session.execute(insert(Company), rows)
        for change in plan.changes:
            if change.id is not None:
                values = _some(change, _COMPANY)
                session.execute(update(Company).where(Company.id == change.id).values(**values))
    made = company_ids(session, {change.name for change in new})
    ids = {change.line: change.id or made[change.name] for change in plan.changes}
    for change in plan.changes:
        if change.span and change.span_id is not None:
            session.execute(update(Entitlement).where(Entitlement.id == change.span_id).values(**change.span))
    spans = [
        {**change.span, "company_id": ids[change.line], "note": ""}
        for change in plan.changes
        if change.span and change.span_id is None
    ]
    if spans:
        session.execute(insert(Entitlement), spans)
    facts = [
        (change, "company_added" if change.is_new else "company_changed", "company", ids[change.line])
        for change in plan.changes
    ]
    _record(session, now, actor, facts)


def take_contacts(session: Session, now: datetime, settings: Settings, actor: SignedIn, plan: Plan) -> None:
    """Add and change the contacts; an address that is left is told, who is disabled goes out.

    Raises AddressTaken for one that came between.
    """
    new = [change for change in plan.changes if change.id is None]
    companies = company_ids(session, {change.values["company"] for change in new})
    # What exists first: an address that somebody leaves is free for somebody new.
    for change in plan.changes:
        if change.id is not None:
            _change(session, now, settings, actor, change)
    rows = [
        {
            **_some(change, ("name", "email", "language", "time_zone")),
            "public_id": new_public_id(),
            "role": CONTACT,
            "is_active": change.values["active"] == "yes",
            "created_at": now,
        }
        for change in new
    ]
    if not rows:
        return
    with unique("user", "email", AddressTaken("of the file")):
        session.execute(insert(User), rows)
    made = _made(session, [change.values["email"] for change in new])
    contacts = [
        {
            "user_id": made[change.values["email"]],
            "company_id": companies[change.values["company"]],
            "phone": change.values["phone"],
        }
        for change in new
    ]
    session.execute(insert(Contact), contacts)
    facts = [(change, "contact_added", "user", made[change.values["email"]]) for change in new]
    _record(session, now, actor, facts)


def _change(session: Session, now: datetime, settings: Settings, actor: SignedIn, change: Change) -> None:
    user = session.get_one(User, change.id)
    change_user(session, now, settings, actor, user, change.values)
    if "phone" in change.changes:
        session.get_one(Contact, change.id).phone = change.values["phone"]
    if "active" in change.changes:
        switch_user(session, now, actor, user, is_active=change.values["active"] == "yes")
    session.flush()
    _record(session, now, actor, [(change, "user_changed", "user", user.id)])


def _made(session: Session, emails: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(emails), 5_000):
        some = emails[start : start + 5_000]
        rows = session.execute(select(User.email, User.id).where(User.email.in_(some)))
        found |= {row.email: row.id for row in rows}
    return found


def _some(change: Change, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: change.values[name] for name in names}


def _record(
    session: Session, now: datetime, actor: SignedIn, facts: list[tuple[Change, str, str, int]]
) -> None:
    """The audit log has each column as ``[before, after]``, as for a change on a page."""
    rows = [
        {
            "at": now,
            "actor_id": actor.id,
            "actor": actor.email,
            "verb": verb,
            "object_type": object_type,
            "object_id": str(number),
            "client_address": actor.client_address,
            "detail": {"changes": dict(change.changes), "line": change.line},
        }
        for change, verb, object_type, number in facts
    ]
    if rows:
        session.execute(insert(AuditEntry), rows)
